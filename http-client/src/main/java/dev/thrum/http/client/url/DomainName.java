package dev.thrum.http.client.url;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;
import okhttp3.HttpUrl;

/**
 * The conversion of domain names to ASCII (WHATWG URL, 3.3; Unicode Technical Standard 46): {@code Bücher.example} is {@code
 * xn--bcher-kva.example}. {@link HttpUrl} has the table of characters and normalizes; the checks that it leaves out are here.
 * Lengths are not the standard's business but DNS's, and so are empty labels, which {@code HttpUrl} refuses: it gets one label
 * at a time, and only those that are not ASCII.
 */
final class DomainName {
    /** The full stop, and those of East Asia that stand for it. */
    private static final String DOTS = "[.\u3002\uff0e\uff61]";

    private static final String PREFIX = "xn--";
    private static final int FIRST_OUTSIDE_OF_ASCII = 0x80;
    /** DNS has at most 63 octets in a label (RFC 1035, 2.3.4). */
    private static final int MAX_LABEL = 63;
    /** More than any name of DNS has, even if characters are dropped of it: converting costs up to the square of it. */
    private static final int MAX_CONVERTED = 1_000;

    private DomainName() {}

    /**
     * The name in ASCII and lower case.
     *
     * @param name percent-decoded; the result still has its ASCII characters that no host may have
     * @throws UrlException if it has no form in ASCII
     */
    static String toAscii(String name) {
        if (isPlain(name)) {
            return name.toLowerCase(Locale.ROOT);
        }
        if (name.length() > MAX_CONVERTED) {
            throw UrlException.expected(
                    "a host of at most " + MAX_CONVERTED + " characters, because it is not only in ASCII,", name);
        }
        StringJoiner ascii = new StringJoiner(".");
        for (String label : name.split(DOTS, -1)) {
            ascii.add(
                    isAscii(label)
                            ? label.toLowerCase(Locale.ROOT)
                            : mapped(label).orElseThrow(() -> refused(label)));
        }
        List<String> labels = new ArrayList<>();
        for (String label : ascii.toString().split("\\.", -1)) {
            labels.add(label.startsWith(PREFIX) ? unicode(label) : label);
        }
        if (!BidiRule.allows(labels)) {
            throw UrlException.expected("a host whose labels are each written in one direction (RFC 5893)", name);
        }
        return ascii.toString();
    }

    /** Whether nothing but capital letters may have to change. */
    private static boolean isPlain(String name) {
        return isAscii(name) && !name.toLowerCase(Locale.ROOT).contains(PREFIX);
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= FIRST_OUTSIDE_OF_ASCII) {
                return false;
            }
        }
        return true;
    }

    /** A label as {@link HttpUrl} maps it, which may be several ones then; empty if it refuses it. */
    private static Optional<String> mapped(String label) {
        // HttpUrl would decode the one, and take the other for a part of an IPv6 address. No host may have either.
        if (label.indexOf('%') >= 0 || label.indexOf(':') >= 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new HttpUrl.Builder().scheme("http").host(label).build().host());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** A label in Punycode as it is read, which must be what it stands for in turn. */
    private static String unicode(String label) {
        String unicode = label.length() > MAX_LABEL
                ? label
                : Punycode.decode(label.substring(PREFIX.length())).orElse(label);
        if (isAscii(unicode)
                || unicode.startsWith(PREFIX)
                || isMark(unicode.codePointAt(0))
                || !Joiners.allow(unicode)
                || !mapped(unicode).equals(Optional.of(label))) {
            throw UrlException.expected("a host whose labels after xn-- are valid Punycode of valid characters", label);
        }
        return unicode;
    }

    private static boolean isMark(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK -> true;
            default -> false;
        };
    }

    private static UrlException refused(String label) {
        return UrlException.expected(
                "a host of characters that domain names may have, with 1 to " + MAX_LABEL + " between dots in ASCII",
                label);
    }
}
