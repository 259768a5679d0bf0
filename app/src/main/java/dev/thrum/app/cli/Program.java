package dev.thrum.app.cli;

import dev.thrum.base.Printable;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.OptionSpec;

/** The command-line program: parses and runs every command, and reports a failure in one line with the remedy. */
public final class Program {
    private static final System.Logger LOG = System.getLogger("dev.thrum.app");
    private static final int HELP_WIDTH = 100;

    private final CommandLine root;
    private final Variables variables;

    public Program(CommandLine root, Map<String, String> environment) {
        this.root = root;
        this.variables = new Variables(environment);
    }

    /** Runs a command line; returns the exit status. */
    public int run(String[] arguments, PrintWriter out, PrintWriter err) {
        Settings settings = new Settings(variables, this::flags);
        root.setOut(out).setErr(err);
        // Values are taken literally: @ and ${ have no special meaning.
        root.setExpandAtFiles(false).setInterpolateVariables(false).setUsageHelpWidth(HELP_WIDTH);
        root.setDefaultValueProvider(settings);
        root.setExecutionStrategy(this::execute);
        root.setParameterExceptionHandler(new UsageErrors(settings));
        root.setExecutionExceptionHandler(Program::failed);
        addHelpAndVersion(root);
        if (arguments.length == 0) {
            root.usage(err);
            return ExitCode.USAGE;
        }
        Optional<String> unreadable =
                Arrays.stream(arguments).filter(NameEncoding::isUnreadable).findFirst();
        if (unreadable.isPresent()) {
            // Otherwise the program would store, or search for, something else than was typed.
            err.println("thrum: " + Printable.of(NameEncoding.unreadable(unreadable.get())));
            err.flush();
            return ExitCode.USAGE;
        }
        return root.execute(arguments);
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

    private int execute(CommandLine.ParseResult result) {
        CommandLine.ParseResult last = result;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        boolean runs = !last.isUsageHelpRequested() && !last.isVersionHelpRequested();
        if (runs && last.commandSpec().userObject() instanceof FlaggedCommand) {
            PrintWriter err = root.getErr();
            variables.warnings(flags()).forEach(warning -> err.println("thrum: " + Printable.of(warning)));
            err.flush();
        }
        return new CommandLine.RunLast().execute(result);
    }

    /** The flags of all commands, which variables and configuration files may set. */
    private Set<String> flags() {
        Set<String> flags = new TreeSet<>();
        addFlags(root, flags);
        return flags;
    }

    private static void addFlags(CommandLine command, Set<String> flags) {
        command.getSubcommands().values().forEach(each -> addFlags(each, flags));
        command.getCommandSpec().options().stream()
                .filter(option -> !option.usageHelp() && !option.versionHelp())
                .map(OptionSpec::longestName)
                .forEach(flags::add);
    }

    private static int failed(Exception e, CommandLine command, CommandLine.ParseResult result) {
        if (e instanceof CommandException) {
            command.getErr().println("thrum: " + Printable.of(String.valueOf(e.getMessage())));
            command.getErr().flush();
        } else {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "this is a defect of Thrum; please report it with the stack trace below",
                    e);
        }
        return ExitCode.SOFTWARE;
    }
}
