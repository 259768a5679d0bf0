package dev.thrum.http.client.url;

import static java.nio.charset.StandardCharsets.UTF_8;

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

    private String encodeBytes(String text) {
        StringBuilder target = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(UTF_8)) {
            if (b >= 0 && isKept((char) b)) {
                target.append((char) b);
            } else {
                target.append('%').append(HEX.toHexDigits(b));
            }
        }
        return target.toString();
    }

    private boolean isKept(char c) {
        return c >= ' ' && c < DELETE && characters.indexOf(c) < 0;
    }
}
