package dev.thrum.crawl.robots;

import java.util.HexFormat;

/**
 * The one way to write paths, by which rules and URLs are compared (RFC 9309, 2.2.2): unreserved characters are
 * decoded, what may not be in a URL is encoded, hexadecimal digits are in upper case, and a percent sign that encodes
 * nothing is encoded itself.
 *
 * <p>Reserved characters stay as they are written: {@code /} and {@code %2F} differ. So an asterisk and a dollar sign
 * of a URL are encoded, and those that are left in a pattern are its special characters.
 */
final class RobotsPath {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final int ASCII = 128;

    private RobotsPath() {}

    /** The target of a request to compare. */
    static String ofTarget(String target) {
        return normalize(target, false);
    }

    /**
     * The pattern of a rule to compare. Asterisks stay as they are, and so does a dollar sign at its end, which is
     * special only there.
     */
    static String ofPattern(String pattern) {
        return normalize(pattern, true);
    }

    private static String normalize(String text, boolean isPattern) {
        int at = 0;
        while (at < text.length() && staysAsItIs(text, at, isPattern)) {
            at++;
        }
        if (at == text.length()) {
            return text;
        }
        StringBuilder result = new StringBuilder(text.length() + 16).append(text, 0, at);
        while (at < text.length()) {
            char c = text.charAt(at);
            int octet = c == '%' ? octet(text, at) : -1;
            if (octet >= 0) {
                append(octet, isUnreserved(octet), result);
                at += 2;
            } else {
                append(c, staysAsItIs(text, at, isPattern), result);
            }
            at++;
        }
        return result.toString();
    }

    private static void append(int octet, boolean asItIs, StringBuilder result) {
        if (asItIs) {
            result.append((char) octet);
        } else {
            result.append('%').append(HEX.toHexDigits((byte) octet));
        }
    }

    /** The octet that is encoded here; -1 if none is. */
    private static int octet(String text, int percent) {
        if (percent + 2 >= text.length()) {
            return -1;
        }
        char high = text.charAt(percent + 1);
        char low = text.charAt(percent + 2);
        return HexFormat.isHexDigit(high) && HexFormat.isHexDigit(low)
                ? HexFormat.fromHexDigit(high) << 4 | HexFormat.fromHexDigit(low)
                : -1;
    }

    /** Whether no percent sign is here and nothing that has to be encoded. */
    private static boolean staysAsItIs(String text, int at, boolean isPattern) {
        char c = text.charAt(at);
        return switch (c) {
            // An apostrophe is among them because a browser encodes it in a query.
            case '%', '"', '#', '\'', '<', '>', '[', '\\', ']', '^', '`', '{', '|', '}' -> false;
            case '*' -> isPattern;
            case '$' -> isPattern && at == text.length() - 1;
            default -> c > ' ' && c < ASCII - 1;
        };
    }

    private static boolean isUnreserved(int octet) {
        return (octet >= 'a' && octet <= 'z')
                || (octet >= 'A' && octet <= 'Z')
                || (octet >= '0' && octet <= '9')
                || "-._~".indexOf(octet) >= 0;
    }
}
