package dev.thrum.app;

import dev.thrum.app.cli.Flag;
import dev.thrum.app.cli.Flags;
import java.util.Locale;

/** The flags for the log, of the commands that serve. */
final class LoggingOptions {
    final Flags flags = new Flags("Log, on the standard error:");
    private final Flag<LogLevel> level =
            flags.choice("--log-level", "LEVEL", LogLevel.INFO, "debug (also each connection), info or warn");

    /** The lowest level that is logged. */
    enum LogLevel {
        DEBUG,
        INFO,
        WARN;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Configures the log.
     *
     * @param verbose whether each line that a service receives is logged, too
     * @throws IllegalArgumentException if the flags contradict each other
     */
    void apply(boolean verbose) {
        if (verbose && level.value() == LogLevel.WARN) {
            throw new IllegalArgumentException(
                    "expected --log-level debug with --verbose but it was warn; leave one of them out");
        }
        if (verbose) {
            Logging.level(LogLevel.DEBUG);
            Logging.lines();
        } else if (level.value() != LogLevel.INFO) {
            // INFO is the default already, unless a configuration file of the user's own sets another level.
            Logging.level(level.value());
        }
    }
}
