package dev.thrum.app.manual;

import dev.thrum.app.cli.CommandText;
import dev.thrum.app.cli.CommandText.Argument;
import dev.thrum.app.cli.CommandText.FlagText;
import java.util.List;
import java.util.stream.Collectors;

/** A completion function for zsh: commands, flags and their values, with descriptions. */
final class ZshCompletion {
    private ZshCompletion() {}

    static String of(CommandText program) {
        List<CommandText> commands = program.all().toList();
        StringBuilder script = new StringBuilder("""
                #compdef thrum
                # Completion of thrum in zsh. Written by the build.
                _thrum() {
                  local -a commands flags
                  local command=thrum next
                  while ((CURRENT > 2)); do
                    next="$command ${words[2]}"
                    case $next in
                """);
        script.append("      ")
                .append(commands.stream()
                        .skip(1)
                        .map(command -> "'" + command.name() + "'")
                        .collect(Collectors.joining(" | ", "(", ")")))
                .append("""
                         command=$next ;;
                      (*) break ;;
                    esac
                    shift words
                    ((CURRENT--))
                  done
                  case $command in
                """);
        for (CommandText command : commands) {
            script.append("    ('" + command.name() + "')\n");
            script.append(command.next(program).stream()
                    .map(one -> "        "
                            + quoted(one.lastName() + ":" + one.description().getFirst()) + "\n")
                    .collect(Collectors.joining("", "      commands=(\n", "      )\n")));
            script.append("      flags=(\n");
            command.allFlags().forEach(flag -> script.append("        " + spec(flag) + "\n"));
            command.arguments().forEach(argument -> script.append("        " + spec(argument) + "\n"));
            script.append("      )\n      ;;\n");
        }
        return script.append("""
                  esac
                  if ((CURRENT == 2 && $#commands)) && [[ ${words[2]} != -* ]]; then
                    _describe command commands
                  else
                    _arguments -s : $flags
                  fi
                }

                _thrum "$@"
                """).toString();
    }

    private static String spec(FlagText flag) {
        String exclusive = flag.repeatable() ? "'*'" : "'(" + String.join(" ", flag.names()) + ")'";
        String names = flag.names().stream()
                .map(name -> flag.hasValue() ? name + "=" : name)
                .collect(Collectors.joining(","));
        return exclusive
                + (flag.names().size() > 1 ? "{" + names + "}" : names)
                + quoted("["
                        + flag.text().replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]") + "]"
                        + (flag.hasValue() ? value(flag.label(), flag.choices(), flag.isFile()) : ""));
    }

    private static String spec(Argument argument) {
        return quoted((argument.required() ? ":" : "::")
                + value(argument.label(), List.of(), argument.isFile()).substring(1));
    }

    private static String value(String label, List<String> choices, boolean file) {
        String action = " ";
        if (!choices.isEmpty()) {
            action = "(" + String.join(" ", choices) + ")";
        } else if (file) {
            action = label.equals("DIR") ? "_files -/" : "_files";
        }
        return ":" + label.replace(":", "\\:") + ":" + action;
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
