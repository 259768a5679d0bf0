package dev.thrum.bench.load;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A response of an HTTP server; other responses to the same request differ from it only in the date.
 *
 * @param text the whole response, a character for each byte
 * @param date the offset of the value of its {@code Date} header
 * @param dateEnd the offset of the end of that value
 */
public record HttpSample(String text, int date, int dateEnd) {
    private static final int LONGEST_HEAD = 8_192;
    private static final String STATUS = "HTTP/1.1 200";
    private static final Pattern LENGTH = header("Content-Length", "(\\d{1,9})");
    private static final Pattern DATE = header("Date", "([^\r]*)");
    private static final Pattern CHUNKED = header("Transfer-Encoding", "(.*)");

    /**
     * Reads a response.
     *
     * @param in the input from the server
     * @param body the expected body
     * @throws IOException if the generator can't check the response, or if the body is another
     */
    public static HttpSample read(InputStream in, String body) throws IOException {
        String head = head(in);
        if (!head.startsWith(STATUS)) {
            throw new IOException("expected a response with " + STATUS + " but it was: " + firstLine(head));
        }
        if (CHUNKED.matcher(head).find()) {
            throw new IOException("expected a response with Content-Length but it was chunked: the generator checks"
                    + " responses of one length; configure the server to send it");
        }
        int length = Integer.parseInt(found(LENGTH, head, "Content-Length").group(1));
        Matcher date = found(DATE, head, "Date, which RFC 9110 requires of servers");
        String answered = new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
        if (!answered.equals(body)) {
            throw new IOException("expected the body \"" + body + "\" but it was \"" + answered + "\"");
        }
        return new HttpSample(head + answered, date.start(1), date.end(1));
    }

    /** Whether the other one is the same, except for the date. */
    public boolean matches(HttpSample other) {
        return date == other.date && dateEnd == other.dateEnd && withoutDate().equals(other.withoutDate());
    }

    private String withoutDate() {
        return text.substring(0, date) + text.substring(dateEnd);
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || head.lastIndexOf("\r\n\r\n") != head.length() - 4) {
            int octet = in.read();
            if (octet < 0 || head.length() == LONGEST_HEAD) {
                throw new IOException("expected a response head of at most " + LONGEST_HEAD + " bytes but it was "
                        + (octet < 0 ? "cut off after: " : "longer: ") + firstLine(head.toString()));
            }
            head.append((char) octet);
        }
        return head.toString();
    }

    private static Matcher found(Pattern pattern, String head, String what) throws IOException {
        Matcher matcher = pattern.matcher(head);
        if (!matcher.find()) {
            throw new IOException("expected a response with the header " + what + " but its head was: " + head.strip());
        }
        return matcher;
    }

    private static Pattern header(String name, String value) {
        return Pattern.compile("\r\n" + name + ":[ \t]*" + value, Pattern.CASE_INSENSITIVE);
    }

    private static String firstLine(String head) {
        return head.lines().findFirst().orElse("");
    }
}
