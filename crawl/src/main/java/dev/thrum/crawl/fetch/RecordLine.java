package dev.thrum.crawl.fetch;

import dev.thrum.base.PercentEncoding;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A line of a record on the disk: fields in percent-encoded UTF-8, with tabs between them and a line feed at the end. A line without its
 * line feed was cut by a crash and doesn't count.
 */
final class RecordLine {
    private static final String KEPT = "/:?&=+,;@!$'()*#[]\" ";

    private RecordLine() {}

    static String of(List<String> fields) {
        StringBuilder line = new StringBuilder(256);
        for (String field : fields) {
            PercentEncoding.encode(field, KEPT, line);
            line.append('\t');
        }
        line.setCharAt(line.length() - 1, '\n');
        return line.toString();
    }

    /** The fields of a line without its line feed; empty if it has another number of them or is malformed. */
    static Optional<List<String>> parse(String line, int count) {
        String[] encoded = line.split("\t", -1);
        if (encoded.length != count) {
            return Optional.empty();
        }
        List<String> fields = new ArrayList<>(count);
        try {
            for (String field : encoded) {
                fields.add(PercentEncoding.decode(field));
            }
            return Optional.of(fields);
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** A number of at least -1; empty if it is none. */
    static Optional<Long> number(String text) {
        try {
            long number = Long.parseLong(text);
            return number < -1 ? Optional.empty() : Optional.of(number);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
