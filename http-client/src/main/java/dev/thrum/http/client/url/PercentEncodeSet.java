package dev.thrum.http.client.url;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;

/**
 * The characters that are percent-encoded in a part of a URL (WHATWG URL, 1.3). Control characters and everything outside
 * of ASCII are in each set. The percent sign is in none: what is encoded already stays as it is.
 */
enum PercentEncodeSet {
    FRAGMENT(" \"<>`"),
    /** The set for URLs of special schemes, which http and https are. */
    QUERY(" \"#<>'"),
    PATH(" \"#<>?^`{}"),
    USER_INFO(" \"#<>?^`{}/:;=@[\\]|");

    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final int DELETE = 0x7f;

    /** What is encoded of the printable ASCII characters. */
    private final String characters;

    PercentEncodeSet(String characters) {
        this.characters = characters;
    }

    /** The text with the characters of this set encoded as UTF-8. */
    String encode(String text) {
        int first = 0;
        while (first < text.length() && isKept(text.charAt(first))) {
            first++;
        }
        return first == text.length() ? text : text.substring(0, first) + encodeBytes(text.substring(first));
    }

    /**
     * The text with the characters of this set encoded in another encoding: "percent-encode after encoding" of the standard.
     * A character that the encoding doesn't have becomes a numeric reference of HTML, whose punctuation is encoded too.
     *
     * @param text without lone surrogates
     */
    String encode(String text, QueryEncoder encoder) {
        if (isVisible(text)) {
            return encode(text);
        }
        StringBuilder target = new StringBuilder(text.length() + 16);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        int at = 0;
        while (at < text.length()) {
            int end = encoder.encode(text, at, bytes);
            append(bytes.toByteArray(), target);
            bytes.reset();
            if (end < text.length()) {
                int missing = text.codePointAt(end);
                target.append("%26%23").append(missing).append("%3B");
                end += Character.charCount(missing);
            }
            at = end;
        }
        return target.toString();
    }

    /** Whether a text has only what is the same in all encodings of pages. */
    private static boolean isVisible(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) >= DELETE) {
                return false;
            }
        }
        return true;
    }

    private String encodeBytes(String text) {
        StringBuilder target = new StringBuilder(text.length() + 16);
        append(text.getBytes(UTF_8), target);
        return target.toString();
    }

    private void append(byte[] bytes, StringBuilder target) {
        for (byte b : bytes) {
            if (b >= 0 && isKept((char) b)) {
                target.append((char) b);
            } else {
                target.append('%').append(HEX.toHexDigits(b));
            }
        }
    }

    private boolean isKept(char c) {
        return c >= ' ' && c < DELETE && characters.indexOf(c) < 0;
    }
}
