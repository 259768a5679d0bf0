package dev.thrum.app;

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
        addHelp(root);
        root.getCommandSpec()
                .addOption(OptionSpec.builder("--version")
                        .versionHelp(true)
                        .description("Show the version and exit.")
                        .build());
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

    private static void addHelp(CommandLine command) {
        command.getSubcommands().values().forEach(Program::addHelp);
        command.getCommandSpec()
                .addOption(OptionSpec.builder("--help", "-h")
                        .usageHelp(true)
                        .description("Show this help and exit.")
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
        boolean asksForHelp = Arrays.stream(arguments).anyMatch(a -> a.equals("--help") || a.equals("-h"));
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
        PrintWriter err = command.getErr();
        err.println(name + ": " + Printable.of(message(e, arguments)) + " (see " + name + " --help)");
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
        String first = e.getUnmatched().getFirst();
        List<String> suggestions = e.getSuggestions();
        String what = first.startsWith("-") ? "a flag of this command" : "a command or nothing more";
        return "expected " + what + " but was given \"" + first + "\""
                // The first is the closest; what picocli finds beyond it is often far from what was given.
                + (suggestions.isEmpty() ? "" : "; did you mean " + suggestions.getFirst() + "?");
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
