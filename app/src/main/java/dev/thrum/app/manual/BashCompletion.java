package dev.thrum.app.manual;

import dev.thrum.app.cli.CommandText;
import dev.thrum.app.cli.CommandText.Argument;
import dev.thrum.app.cli.CommandText.FlagText;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A completion script for bash: commands, flags and their values. Needs bash 3.2 or later, and no other package. */
final class BashCompletion {
    private BashCompletion() {}

    /** A branch of a case statement, if there are patterns: quoted words separated by bars. */
    private static String branch(Stream<String> patterns, String action) {
        String joined = patterns.distinct().map(pattern -> "'" + pattern + "'").collect(Collectors.joining(" | "));
        return joined.isEmpty() ? "" : "    " + joined + ") " + action + " ;;\n";
    }

    private static final String START = """
            # Completion of thrum in bash. Written by the build.
            _thrum_only() {
              # Where no file is meant, none is proposed; bash 3.2 can't be told.
              ! type compopt >/dev/null 2>&1 || compopt +o default
            }

            _thrum() {
              local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
              local command=thrum commands= flags= files= index
              COMPREPLY=()
              # In --flag=value, bash takes = for a word.
              if [[ $current == = ]]; then
                current=
              elif [[ $previous == = ]]; then
                previous=${COMP_WORDS[COMP_CWORD - 2]}
              fi
              for ((index = 1; index < COMP_CWORD; index++)); do
                case "$command ${COMP_WORDS[index]}" in
            """;

    private static final String VALUES = """
                esac
              done
              case "$command $previous" in
            """;

    private static final String WORDS = """
              esac
              case $command in
            """;

    private static final String END = """
              esac
              if [[ $current == -* ]]; then
                COMPREPLY=($(compgen -W "$flags" -- "$current"))
              elif [[ -n $commands ]]; then
                COMPREPLY=($(compgen -W "$commands" -- "$current"))
              fi
              [[ -n $files ]] || _thrum_only
            }

            complete -o default -F _thrum thrum
            """;

    static String of(CommandText program) {
        List<CommandText> commands = program.all().toList();
        StringBuilder script = new StringBuilder(START);
        script.append("  ")
                .append(branch(
                        commands.stream().skip(1).map(CommandText::name), "command=\"$command ${COMP_WORDS[index]}\""));
        script.append(VALUES);
        for (CommandText command : commands) {
            command.allFlags()
                    .filter(flag -> !flag.choices().isEmpty())
                    .forEach(flag -> script.append(branch(
                            flag.names().stream().map(name -> command.name() + " " + name),
                            proposed(String.join(" ", flag.choices())) + "; _thrum_only; return")));
        }
        script.append(branch(flags(commands, FlagText::isFile), "return"));
        script.append(branch(
                flags(commands, flag -> flag.hasValue() && flag.choices().isEmpty() && !flag.isFile()),
                "_thrum_only; return"));
        script.append(WORDS);
        commands.forEach(command -> script.append(words(command, program)));
        return script.append(END).toString();
    }

    private static String words(CommandText command, CommandText program) {
        String next = command.next(program).stream().map(CommandText::lastName).collect(Collectors.joining(" "));
        String flags = command.allFlags()
                .flatMap(flag -> flag.names().stream())
                .filter(name -> name.startsWith("--"))
                .collect(Collectors.joining(" "));
        boolean files = command.arguments().stream().anyMatch(Argument::isFile);
        return branch(
                Stream.of(command.name()),
                "commands='" + next + "' flags='" + flags + "' files=" + (files ? "yes" : ""));
    }

    private static String proposed(String words) {
        return "COMPREPLY=($(compgen -W '" + words + "' -- \"$current\"))";
    }

    private static Stream<String> flags(List<CommandText> commands, Predicate<FlagText> wanted) {
        return commands.stream()
                .flatMap(command -> command.allFlags()
                        .filter(wanted)
                        .flatMap(flag -> flag.names().stream())
                        .map(name -> command.name() + " " + name));
    }
}
