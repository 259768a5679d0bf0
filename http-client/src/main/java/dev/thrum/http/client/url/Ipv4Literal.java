package dev.thrum.http.client.url;

import java.util.List;

/**
 * The parser of IPv4 addresses (WHATWG URL, 3.5): one to four decimal, octal or hexadecimal numbers, of which the last fills
 * the rest of the address. {@code 0x7f.1}, {@code 2130706433} and {@code 0177.0.0.01.} are {@code 127.0.0.1}.
 */
final class Ipv4Literal {
    private static final int PARTS = 4;
    private static final long MAX_PART = 255;
    private static final long MALFORMED = -1;
    /** More than any address, so that longer numbers need not be counted on. */
    private static final long TOO_LARGE = 1L << 32;

    private static final int OCTAL = 8;
    private static final int DECIMAL = 10;
    private static final int HEXADECIMAL = 16;

    private Ipv4Literal() {}

    /** Whether a host ends with a number, so that it is an IPv4 address or nothing. */
    static boolean isMeant(String host) {
        String last = parts(host).getLast();
        return !last.isEmpty() && (last.chars().allMatch(c -> c >= '0' && c <= '9') || number(last) != MALFORMED);
    }

    /** The address as four decimal numbers. */
    static String parse(String host) {
        List<String> parts = parts(host);
        int last = parts.size() - 1;
        if (last >= PARTS) {
            throw malformed(host);
        }
        long address = 0;
        for (String part : parts.subList(0, last)) {
            address = (address << Byte.SIZE) | number(part, MAX_PART, host);
        }
        int bits = Byte.SIZE * (PARTS - last);
        address = (address << bits) | number(parts.get(last), (1L << bits) - 1, host);
        return (address >>> 24) + "." + ((address >>> 16) & MAX_PART) + "." + ((address >>> 8) & MAX_PART) + "."
                + (address & MAX_PART);
    }

    private static long number(String part, long most, String host) {
        long number = number(part);
        if (number == MALFORMED || number > most) {
            throw malformed(host);
        }
        return number;
    }

    private static UrlException malformed(String host) {
        return UrlException.expected(
                "an IPv4 address of one to four numbers, each in its range, because the host ends with a number,",
                host);
    }

    /** What is between the dots; one dot at the end doesn't count. */
    private static List<String> parts(String host) {
        String withoutDot = host.length() > 1 && host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        return List.of(withoutDot.split("\\.", -1));
    }

    /** A number, at most {@link #TOO_LARGE}; or {@link #MALFORMED}. */
    private static long number(String text) {
        if (text.isEmpty()) {
            return MALFORMED;
        }
        int radix = radix(text);
        long number = 0;
        for (int i = radix == HEXADECIMAL ? 2 : 0; i < text.length(); i++) {
            // Hosts are ASCII here, so that no other digits than ASCII's are taken for some.
            int digit = Character.digit(text.charAt(i), radix);
            if (digit < 0) {
                return MALFORMED;
            }
            number = Math.min(TOO_LARGE, radix * number + digit);
        }
        return number;
    }

    private static int radix(String text) {
        if (text.startsWith("0x") || text.startsWith("0X")) {
            return HEXADECIMAL;
        }
        return text.length() > 1 && text.startsWith("0") ? OCTAL : DECIMAL;
    }
}
