package dev.thrum.bench.load;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One answer of an HTTP server, with what all the others have in common with it: everything but the date.
 *
 * @param text the whole answer, a character for each byte
 * @param date where the value of its header {@code Date} begins
 * @param dateEnd and ends
 */
public record HttpSample(String text, int date, int dateEnd) {
    private static final int LONGEST_HEAD = 8_192;
    private static final String STATUS = "HTTP/1.1 200";
    private static final Pattern LENGTH = header("Content-Length", "(\\d{1,9})");
    private static final Pattern DATE = header("Date", "([^\r]*)");
    private static final Pattern CHUNKED = header("Transfer-Encoding", "(.*)");

    /**
     * Takes an answer.
     *
     * @param in what the server sends
     * @param body what it should be
     * @throws IOException if it is not what the generator can check, or not what it should be
     */
    public static HttpSample read(InputStream in, String body) throws IOException {
        String head = head(in);
        if (!head.startsWith(STATUS)) {
            throw new IOException("expected an answer with " + STATUS + " but it was: " + firstLine(head));
        }
        if (CHUNKED.matcher(head).find()) {
            throw new IOException("expected an answer with Content-Length but it was chunked: the generator checks"
                    + " answers of one length; have the server send it");
        }
        int length = Integer.parseInt(found(LENGTH, head, "Content-Length").group(1));
        Matcher date = found(DATE, head, "Date, as an honest server sends it");
        String answered = new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
        if (!answered.equals(body)) {
            throw new IOException("expected the body \"" + body + "\" but it was \"" + answered + "\"");
        }
        return new HttpSample(head + answered, date.start(1), date.end(1));
    }

    /** Whether the other one says the same, at another time perhaps. */
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
                throw new IOException("expected a head of an answer, of " + LONGEST_HEAD + " bytes at most, but it was "
                        + (octet < 0 ? "cut off after: " : "longer: ") + firstLine(head.toString()));
            }
            head.append((char) octet);
        }
        return head.toString();
    }

    private static Matcher found(Pattern pattern, String head, String what) throws IOException {
        Matcher matcher = pattern.matcher(head);
        if (!matcher.find()) {
            throw new IOException("expected an answer with the header " + what + " but its head was: " + head.strip());
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
