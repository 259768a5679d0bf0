package dev.thrum.http.files;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The meaning of the field {@code Range} for a representation of known length (RFC 9110, section 14). */
sealed interface ByteRange {
    /**
     * The whole representation: the field is malformed, of another unit, or has several ranges, and is ignored (14.2).
     */
    record Whole() implements ByteRange {}

    /** These bytes: from the first to the last, both included. */
    record Part(long first, long last) implements ByteRange {
        long length() {
            return last - first + 1;
        }
    }

    /** No byte: the range can't be satisfied. */
    record None() implements ByteRange {}

    Pattern SPEC = Pattern.compile("([0-9]*)-([0-9]*)");
    String UNIT = "bytes=";
    int MOST_DIGITS = 18;

    /** Parses the field for a representation of this many bytes. */
    static ByteRange of(String value, long size) {
        if (!value.toLowerCase(Locale.ROOT).startsWith(UNIT)) {
            return new Whole();
        }
        List<String> specs = new ArrayList<>(1);
        for (String element : value.substring(UNIT.length()).split(",", -1)) {
            if (!element.isBlank()) {
                specs.add(element.strip());
            }
        }
        Matcher spec = SPEC.matcher(specs.size() == 1 ? specs.getFirst() : "");
        return spec.matches() ? of(spec.group(1), spec.group(2), size) : new Whole();
    }

    private static ByteRange of(String from, String to, long size) {
        if (from.isEmpty()) {
            return to.isEmpty() ? new Whole() : suffix(number(to), size);
        }
        long first = number(from);
        long last = to.isEmpty() ? Long.MAX_VALUE : number(to);
        if (last < first) {
            return new Whole();
        }
        return first >= size ? new None() : new Part(first, Math.min(last, size - 1));
    }

    private static ByteRange suffix(long count, long size) {
        if (count == 0) {
            return new None();
        }
        // The last bytes of an empty file are none, which a 206 can't express.
        return size == 0 ? new Whole() : new Part(Math.max(0, size - count), size - 1);
    }

    /** A number with more digits than any file size needs is treated as larger than all of them. */
    private static long number(String digits) {
        String significant = digits.replaceFirst("^0+(?=.)", "");
        return significant.length() > MOST_DIGITS ? Long.MAX_VALUE : Long.parseLong(significant);
    }
}
