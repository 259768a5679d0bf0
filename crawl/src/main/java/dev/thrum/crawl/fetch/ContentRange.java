package dev.thrum.crawl.fetch;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The value of {@code Content-Range} (RFC 9110, 14.4), in bytes.
 *
 * @param first position of the first byte; -1 if the range was not satisfiable
 * @param last position of the last byte; -1 like that
 * @param total bytes of the whole file; -1 if the server does not know
 */
record ContentRange(long first, long last, long total) {
    static final long UNKNOWN = -1;

    private static final Pattern FORM = Pattern.compile(
            "bytes[ \\t=]+(?:(\\d{1,18})-(\\d{1,18})|\\*)/(?:(\\d{1,18})|\\*)", Pattern.CASE_INSENSITIVE);

    /** Parses a value; empty if it is malformed or contradicts itself. */
    static Optional<ContentRange> parse(String value) {
        Matcher form = FORM.matcher(value.strip());
        if (!form.matches()) {
            return Optional.empty();
        }
        ContentRange range = new ContentRange(number(form.group(1)), number(form.group(2)), number(form.group(3)));
        boolean ordered = range.first <= range.last && (range.total == UNKNOWN || range.last < range.total);
        return range.isUnsatisfied() == (range.total != UNKNOWN && range.first == UNKNOWN) && ordered
                ? Optional.of(range)
                : Optional.empty();
    }

    private static long number(String digits) {
        return digits == null ? UNKNOWN : Long.parseLong(digits);
    }

    /** Whether it only says how many bytes there are. */
    boolean isUnsatisfied() {
        return first == UNKNOWN;
    }

    long length() {
        return last - first + 1;
    }
}
