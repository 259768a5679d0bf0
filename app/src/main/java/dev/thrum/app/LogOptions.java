package dev.thrum.app;

import dev.thrum.log.LogFormat;
import dev.thrum.log.Rotation;
import dev.thrum.log.WhenFull;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How requests are logged: flags of {@code thrum serve}. Picocli writes the fields, once. */
final class LogOptions {
    /** What {@link #HEADING} has as the tens of its flags' order. */
    static final int TENS = 7;

    static final String HEADING = "Access log:";

    private static final String DEFAULT = " (default: ${DEFAULT-VALUE})";

    @Option(
            names = "--access-log",
            order = 71,
            paramLabel = "FILE",
            description = "Write a record of each HTTP request to this file, below DIR unless its name is absolute, to"
                    + " the standard output with -, or to the database with db (default: none is written)")
    private @Nullable String log;

    @Option(
            names = "--access-log-format",
            order = 72,
            paramLabel = "NAME",
            converter = FormatConverter.class,
            description = "Of the file: common, with referer and user agent, or json" + DEFAULT)
    private LogFormat format = LogFormat.COMMON;

    @Option(
            names = "--access-log-when-full",
            order = 73,
            paramLabel = "WAY",
            converter = WhenFullConverter.class,
            description = "What a request does when too many records wait: wait for room, or drop its own" + DEFAULT)
    private WhenFull whenFull = WhenFull.WAIT;

    @Option(
            names = "--access-log-queue",
            order = 74,
            paramLabel = "N",
            converter = Count.FromOne.class,
            description = "How many records may wait" + DEFAULT)
    private int queue = 8_192;

    @Option(
            names = "--access-log-rotate",
            order = 75,
            paramLabel = "WHEN",
            converter = RotateConverter.class,
            description =
                    "Begin a new file at this size (KB, MB or GB), at midnight (daily), at either (100MB,daily), or"
                            + " never (off)" + DEFAULT)
    private Rotate rotate = new Rotate("100MB,daily", 100L << 20, true);

    @Option(
            names = "--access-log-keep",
            order = 76,
            paramLabel = "N",
            converter = Count.FromZero.class,
            description = "How many old files are kept, compressed; in the database, how many days" + DEFAULT)
    private int kept = 14;

    /**
     * What the flags say; nothing if no log is wanted.
     *
     * @param folder for everything that is written
     */
    Optional<LogConfig> config(Path folder) {
        if (log == null) {
            return Optional.empty();
        }
        if (queue > 1 << 20) {
            throw new IllegalArgumentException(
                    "expected --access-log-queue to be at most " + (1 << 20) + " but was " + queue);
        }
        Rotation rotation = new Rotation(rotate.size(), rotate.daily(), kept);
        return Optional.of(new LogConfig(
                log.equals("db") ? Optional.empty() : Optional.of(file(folder, log)),
                format,
                whenFull,
                rotation,
                queue));
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

    /** When to rotate, and how that was said. */
    record Rotate(String text, long size, boolean daily) {
        @Override
        public String toString() {
            return text;
        }
    }

    /** For picocli. */
    static final class RotateConverter implements ITypeConverter<Rotate> {
        private static final Pattern SIZE = Pattern.compile("(\\d{1,6})(KB|MB|GB)");

        @Override
        public Rotate convert(String value) {
            long size = 0;
            boolean daily = false;
            for (String part : value.equals("off") ? new String[0] : value.split(",", -1)) {
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
                    throw new TypeConversionException(
                            "expected a size such as 100MB, daily, both as in 100MB,daily, or off but was \"" + value
                                    + "\"");
                }
            }
            return new Rotate(value, size, daily);
        }
    }

    /** For picocli. */
    static final class FormatConverter implements ITypeConverter<LogFormat> {
        @Override
        public LogFormat convert(String value) {
            return named(LogFormat.values(), value, "common or json");
        }
    }

    /** For picocli. */
    static final class WhenFullConverter implements ITypeConverter<WhenFull> {
        @Override
        public WhenFull convert(String value) {
            return named(WhenFull.values(), value, "wait or drop");
        }
    }

    private static <E extends Enum<E>> E named(E[] all, String value, String names) {
        return Arrays.stream(all)
                .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(value))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("expected " + names + " but was \"" + value + "\""));
    }
}
