package dev.thrum.tls;

import dev.thrum.base.Printable;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import javax.net.ssl.SSLException;

/** Thrown when a peer does not speak TLS. */
final class ClearTextException extends SSLException {
    private static final long serialVersionUID = 1L;

    /** How many bytes are enough to find out. */
    static final int ENOUGH = 8;

    /** The type of a record with a message of a handshake (RFC 8446, 5.1). */
    private static final int HANDSHAKE = 22;

    /** The type of an alert. */
    private static final int ALERT = 21;

    private static final Set<String> METHODS =
            Set.of("GET ", "HEAD", "POST", "PUT ", "DELE", "OPTI", "PATC", "CONN", "TRAC", "PRI ");

    private static final byte[] RESPONSE = httpResponse();

    private final boolean http;

    private ClearTextException(String message, boolean http) {
        super(message);
        this.http = http;
    }

    /** Throws this if what a peer says first is not the beginning of a record of a handshake. */
    static void check(byte[] start) throws ClearTextException {
        if (start[0] == HANDSHAKE || start[0] == ALERT || start[0] < 0) {
            // Below 0: the hello of SSL 2, which the engine refuses.
            return;
        }
        String text = new String(start, StandardCharsets.ISO_8859_1);
        boolean http = text.length() >= 4 && METHODS.contains(text.substring(0, 4));
        String what = http ? "an HTTP request" : text.startsWith("HTTP/") ? "an HTTP response" : "other bytes";
        throw new ClearTextException(
                "expected a TLS handshake but the peer has sent " + what + " in clear text, which begins with "
                        + Printable.excerpt(text, ENOUGH),
                http);
    }

    /** What a peer is told in clear text; empty if it isn't known to understand any. */
    byte[] response() {
        return http ? RESPONSE.clone() : new byte[0];
    }

    private static byte[] httpResponse() {
        String body = "This port speaks HTTPS: ask again with https:// in front of the address.\n";
        return ("HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: " + body.length()
                        + "\r\nConnection: close\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }
}
