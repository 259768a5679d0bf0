package dev.thrum.crawl.url;

import static java.lang.Character.toUpperCase;

import java.util.HexFormat;

/** The percent-encoding normalization of RFC 3986, 6.2.2.1 and 6.2.2.2. */
final class PercentEscapes {
    /** The length of a percent sign with its two digits. */
    static final int LENGTH = 3;

    private PercentEscapes() {}

    /** Whether a percent sign with two hexadecimal digits is at this place. */
    static boolean isAt(CharSequence text, int at) {
        return text.charAt(at) == '%'
                && at + 2 < text.length()
                && HexFormat.isHexDigit(text.charAt(at + 1))
                && HexFormat.isHexDigit(text.charAt(at + 2));
    }

    /**
     * A path or query in which unreserved characters are not encoded, and the digits of what remains encoded are in
     * upper case. A percent sign without two digits stays as it is. Normalizing the result changes nothing.
     */
    static String normalized(String text) {
        int at = text.indexOf('%');
        if (at < 0) {
            return text;
        }
        StringBuilder normalized = new StringBuilder(text.length()).append(text, 0, at);
        while (at < text.length()) {
            if (isAt(text, at)) {
                append(text.charAt(at + 1), text.charAt(at + 2), normalized);
                at += LENGTH;
            } else {
                normalized.append(text.charAt(at++));
            }
        }
        return normalized.toString();
    }

    private static void append(char high, char low, StringBuilder normalized) {
        char octet = (char) (HexFormat.fromHexDigit(high) << 4 | HexFormat.fromHexDigit(low));
        if (isUnreserved(octet) && !completesEscape(normalized, octet)) {
            normalized.append(octet);
        } else {
            normalized.append('%').append(toUpperCase(high)).append(toUpperCase(low));
        }
    }

    /**
     * Whether a lone percent sign before it would make an escape of this character, such as {@code %%34%31} of the last
     * one: the result would mean something else.
     */
    private static boolean completesEscape(StringBuilder before, char next) {
        int length = before.length();
        return HexFormat.isHexDigit(next)
                && ((length > 0 && before.charAt(length - 1) == '%')
                        || (length > 1
                                && before.charAt(length - 2) == '%'
                                && HexFormat.isHexDigit(before.charAt(length - 1))));
    }

    /** RFC 3986, 2.3. */
    private static boolean isUnreserved(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "-._~".indexOf(c) >= 0;
    }
}
