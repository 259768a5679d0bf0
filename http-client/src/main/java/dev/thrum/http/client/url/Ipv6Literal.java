package dev.thrum.http.client.url;

import dev.thrum.base.AddressText;
import java.net.Inet6Address;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;

/** The parser of IPv6 addresses (WHATWG URL, 3.5), which may end with an IPv4 address. They have no zone in a URL. */
final class Ipv6Literal {
    private static final int PIECES = 8;
    private static final int MOST_DIGITS = 4;
    private static final int MAX_DECIMAL = 255;

    private final String text;

    private Ipv6Literal(String text) {
        this.text = text;
    }

    /** The address in the form of RFC 5952: {@code 0:0::127.0.0.1} is {@code ::7f00:1}. */
    static String parse(String text) {
        return new Ipv6Literal(text).parse();
    }

    private String parse() {
        int gap = text.indexOf("::");
        List<Integer> before = pieces(gap < 0 ? text : text.substring(0, gap), gap < 0);
        List<Integer> after = gap < 0 ? List.of() : pieces(text.substring(gap + 2), true);
        int zeros = PIECES - before.size() - after.size();
        if (gap < 0 ? zeros != 0 : zeros < 1) {
            throw malformed();
        }
        List<Integer> pieces = new ArrayList<>(before);
        pieces.addAll(Collections.nCopies(zeros, 0));
        pieces.addAll(after);
        byte[] bytes = new byte[2 * PIECES];
        for (int i = 0; i < PIECES; i++) {
            bytes[2 * i] = (byte) (pieces.get(i) >>> Byte.SIZE);
            bytes[2 * i + 1] = pieces.get(i).byteValue();
        }
        try {
            // InetAddress would make an IPv4 address of one that is mapped to IPv6.
            return AddressText.of(Inet6Address.getByAddress(null, bytes, -1));
        } catch (UnknownHostException e) {
            throw new AssertionError("expected 16 bytes to be an IPv6 address", e);
        }
    }

    private List<Integer> pieces(String part, boolean isEnd) {
        List<Integer> pieces = new ArrayList<>();
        if (part.isEmpty()) {
            return pieces;
        }
        String[] words = part.split(":", -1);
        for (int i = 0; i < words.length; i++) {
            if (isEnd && i == words.length - 1 && words[i].indexOf('.') >= 0) {
                addIpv4(words[i], pieces);
            } else {
                pieces.add(hexadecimal(words[i]));
            }
        }
        return pieces;
    }

    private int hexadecimal(String word) {
        if (word.isEmpty() || word.length() > MOST_DIGITS || !word.chars().allMatch(HexFormat::isHexDigit)) {
            throw malformed();
        }
        return HexFormat.fromHexDigits(word);
    }

    /** Four decimal numbers without leading zeros, two for each piece. */
    private void addIpv4(String word, List<Integer> pieces) {
        String[] numbers = word.split("\\.", -1);
        if (numbers.length != 4) {
            throw malformed();
        }
        pieces.add(decimal(numbers[0]) << Byte.SIZE | decimal(numbers[1]));
        pieces.add(decimal(numbers[2]) << Byte.SIZE | decimal(numbers[3]));
    }

    private int decimal(String number) {
        if (!number.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(number) > MAX_DECIMAL) {
            throw malformed();
        }
        return Integer.parseInt(number);
    }

    private UrlException malformed() {
        return UrlException.expected("an IPv6 address in the brackets, without a zone,", text);
    }
}
