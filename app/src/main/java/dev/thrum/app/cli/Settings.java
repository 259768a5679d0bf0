package dev.thrum.app.cli;

import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * The values of flags that are not on the command line: from variables, otherwise from the configuration file.
 *
 * <p>Picocli calls it after it has parsed the arguments of a command. Owned by the thread that reads the command line.
 */
final class Settings implements IDefaultValueProvider {
    /** The flag that names the configuration file. */
    static final String CONFIG = "--config";

    private final Variables variables;
    private final Supplier<Set<String>> flags;

    private @Nullable String fileName;
    private @Nullable ConfigFile file;

    /** The last flag that picocli requested, for {@link #source}. */
    private @Nullable ArgSpec last;

    /** Its value; null if there was none. */
    private @Nullable Setting lastSetting;

    /**
     * Settings for all commands.
     *
     * @param flags the flags that a configuration file may set
     */
    Settings(Variables variables, Supplier<Set<String>> flags) {
        this.variables = variables;
        this.flags = flags;
    }

    /** The flag that names the configuration file. */
    static Flags configFlag() {
        Flags flags = new Flags("");
        flags.text(CONFIG, "FILE", "Read flags from this file; the command line and variables win over it.");
        return flags;
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        last = null;
        if (!(argument instanceof OptionSpec flag) || isForHelp(flag) || isHelpRequested(flag.command())) {
            return null;
        }
        try {
            Optional<Setting> setting = setting(flag).filter(found -> !isOfOthers(flag, found));
            setting.ifPresent(found -> check(flag, found));
            last = flag;
            lastSetting = setting.orElse(null);
            return setting.map(Setting::value).orElse(null);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(flag.command().commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    /** The origin of a value that could not be converted; empty if it was on the command line. */
    Optional<String> source(ArgSpec argument) {
        return argument.equals(last) ? Optional.ofNullable(lastSetting).map(Setting::source) : Optional.empty();
    }

    private Optional<Setting> setting(OptionSpec flag) {
        String name = flag.longestName();
        Optional<Setting> variable = variables.of(name);
        if (variable.isPresent() || name.equals(CONFIG)) {
            return variable;
        }
        return file(flag.command()).flatMap(config -> config.of(name));
    }

    private static boolean isOfOthers(OptionSpec flag, Setting setting) {
        return flag.getter() instanceof Flag<?> own && own.isOfOthers(setting.value());
    }

    /** The configuration file named by the flag, otherwise by its variable. */
    private Optional<ConfigFile> file(CommandSpec command) {
        OptionSpec config = command.findOption(CONFIG);
        if (config == null) {
            return Optional.empty();
        }
        String given = config.getValue();
        String name =
                given != null ? given : variables.of(CONFIG).map(Setting::value).orElse(null);
        if (name == null) {
            return Optional.empty();
        }
        if (file == null || !name.equals(fileName)) {
            file = ConfigFile.read(name, flags.get());
            fileName = name;
        }
        return Optional.of(file);
    }

    /** Refuses values that picocli would mistake for a flag. */
    private static void check(OptionSpec flag, Setting setting) {
        if (isFlag(setting.value(), flag.command())) {
            throw new IllegalArgumentException(
                    setting.source() + ": expected a value but \"" + setting.value() + "\" is a flag");
        }
        if (flag.type() == Boolean.class) {
            try {
                boolean _ = Flags.trueOrFalse(setting.value());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(setting.source() + ": " + e.getMessage(), e);
            }
        }
    }

    private static boolean isFlag(String value, CommandSpec command) {
        boolean isCluster = value.length() > 2
                && value.startsWith("-")
                && command.posixOptionsMap().containsKey(value.charAt(1));
        return isCluster || value.equals("--") || command.optionsMap().containsKey(value.replaceFirst("=.*", ""));
    }

    private static boolean isForHelp(OptionSpec flag) {
        return flag.usageHelp() || flag.versionHelp();
    }

    /** Whether help or the version is requested, which is shown even if variables or the file are malformed. */
    private static boolean isHelpRequested(CommandSpec command) {
        return command.options().stream().anyMatch(flag -> isForHelp(flag) && Boolean.TRUE.equals(flag.getValue()));
    }
}
