package dev.thrum.crawl.archive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.security.MessageDigest;

/**
 * The payload of a response: its body without the transfer coding, with the content coding (ISO 28500, 3.11 and 5.9).
 */
final class Payload {
    private static final String FIELD = "transfer-encoding:";
    private static final int RADIX = 16;

    private Payload() {}

    /**
     * Adds the payload to a digest.
     *
     * @return false if the body is chunked and the chunks have no end: then there is no payload
     */
    static boolean addTo(MessageDigest digest, byte[] head, byte[] body) {
        if (isChunked(head)) {
            return addChunks(digest, body);
        }
        digest.update(body);
        return true;
    }

    /**
     * Whether the client has read the body in chunks: only those of HTTP/1.1 are, without regard to the coding
     * "identity".
     */
    private static boolean isChunked(byte[] head) {
        String text = new String(head, ISO_8859_1);
        if (!text.startsWith("HTTP/1.1")) {
            return false;
        }
        boolean chunked = false;
        for (int line = text.indexOf('\n') + 1; line > 0; line = text.indexOf('\n', line) + 1) {
            if (text.regionMatches(true, line, FIELD, 0, FIELD.length())) {
                int end = text.indexOf('\n', line);
                chunked |= namesChunked(text.substring(line + FIELD.length(), end < 0 ? text.length() : end));
            }
        }
        return chunked;
    }

    private static boolean namesChunked(String codings) {
        for (String coding : codings.split(",", -1)) {
            if (coding.strip().equalsIgnoreCase("chunked")) {
                return true;
            }
        }
        return false;
    }

    /** Reads the chunks (RFC 9112, 7.1) as tolerantly as the client may have done. */
    private static boolean addChunks(MessageDigest digest, byte[] body) {
        int at = 0;
        while (true) {
            long size = size(body, at);
            int from = afterLine(body, at);
            if (size <= 0) {
                return size == 0;
            }
            if (from < 0 || size > body.length - from) {
                return false;
            }
            digest.update(body, from, (int) size);
            at = afterLine(body, from + (int) size);
            if (at < 0) {
                return false;
            }
        }
    }

    /** The size that begins at an index, at most just above that of an array; -1 if there is none. */
    private static long size(byte[] body, int from) {
        long size = 0;
        int at = from;
        while (at < body.length && Character.digit(body[at], RADIX) >= 0) {
            size = Math.min(size * RADIX + Character.digit(body[at], RADIX), Integer.MAX_VALUE + 1L);
            at++;
        }
        return at == from ? -1 : size;
    }

    /** The index after the next line feed; -1 if there is none. */
    private static int afterLine(byte[] body, int from) {
        for (int at = from; at < body.length; at++) {
            if (body[at] == '\n') {
                return at + 1;
            }
        }
        return -1;
    }
}
