package dev.thrum.app;

import dev.thrum.base.Printable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** How every command is read and how it fails: in one line, with the remedy. */
final class Program {
    private static final System.Logger LOG = System.getLogger("dev.thrum.app");
    private static final int HELP_WIDTH = 100;
    private static final Pattern KUBERNETES = Pattern.compile("(tcp|udp|sctp)://.*:\\d+");

    private final CommandLine root;
    private final Map<String, String> environment;

    Program(CommandLine root, Map<String, String> environment) {
        this.root = root;
        this.environment = environment;
    }

    int run(String[] arguments, PrintWriter out, PrintWriter err) {
        root.setOut(out).setErr(err);
        root.setExpandAtFiles(false).setUsageHelpWidth(HELP_WIDTH);
        root.setParameterExceptionHandler(this::wrongUsage);
        root.setExecutionExceptionHandler(Program::failed);
        addHelpAndVersion(root);
        if (arguments.length == 0) {
            root.usage(err);
            return ExitCode.USAGE;
        }
        String[] all = withEnvironment(arguments);
        Optional<String> unreadable = NameEncoding.unreadable(all);
        if (unreadable.isPresent()) {
            // Else what is stored, or looked for, is not what was typed.
            err.println("thrum: expected arguments and variables in UTF-8 but \"" + Printable.of(unreadable.get())
                    + "\" has characters that could not be read: set LC_ALL=C.UTF-8 if they are right");
            err.flush();
            return ExitCode.USAGE;
        }
        return root.execute(all);
    }

    private static void addHelpAndVersion(CommandLine command) {
        command.getSubcommands().values().forEach(Program::addHelpAndVersion);
        command.getCommandSpec()
                .versionProvider(new Version())
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Show this help and exit.")
                        .build())
                .addOption(OptionSpec.builder("-V", "--version")
                        .versionHelp(true)
                        .description("Show the version and exit.")
                        .build());
    }

    /** Variables stand in for the flags that are not given: THRUM_UDP_ECHO for --udp-echo. */
    private String[] withEnvironment(String[] arguments) {
        CommandLine command = root;
        int names = 0;
        while (names < arguments.length && command.getSubcommands().containsKey(arguments[names])) {
            command = command.getSubcommands().get(arguments[names]);
            names++;
        }
        boolean asksForHelp = Arrays.stream(arguments).anyMatch(List.of("--help", "-h", "--version", "-V")::contains);
        if (names == 0 || asksForHelp) {
            return arguments;
        }
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        for (OptionSpec option : command.getCommandSpec().options()) {
            String flag = option.longestName();
            String value = environment.get(variable(option));
            if (value != null && !isOfKubernetes(value) && !option.usageHelp() && !isGiven(flag, arguments)) {
                all.add(names, flag + "=" + value);
            }
        }
        return all.toArray(String[]::new);
    }

    /** Kubernetes sets variables for each service; for one that is called thrum, THRUM_PORT=tcp://10.0.0.7:8080. */
    private static boolean isOfKubernetes(String value) {
        return KUBERNETES.matcher(value).matches();
    }

    private static boolean isGiven(String flag, String[] arguments) {
        return Arrays.stream(arguments).anyMatch(a -> a.equals(flag) || a.startsWith(flag + "="));
    }

    private static String variable(OptionSpec option) {
        return "THRUM_" + option.longestName().substring(2).replace('-', '_').toUpperCase(Locale.ROOT);
    }

    private int wrongUsage(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        String message = Printable.of(message(e, arguments));
        // Where the message has a remedy of its own, the help comes after it.
        String help = e instanceof UnmatchedArgumentException && !message.endsWith("?")
                ? "; see " + name + " --help"
                : " (see " + name + " --help)";
        PrintWriter err = command.getErr();
        err.println(name + ": " + message + help);
        err.flush();
        return ExitCode.USAGE;
    }

    private String message(ParameterException e, String[] arguments) {
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
            return source(e.getArgSpec(), arguments) + wrong.getMessage();
        }
        return String.valueOf(e.getMessage());
    }

    private static String missing(ArgSpec argument) {
        return argument instanceof OptionSpec option
                ? "expected " + option.paramLabel() + " after " + option.longestName() + " but was given nothing"
                : "expected " + argument.paramLabel() + " but was given none";
    }

    /** Where a wrong value came from: the name of its flag or of its variable. */
    private String source(ArgSpec argument, String[] arguments) {
        if (!(argument instanceof OptionSpec option)) {
            return "";
        }
        String flag = option.longestName();
        String value = environment.get(variable(option));
        boolean inherited = value != null && Arrays.asList(arguments).contains(flag + "=" + value);
        return (inherited ? variable(option) : flag) + ": ";
    }

    private static String unmatched(UnmatchedArgumentException e) {
        CommandSpec command = e.getCommandLine().getCommandSpec();
        String first = e.getUnmatched().getFirst();
        if (first.startsWith("-")) {
            String flag = first.replaceFirst("=.*", "");
            Optional<String> newName = RenamedFlags.newName(flag, command);
            if (newName.isPresent()) {
                return flag + " is now " + newName.get();
            }
            List<String> flags = command.options().stream()
                    .filter(option -> !option.hidden())
                    .map(OptionSpec::longestName)
                    .toList();
            return "unknown flag \"" + flag + "\"" + suggestion(flag, flags);
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

    private static String suggestion(String given, List<String> names) {
        return Suggestion.closest(given, names)
                .map(name -> "; did you mean " + name + "?")
                .orElse("");
    }

    private static int failed(Exception e, CommandLine command, CommandLine.ParseResult result) {
        if (e instanceof CommandException) {
            command.getErr().println("thrum: " + Printable.of(String.valueOf(e.getMessage())));
            command.getErr().flush();
        } else {
            LOG.log(System.Logger.Level.ERROR, "this is a defect of Thrum; please report it with what follows", e);
        }
        return ExitCode.SOFTWARE;
    }
}
