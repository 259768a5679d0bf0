package dev.thrum.app.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The contents of a command's help, for man pages and completions.
 *
 * @param name the full name, such as {@code thrum users add}
 * @param description the lines of the description
 * @param flags the flags by their headings; flags that all commands have come first, under an empty heading
 * @param notes the lines below the flags
 * @param examples command lines, each with an explanation after some blanks
 * @param commands its subcommands
 */
public record CommandText(
        String name,
        List<String> description,
        List<Argument> arguments,
        Map<String, List<FlagText>> flags,
        List<String> notes,
        List<String> examples,
        List<CommandText> commands) {
    private static final String EXAMPLES = "Examples:";

    /** An argument that is not a flag. */
    public record Argument(String label, String text, boolean required) {
        public boolean isFile() {
            return isLabelOfFile(label);
        }
    }

    /**
     * A flag.
     *
     * @param names the short name first, if there is one
     * @param label the placeholder of its value; empty if it has no value
     * @param choices the allowed values, if there is a fixed list of them
     */
    public record FlagText(List<String> names, String label, String text, List<String> choices, boolean repeatable) {
        public boolean hasValue() {
            return !label.isEmpty();
        }

        public boolean isFile() {
            return isLabelOfFile(label);
        }
    }

    /** Whether a value with this label is the name of a file or a folder. */
    private static boolean isLabelOfFile(String label) {
        return List.of("FILE", "DIR", "BACKUP").contains(label);
    }

    /** The text of a command and its subcommands, without hidden ones. */
    public static CommandText of(CommandLine line) {
        CommandSpec spec = line.getCommandSpec();
        List<String> notes = spec.userObject() instanceof FlaggedCommand command
                ? command.shortHelp().notes()
                : List.of();
        return new CommandText(
                spec.qualifiedName(),
                List.of(spec.usageMessage().description()),
                spec.positionalParameters().stream()
                        .map(argument -> new Argument(argument.paramLabel(), text(argument), argument.required()))
                        .toList(),
                flags(spec),
                notes,
                examples(spec.usageMessage().footer()),
                line.getSubcommands().values().stream()
                        .filter(command ->
                                !command.getCommandSpec().usageMessage().hidden())
                        .map(CommandText::of)
                        .toList());
    }

    /** This command and all its subcommands. */
    public Stream<CommandText> all() {
        return Stream.concat(Stream.of(this), commands.stream().flatMap(CommandText::all));
    }

    /** The commands that can follow: its subcommands, or after {@code help} the commands of the program. */
    public List<CommandText> next(CommandText program) {
        return name.equals(program.name() + " help") ? program.commands() : commands;
    }

    /** The last part of the name, such as {@code add}. */
    public String lastName() {
        return name.substring(name.lastIndexOf(' ') + 1);
    }

    public Stream<FlagText> allFlags() {
        return flags.values().stream().flatMap(List::stream);
    }

    private static Map<String, List<FlagText>> flags(CommandSpec spec) {
        Map<String, List<FlagText>> flags = new LinkedHashMap<>();
        List<OptionSpec> common = new ArrayList<>(spec.options());
        if (spec.userObject() instanceof FlaggedCommand command) {
            GroupedHelp help = new GroupedHelp(command);
            common = help.common(spec);
            flags.put("", texts(common));
            help.groups().forEach((heading, options) -> flags.put(heading, texts(options)));
        } else {
            flags.put("", texts(common));
        }
        return flags;
    }

    private static List<FlagText> texts(List<OptionSpec> options) {
        return options.stream()
                .filter(option -> !option.hidden())
                .map(CommandText::flag)
                .toList();
    }

    private static FlagText flag(OptionSpec option) {
        Iterable<String> choices = option.completionCandidates();
        return new FlagText(
                Arrays.asList(option.names()),
                option.type() == Boolean.class || option.usageHelp() || option.versionHelp() ? "" : option.paramLabel(),
                text(option),
                choices == null
                        ? List.of()
                        : StreamSupport.stream(choices.spliterator(), false).toList(),
                option.isMultiValue());
    }

    private static String text(ArgSpec argument) {
        return String.join(" ", argument.description());
    }

    private static List<String> examples(String[] footer) {
        return Arrays.stream(footer)
                .dropWhile(line -> !line.equals(EXAMPLES))
                .skip(1)
                .takeWhile(line -> !line.isBlank())
                .map(String::strip)
                .toList();
    }
}
