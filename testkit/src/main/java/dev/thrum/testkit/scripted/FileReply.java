package dev.thrum.testkit.scripted;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A response of a {@link FileServer} before it is sent: what is right, until a {@link FileFault} spoils it. Owned by its connection's thread. */
final class FileReply {
    static final String DATE = "Mon, 30 Nov 2026 12:00:00 GMT";
    static final int WHOLE = Integer.MAX_VALUE;

    /** The largest chunk. */
    private static final int CHUNK = 1_000;

    int status = 200;
    final List<String> fields = new ArrayList<>(List.of("Date: " + DATE));
    byte[] body = new byte[0];
    boolean chunked;

    /** The length that is declared; -1 for that of the body. */
    long declared = -1;

    /** The number of bytes of the whole message that are sent before it ends by {@link #then}. */
    int most = WHOLE;

    ScriptedServer.Then then = ScriptedServer.Then.KEEP;

    /** The number of bytes that are sent at once, with a pause after each. */
    int drip = WHOLE;

    Duration pause = Duration.ZERO;

    /** Whether the head never ends. */
    boolean endless;

    /** Whether the last chunk is missing. */
    boolean withoutLastChunk;

    /** Removes the fields of a name, in any case. */
    void remove(String name) {
        fields.removeIf(field -> field.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":"));
    }

    /** A response with this status and nothing else. */
    void become(int value, List<String> added) {
        status = value;
        fields.clear();
        fields.add("Date: " + DATE);
        fields.addAll(added);
        body = new byte[0];
        chunked = false;
    }

    /** A part of the file, as the label says. */
    void becomeRange(byte[] file, int first, int last) {
        status = 206;
        fields.add("Content-Range: bytes " + first + "-" + last + "/" + file.length);
        body = Arrays.copyOfRange(file, first, last + 1);
    }

    void label(String contentRange) {
        remove("Content-Range");
        fields.add("Content-Range: " + contentRange);
    }

    String head() {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Scripted\r\n");
        fields.forEach(field -> head.append(field).append("\r\n"));
        if (chunked) {
            head.append("Transfer-Encoding: chunked\r\n");
        } else if (status != 304) {
            head.append("Content-Length: ")
                    .append(declared < 0 ? body.length : declared)
                    .append("\r\n");
        }
        return head.append("\r\n").toString();
    }

    /** All bytes of the message. */
    byte[] message(boolean withBody) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.writeBytes(head().getBytes(ISO_8859_1));
        if (withBody && chunked) {
            for (int at = 0; at < body.length; at += CHUNK) {
                int size = Math.min(CHUNK, body.length - at);
                message.writeBytes((Integer.toHexString(size) + "\r\n").getBytes(ISO_8859_1));
                message.write(body, at, size);
                message.writeBytes("\r\n".getBytes(ISO_8859_1));
            }
            message.writeBytes((withoutLastChunk ? "" : "0\r\n\r\n").getBytes(ISO_8859_1));
        } else if (withBody) {
            message.writeBytes(body);
        }
        return Arrays.copyOf(message.toByteArray(), Math.min(most, message.size()));
    }
}
