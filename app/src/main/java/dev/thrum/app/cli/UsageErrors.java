package dev.thrum.app.cli;

import dev.thrum.base.Printable;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Reports wrong usage of a command in one line, with the remedy. */
record UsageErrors(Settings settings) implements IParameterExceptionHandler {
    @Override
    public int handleParseException(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        String message = Printable.of(message(e));
        // If the message has its own remedy, the hint at the help follows in parentheses.
        String help = e instanceof UnmatchedArgumentException && !message.endsWith("?")
                ? "; see " + name + " --help"
                : " (see " + name + " --help)";
        PrintWriter err = command.getErr();
        err.println(name + ": " + message + help);
        err.flush();
        return ExitCode.USAGE;
    }

    private String message(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched) {
            return unmatched(unmatched);
        }
        if (e instanceof MissingParameterException incomplete) {
            return missing(incomplete.getMissing().getFirst());
        }
        if (e instanceof OverwrittenOptionException repeated
                && repeated.getOverwritten() instanceof OptionSpec option) {
            return "expected " + option.longestName() + " once but it was given again";
        }
        if (e.getArgSpec() != null && e.getCause() instanceof TypeConversionException wrong) {
            return source(e.getArgSpec()) + wrong.getMessage();
        }
        return String.valueOf(e.getMessage());
    }

    private static String missing(ArgSpec argument) {
        return argument instanceof OptionSpec option
                ? "expected " + option.paramLabel() + " after " + option.longestName() + " but was given nothing"
                : "expected " + argument.paramLabel() + " but was given none";
    }

    /** The origin of a wrong value: its flag, its variable or its line of the configuration file. */
    private String source(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option)) {
            return "";
        }
        return settings.source(argument).orElse(option.longestName()) + ": ";
    }

    private static String unmatched(UnmatchedArgumentException e) {
        CommandSpec command = e.getCommandLine().getCommandSpec();
        String first = e.getUnmatched().getFirst();
        if (first.startsWith("-")) {
            return unknownFlag(first.replaceFirst("=.*", ""), command);
        }
        if (command.subcommands().isEmpty()) {
            return "expected nothing more but was given \"" + first + "\"";
        }
        List<String> commands = command.subcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .filter(one -> !one.usageMessage().hidden())
                .map(CommandSpec::name)
                .toList();
        return "unknown command \"" + first + "\"" + suggestion(first, commands);
    }

    private static String unknownFlag(String flag, CommandSpec command) {
        Optional<String> newName =
                RenamedFlags.newName(flag).filter(name -> command.optionsMap().containsKey(name));
        if (newName.isPresent()) {
            return flag + " is now " + newName.get();
        }
        List<String> flags = command.options().stream()
                .filter(option -> !option.hidden())
                .map(OptionSpec::longestName)
                .toList();
        return "unknown flag \"" + flag + "\"" + suggestion(flag, flags);
    }

    private static String suggestion(String given, List<String> names) {
        return Suggestion.closest(given, names)
                .map(name -> "; did you mean " + name + "?")
                .orElse("");
    }
}
