package dev.thrum.app;

import dev.thrum.app.cli.Flag;
import dev.thrum.app.cli.Flags;
import dev.thrum.log.LogFormat;
import dev.thrum.log.Rotation;
import dev.thrum.log.WhenFull;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How requests are logged: flags of {@code thrum serve}. */
final class LogOptions {
    private static final int MOST_QUEUED = 1 << 20;

    final Flags flags = new Flags("Access log:");
    private final Flag<@Nullable String> log = flags.text(
            "--access-log",
            "FILE",
            "Log HTTP requests to this file (in DIR unless absolute), to - (standard output) or to db (the database)"
                    + " (default: none)");
    private final Flag<LogFormat> format = flags.choice(
            "--access-log-format",
            "NAME",
            LogFormat.COMMON,
            "Format of the file: common, with referer and user agent, or json");
    private final Flag<WhenFull> whenFull = flags.choice(
            "--access-log-when-full",
            "WAY",
            WhenFull.WAIT,
            "What a request does when the queue is full: wait for room, or drop its record");
    private final Flag<Integer> queue = flags.count("--access-log-queue", 8_192, "Maximum number of queued records");
    private final Flag<Rotate> rotate = flags.value(
            "--access-log-rotate",
            "WHEN",
            Rotate.parse("100MB,daily"),
            Rotate::parse,
            "When to start a new file: at this size (KB, MB or GB), at midnight (daily), at either (100MB,daily), or never"
                    + " (off)");
    private final Flag<Integer> kept = flags.countOrZero(
            "--access-log-keep", 14, "Number of old files to keep, compressed; in the database, number of days");

    /**
     * The access log that the flags configure, if any.
     *
     * @param folder the data folder
     * @throws IllegalArgumentException if a flag is malformed
     */
    Optional<LogConfig> config(Path folder) {
        String name = log.value();
        if (name == null) {
            return Optional.empty();
        }
        if (queue.value() > MOST_QUEUED) {
            throw new IllegalArgumentException(
                    "expected --access-log-queue to be at most " + MOST_QUEUED + " but was " + queue.value());
        }
        Rotate rotation = rotate.value();
        return Optional.of(new LogConfig(
                name.equals("db") ? Optional.empty() : Optional.of(file(folder, name)),
                format.value(),
                whenFull.value(),
                new Rotation(rotation.size(), rotation.daily(), kept.value()),
                queue.value()));
    }

    private static Path file(Path folder, String name) {
        if (name.equals("-")) {
            return Path.of("/dev/stdout");
        }
        try {
            if (!name.isBlank() && Path.of(name).getFileName() != null) {
                return folder.resolve(name);
            }
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(
                    "expected --access-log to name a file, or db, but was \"" + name + "\"", e);
        }
        throw new IllegalArgumentException("expected --access-log to name a file, or db, but was \"" + name + "\"");
    }

    /** When to start a new file, and the text of the flag. */
    private record Rotate(String text, long size, boolean daily) {
        private static final Pattern SIZE = Pattern.compile("(\\d{1,6})(KB|MB|GB)");

        static Rotate parse(String text) {
            long size = 0;
            boolean daily = false;
            for (String part : text.equals("off") ? new String[0] : text.split(",", -1)) {
                Matcher matcher = SIZE.matcher(part.toUpperCase(Locale.ROOT));
                if (part.equals("daily") && !daily) {
                    daily = true;
                } else if (size == 0 && matcher.matches() && Integer.parseInt(matcher.group(1)) > 0) {
                    size = Long.parseLong(matcher.group(1))
                            << switch (matcher.group(2)) {
                                case "KB" -> 10;
                                case "MB" -> 20;
                                default -> 30;
                            };
                } else {
                    throw new IllegalArgumentException(
                            "expected a size such as 100MB, daily, both as in 100MB,daily, or off but was \"" + text
                                    + "\"");
                }
            }
            return new Rotate(text, size, daily);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
