package dev.thrum.testkit.web;

import java.util.HexFormat;
import java.util.Locale;

/** The targets of requests in the form in which RFC 3986, section 6.2.2, finds equal ones. */
final class Targets {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private Targets() {}

    /** With unreserved characters decoded, and all other encodings in upper case; the fragment is cut off. */
    static String canonical(String target) {
        int end = target.indexOf('#');
        String text = end < 0 ? target : target.substring(0, end);
        if (text.indexOf('%') < 0) {
            return text;
        }
        StringBuilder result = new StringBuilder(text.length());
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c != '%' || !isEncoded(text, at)) {
                result.append(c);
                continue;
            }
            char decoded = (char) HexFormat.fromHexDigits(text, at + 1, at + 3);
            if (isUnreserved(decoded)) {
                result.append(decoded);
            } else {
                result.append('%').append(HEX.toHexDigits((byte) decoded));
            }
            at += 2;
        }
        return result.toString();
    }

    /** The canonical form of a URL whose host and port are canonical already. */
    static String canonicalUrl(String url) {
        int path = url.indexOf('/', url.indexOf("//") + 2);
        return path < 0
                ? url.toLowerCase(Locale.ROOT) + "/"
                : url.substring(0, path).toLowerCase(Locale.ROOT) + canonical(url.substring(path));
    }

    private static boolean isEncoded(String text, int at) {
        return at + 2 < text.length()
                && HexFormat.isHexDigit(text.charAt(at + 1))
                && HexFormat.isHexDigit(text.charAt(at + 2));
    }

    private static boolean isUnreserved(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
    }
}
