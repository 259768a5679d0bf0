package dev.thrum.app;

import dev.thrum.app.cli.Flag;
import dev.thrum.app.cli.Flags;
import java.util.Locale;

/** How much is logged: flags of the commands that serve. */
final class LoggingOptions {
    final Flags flags = new Flags("Log, on the standard error:");
    private final Flag<LogLevel> level =
            flags.choice("--log-level", "LEVEL", LogLevel.INFO, "debug (also clients that come and go), info or warn");

    /** From which level on entries are logged. */
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
     * Logs from here on as the flags say.
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
            // The usual level is there already, or what a file of the user's own sets.
            Logging.level(level.value());
        }
    }
}
