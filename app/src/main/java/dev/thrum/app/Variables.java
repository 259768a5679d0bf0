package dev.thrum.app;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * The values of flags that are not given: those of variables, such as THRUM_UDP_ECHO for --udp-echo.
 *
 * <p>Picocli asks for them after it has read the arguments of a command. Owned by the thread that reads the command line.
 */
final class Variables implements IDefaultValueProvider {
    private static final Pattern KUBERNETES = Pattern.compile("(tcp|udp|sctp)://.*:\\d+");

    private final Map<String, String> environment;

    /** The flag that was asked for last: a fault is in its value, if it is in a value from here. */
    private @Nullable ArgSpec last;

    Variables(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        last = null;
        if (!(argument instanceof OptionSpec flag) || isForHelp(flag) || isHelpAsked(flag.command())) {
            return null;
        }
        requireNewName(flag);
        String name = variable(flag.longestName());
        String value = environment.get(name);
        if (value == null || isOfKubernetes(value)) {
            return null;
        }
        check(flag, name, value);
        last = flag;
        return value;
    }

    /** The name of the variable that a value came from which could not be read. */
    Optional<String> source(ArgSpec argument) {
        return argument.equals(last) && argument instanceof OptionSpec flag
                ? Optional.of(variable(flag.longestName()))
                : Optional.empty();
    }

    private void requireNewName(OptionSpec flag) {
        RenamedFlags.oldName(flag.longestName())
                .map(Variables::variable)
                .filter(environment::containsKey)
                .ifPresent(old -> {
                    throw wrong(flag, old + " is now " + variable(flag.longestName()));
                });
    }

    /** Refuses what picocli would take for something else. */
    private static void check(OptionSpec flag, String source, String value) {
        if (NameEncoding.isUnreadable(value)) {
            throw wrong(flag, source + ": " + NameEncoding.unreadable(value));
        }
        if (isFlag(value, flag.command())) {
            throw wrong(flag, source + ": expected a value but \"" + value + "\" is a flag");
        }
        if (flag.type() == Boolean.class) {
            try {
                boolean _ = Flags.trueOrFalse(value);
            } catch (IllegalArgumentException e) {
                throw wrong(flag, source + ": " + e.getMessage());
            }
        }
    }

    private static boolean isFlag(String value, CommandSpec command) {
        boolean isCluster = value.length() > 2
                && value.startsWith("-")
                && command.posixOptionsMap().containsKey(value.charAt(1));
        return isCluster || value.equals("--") || command.optionsMap().containsKey(value.replaceFirst("=.*", ""));
    }

    private static ParameterException wrong(OptionSpec flag, String message) {
        return new ParameterException(flag.command().commandLine(), message);
    }

    private static boolean isForHelp(OptionSpec flag) {
        return flag.usageHelp() || flag.versionHelp();
    }

    /** Help and version are shown whatever the variables are. */
    private static boolean isHelpAsked(CommandSpec command) {
        return command.options().stream().anyMatch(flag -> isForHelp(flag) && Boolean.TRUE.equals(flag.getValue()));
    }

    /** Kubernetes sets variables for each service; for one that is called thrum, THRUM_PORT=tcp://10.0.0.7:8080. */
    private static boolean isOfKubernetes(String value) {
        return KUBERNETES.matcher(value).matches();
    }

    private static String variable(String flag) {
        return "THRUM_" + flag.substring(2).replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
