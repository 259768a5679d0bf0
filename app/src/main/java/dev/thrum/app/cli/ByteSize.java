package dev.thrum.app.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes in the syntax of the command line: {@code 1000}, {@code 64KB}, {@code 100MB}, {@code 2GB}; a KB is 1,024 bytes. */
public record ByteSize(long bytes, String text) {
    private static final Pattern SYNTAX = Pattern.compile("(\\d{1,12})(|KB|MB|GB)");
    private static final int KILO = 1_024;
    private static final String[] UNITS = {"KB", "MB", "GB", "TB", "PB"};

    /**
     * Parses a size.
     *
     * @throws IllegalArgumentException if the text is none
     */
    public static ByteSize of(String text) {
        Matcher matcher = SYNTAX.matcher(text.toUpperCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "expected a size such as 1000, 64KB, 100MB or 2GB but was \"" + text + "\"");
        }
        long unit = switch (matcher.group(2)) {
            case "KB" -> KILO;
            case "MB" -> KILO * KILO;
            case "GB" -> (long) KILO * KILO * KILO;
            default -> 1;
        };
        return new ByteSize(Math.multiplyExact(Long.parseLong(matcher.group(1)), unit), text);
    }

    /** A number of bytes for people: {@code 700 bytes}, {@code 1.4 MB}. */
    public static String shown(long bytes) {
        return shown((double) bytes);
    }

    /** The same, for a number that was computed, such as a rate. */
    public static String shown(double bytes) {
        if (bytes < KILO) {
            return (long) bytes + " bytes";
        }
        double size = bytes / KILO;
        int unit = 0;
        while (size >= KILO && unit < UNITS.length - 1) {
            size /= KILO;
            unit++;
        }
        // Not by a format: a line for each of many files is made with it.
        long tenths = Math.round(size * 10);
        return tenths / 10 + "." + tenths % 10 + " " + UNITS[unit];
    }

    @Override
    public String toString() {
        return text;
    }
}
