package dev.thrum.http.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A row of a table of hostile requests: {@code name | sections | statuses fate; seen; seen | bytes}.
 *
 * <p>The bytes and the expected requests (optional) may contain these escapes: {@code \r}, {@code \n}, {@code \t},
 * {@code \0}, {@code \\}, {@code \xff}, and {@code \{ab*3}} for {@code ababab}.
 *
 * @param sections the sections of the RFCs that require this
 * @param statuses the statuses of the responses, in order
 * @param seen method, target and body of each request that the handler must have received; empty if that is not checked
 */
record HostileRow(
        String name, String sections, List<Integer> statuses, Expectation fate, List<String> seen, String bytes) {
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:x([0-9a-f]{2})|(.))");
    /** The innermost repetition. */
    private static final Pattern REPEAT = Pattern.compile("\\\\\\{([^{}*]++)\\*(\\d++)}");

    /** The state of the connection afterwards. */
    enum Expectation {
        /** The next request gets a response. */
        KEPT,
        /** It is closed without waiting for more, and nothing after it is served. */
        CLOSED,
        /** The server waits for more input, until the client ends its output. */
        ENDS
    }

    static List<HostileRow> of(String table) {
        List<HostileRow> rows = new ArrayList<>();
        try (InputStream stream = HostileRow.class.getResourceAsStream("hostile/" + table + ".txt");
                BufferedReader lines = new BufferedReader(new InputStreamReader(
                        Objects.requireNonNull(stream, () -> "expected a table " + table), ISO_8859_1))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isEmpty() && !line.startsWith("#")) {
                    rows.add(row(table, line));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows;
    }

    private static HostileRow row(String table, String line) {
        String[] columns = line.split(" \\| ?", 4);
        if (columns.length != 4 || !columns[1].matches("(9110|9112|3986)( [\\d.]+)+")) {
            throw new IllegalArgumentException("expected name | sections | outcome | bytes but was: " + line);
        }
        String[] outcome = columns[2].split("; ", -1);
        List<String> words = new ArrayList<>(Arrays.asList(outcome[0].split(" ", -1)));
        Expectation fate = Expectation.valueOf(words.removeLast().toUpperCase(Locale.ROOT));
        return new HostileRow(
                table + ": " + columns[0],
                columns[1],
                words.stream().map(Integer::valueOf).toList(),
                fate,
                Arrays.stream(outcome).skip(1).map(HostileRow::unescape).toList(),
                unescape(columns[3]));
    }

    private static String unescape(String text) {
        String repeated = text;
        while (REPEAT.matcher(repeated).find()) {
            repeated = REPEAT.matcher(repeated)
                    .replaceAll(
                            found -> Matcher.quoteReplacement(found.group(1).repeat(Integer.parseInt(found.group(2)))));
        }
        return ESCAPE.matcher(repeated).replaceAll(found -> Matcher.quoteReplacement(meant(found)));
    }

    private static String meant(MatchResult escape) {
        if (escape.group(1) != null) {
            return String.valueOf((char) Integer.parseInt(escape.group(1), 16));
        }
        return switch (escape.group(2)) {
            case "r" -> "\r";
            case "n" -> "\n";
            case "t" -> "\t";
            case "0" -> "\0";
            case "\\" -> "\\";
            default -> throw new IllegalArgumentException("expected an escape but was " + escape.group());
        };
    }

    @Override
    public String toString() {
        return name;
    }
}
