package dev.thrum.app.manual;

import dev.thrum.app.cli.CommandText;
import dev.thrum.app.cli.CommandText.FlagText;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The man page of a command, in roff with the macros of man(7). */
final class ManPage {
    private final CommandText command;
    private final CommandText program;
    private final String version;
    private final StringBuilder page = new StringBuilder();

    private ManPage(CommandText command, CommandText program, String version) {
        this.command = command;
        this.program = program;
        this.version = version;
    }

    /** The name of its file, without the extension: thrum-users-add. */
    static String name(CommandText command) {
        return command.name().replace(' ', '-');
    }

    static String of(CommandText command, CommandText program, String version) {
        return new ManPage(command, program, version).write();
    }

    private String write() {
        line(".TH " + escaped(name(command).toUpperCase(Locale.ROOT)) + " 1 \"\" \"Thrum " + escaped(version)
                + "\" \"Thrum\"");
        section("NAME");
        line(escaped(name(command)) + " \\- "
                + escaped(withoutDot(command.description().getFirst())));
        section("SYNOPSIS");
        line(synopsis());
        section("DESCRIPTION");
        command.description().forEach(this::text);
        if (!command.arguments().isEmpty()) {
            section("ARGUMENTS");
            command.arguments().forEach(argument -> item(italic(argument.label()), argument.text()));
        }
        if (!command.commands().isEmpty()) {
            section("COMMANDS");
            command.commands().forEach(one -> item(bold(one.lastName()), String.join(" ", one.description())));
        }
        section("OPTIONS");
        command.flags().forEach((heading, flags) -> {
            if (!heading.isEmpty()) {
                line(".SS " + escaped(heading.replaceFirst(":$", "")));
            }
            flags.forEach(flag -> item(flag(flag), flag.text()));
        });
        if (!command.notes().isEmpty()) {
            section("NOTES");
            command.notes().forEach(this::text);
        }
        if (command.allFlags().anyMatch(flag -> flag.names().contains("--config"))) {
            section("ENVIRONMENT");
            text(
                    "Each flag has a variable: THRUM_DATA is for --data. The command line wins over variables, and variables"
                            + " win over the file of --config, which has a line for each flag: data = DIR.");
        }
        section("EXIT STATUS");
        item(bold("0"), "It worked.");
        item(bold("1"), "It failed, in one line on the standard error.");
        item(bold("2"), "The command line, a variable or the configuration file is wrong.");
        if (!command.examples().isEmpty()) {
            section("EXAMPLES");
            line(".nf");
            command.examples().forEach(this::text);
            line(".fi");
        }
        section("SEE ALSO");
        line(related().map(one -> bold(name(one)) + "(1)").collect(Collectors.joining(", ")));
        return page.toString();
    }

    private String synopsis() {
        Stream<String> arguments = command.arguments().stream()
                .map(argument ->
                        argument.required() ? " " + italic(argument.label()) : " [" + italic(argument.label()) + "]");
        return bold(command.name()) + (command.commands().isEmpty() ? "" : " " + italic("COMMAND")) + " ["
                + italic("OPTIONS") + "]" + arguments.collect(Collectors.joining());
    }

    /** The commands above and below this one. */
    private Stream<CommandText> related() {
        List<CommandText> near = program.all()
                .filter(one -> !one.equals(command)
                        && (command.name().startsWith(one.name() + " ")
                                || command.commands().contains(one)))
                .toList();
        return near.isEmpty() ? program.commands().stream() : near.stream();
    }

    private static String flag(FlagText flag) {
        String names = flag.names().stream().map(ManPage::bold).collect(Collectors.joining(", "));
        return flag.hasValue() ? names + "=" + italic(flag.label()) : names;
    }

    private void section(String title) {
        line(".SH " + title);
    }

    private void item(String label, String text) {
        line(".TP");
        line(label);
        text(text);
    }

    private void text(String text) {
        line(escaped(text));
    }

    private void line(String line) {
        page.append(line).append('\n');
    }

    private static String bold(String text) {
        return "\\fB" + escaped(text) + "\\fR";
    }

    private static String italic(String text) {
        return "\\fI" + escaped(text) + "\\fR";
    }

    /** The text with roff's requests and escapes disabled, and with hyphens that can be copied into a shell. */
    private static String escaped(String text) {
        String escaped = text.replace("\\", "\\e")
                .replace("-", "\\-")
                .replace("'", "\\(aq")
                .replace("\"", "\\(dq");
        return escaped.startsWith(".") ? "\\&" + escaped : escaped;
    }

    private static String withoutDot(String text) {
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }
}
