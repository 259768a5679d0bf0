package dev.thrum.testkit.scripted;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A response, read by a parser that is independent of Thrum's.
 *
 * @param fields the field lines, each with its line end
 */
public record ParsedResponse(int status, String fields, String body) {
    private static final Pattern HEAD =
            Pattern.compile("HTTP/1\\.1 (\\d{3}) [^\\r\\n]*\\r\\n((?:[!-9;-~]+: [^\\r\\n]*\\r\\n)*)\\r\\n");
    private static final Pattern CHUNK = Pattern.compile("([0-9a-f]+)\\r\\n");
    private static final Pattern TRAILERS = Pattern.compile("((?:[!-9;-~]+: [^\\r\\n]*\\r\\n)*)\\r\\n");
    /** The field that a test's handler adds to its responses to HEAD, so that this parser expects no body. */
    public static final String BODILESS = "Bodiless";

    /** All responses in the output of a server, which must contain nothing else. */
    public static List<ParsedResponse> all(String sent) {
        List<ParsedResponse> responses = new ArrayList<>();
        int at = 0;
        while (at < sent.length()) {
            Matcher head = HEAD.matcher(sent).region(at, sent.length());
            assertThat(head.lookingAt())
                    .as("the head of a response after %d others in: %s", responses.size(), sent)
                    .isTrue();
            int status = Integer.parseInt(head.group(1));
            StringBuilder body = new StringBuilder();
            at = body(status, head.group(2), sent, head.end(), body);
            responses.add(new ParsedResponse(status, head.group(2), body.toString()));
        }
        return responses;
    }

    /** Reads a body; returns where it ends. */
    private static int body(int status, String fields, String sent, int start, StringBuilder body) {
        if (status < 200
                || status == 204
                || status == 304
                || field(fields, BODILESS).contains("yes")) {
            return start;
        }
        if (field(fields, "Transfer-Encoding").contains("chunked")) {
            return chunks(sent, start, body);
        }
        List<String> lengths = field(fields, "Content-Length");
        int end = sent.length();
        if (lengths.isEmpty()) {
            assertThat(field(fields, "Connection")).as("a body up to the end").contains("close");
        } else {
            assertThat(lengths).hasSize(1);
            end = start + Integer.parseInt(lengths.getFirst());
        }
        assertThat(end).as("a whole body in: %s", sent).isLessThanOrEqualTo(sent.length());
        body.append(sent, start, end);
        return end;
    }

    private static int chunks(String sent, int start, StringBuilder body) {
        int at = start;
        while (true) {
            Matcher line = CHUNK.matcher(sent).region(at, sent.length());
            assertThat(line.lookingAt()).as("a chunk at %d in: %s", at, sent).isTrue();
            int size = Integer.parseInt(line.group(1), 16);
            at = line.end();
            if (size == 0) {
                Matcher trailers = TRAILERS.matcher(sent).region(at, sent.length());
                assertThat(trailers.lookingAt())
                        .as("trailers at %d in: %s", at, sent)
                        .isTrue();
                return trailers.end();
            }
            body.append(sent, at, at + size);
            assertThat(sent.substring(at + size, at + size + 2)).isEqualTo("\r\n");
            at += size + 2;
        }
    }

    public static List<String> field(String fields, String name) {
        return fields.lines()
                .filter(line -> line.startsWith(name + ": "))
                .map(line -> line.substring(name.length() + 2))
                .toList();
    }

    /** The values of the fields of exactly this name; the case counts. */
    public List<String> field(String name) {
        return field(fields, name);
    }

    public static List<Integer> statuses(String sent) {
        return all(sent).stream().map(ParsedResponse::status).toList();
    }
}
