package dev.thrum.tls;

import dev.thrum.base.Printable;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import javax.net.ssl.SSLException;

/** Thrown when a peer does not speak TLS. */
final class ClearTextException extends SSLException {
    private static final long serialVersionUID = 1L;

    /** As many bytes as a message shows. */
    static final int SHOWN = 8;

    /** The length of the beginnings of methods. */
    private static final int OF_METHOD = 4;

    /** A fatal alert that says {@code unexpected_message} (RFC 8446, 6). */
    private static final byte[] UNEXPECTED = {21, 3, 3, 0, 2, 2, 10};

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

    /**
     * Throws this if what a peer says first is not the beginning of a record of a handshake.
     *
     * @return false if that can't be said yet
     */
    static boolean check(byte[] start) throws ClearTextException {
        if (start[0] == HANDSHAKE || start[0] == ALERT) {
            return true;
        }
        String text = new String(start, StandardCharsets.ISO_8859_1);
        if (text.length() < OF_METHOD && METHODS.stream().anyMatch(method -> method.startsWith(text))) {
            return false;
        }
        boolean http = text.length() >= OF_METHOD && METHODS.contains(text.substring(0, OF_METHOD));
        String what = http ? "an HTTP request" : text.startsWith("HTTP/") ? "an HTTP response" : "other bytes";
        throw new ClearTextException(
                "expected a TLS handshake but the peer has sent " + what + " in clear text, which begins with "
                        + Printable.excerpt(text, SHOWN),
                http);
    }

    /** What the peer is told: in clear text if it is known to understand that. */
    byte[] response() {
        return http ? RESPONSE.clone() : UNEXPECTED.clone();
    }

    private static byte[] httpResponse() {
        String body = "This port speaks HTTPS: ask again with https:// in front of the address.\n";
        return ("HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: "
                        + body.length() + "\r\nConnection: close\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }
}
