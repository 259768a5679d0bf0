package dev.thrum.http.client.address;

import dev.thrum.base.AddressText;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * A block of addresses with a common prefix, such as {@code 10.1.0.0/16} (RFC 4632, 3.1; RFC 4291, 2.3).
 *
 * @param first the first address of the block; its name and zone are dropped
 * @param prefixLength the number of bits that all its addresses begin with
 */
public record Cidr(InetAddress first, int prefixLength) {
    /**
     * Checks the block.
     *
     * @throws IllegalArgumentException if the prefix is longer than the address, or the address isn't the first of its block
     */
    public Cidr {
        byte[] bytes = first.getAddress();
        int bits = bytes.length * Byte.SIZE;
        if (prefixLength < 0 || prefixLength > bits) {
            throw new IllegalArgumentException("expected a prefix of 0 to " + bits + " bits but was "
                    + AddressText.of(first) + "/" + prefixLength);
        }
        byte[] start = start(bytes, prefixLength);
        if (!Arrays.equals(bytes, start)) {
            throw new IllegalArgumentException("expected the first address of a block, "
                    + AddressText.of(address(start)) + "/" + prefixLength + ", but was " + AddressText.of(first) + "/"
                    + prefixLength);
        }
        first = address(start);
    }

    /**
     * A block from its text.
     *
     * @param text an address and a prefix length: {@code 10.1.0.0/16}, {@code fd00::/8}; or a single address. Names are not
     *     looked up, and an IPv4 address has four decimal numbers.
     * @throws IllegalArgumentException if it is malformed, or the address isn't the first of its block
     */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        String literal = slash < 0 ? text : text.substring(0, slash);
        InetAddress address = literal(literal, text);
        if (slash < 0) {
            return new Cidr(address, address.getAddress().length * Byte.SIZE);
        }
        String length = text.substring(slash + 1);
        if (!length.matches("[0-9]{1,3}")) {
            throw malformed(text);
        }
        return new Cidr(address, Integer.parseInt(length));
    }

    private static InetAddress literal(String literal, String text) {
        boolean isIpv4 = literal.matches("[0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+");
        if (!isIpv4 && !literal.matches("[0-9a-fA-F.]*:[0-9a-fA-F.:]*")) {
            throw malformed(text);
        }
        try {
            return InetAddress.ofLiteral(literal);
        } catch (IllegalArgumentException e) {
            IllegalArgumentException malformed = malformed(text);
            malformed.initCause(e);
            throw malformed;
        }
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException(
                "expected a block such as 10.1.0.0/16 or fd00::/8, or an address, but was \"" + text + "\"");
    }

    /** Whether an address is in this block. An IPv4 address is in no block of IPv6. */
    public boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        byte[] start = first.getAddress();
        return bytes.length == start.length && Arrays.equals(start(bytes, prefixLength), start);
    }

    /** The address with zeros after its prefix. */
    private static byte[] start(byte[] address, int prefixLength) {
        byte[] start =
                Arrays.copyOf(Arrays.copyOf(address, (prefixLength + Byte.SIZE - 1) / Byte.SIZE), address.length);
        int rest = prefixLength % Byte.SIZE;
        if (rest > 0) {
            start[prefixLength / Byte.SIZE] &= (byte) (0xff << (Byte.SIZE - rest));
        }
        return start;
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("expected the bytes of an address to make one", e);
        }
    }

    /** The block as it is parsed: {@code 10.1.0.0/16}. */
    @Override
    public String toString() {
        return AddressText.of(first) + "/" + prefixLength;
    }
}
