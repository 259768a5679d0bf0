package dev.thrum.http.client.address;

import java.math.BigInteger;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;

/**
 * The special-purpose blocks once more, as ranges of numbers: an independent computation of what is refused.
 *
 * @param first the number of the first address
 * @param last the number of the last address
 * @param bits 32 or 128
 */
record Blocks(String text, BigInteger first, BigInteger last, int bits) {
    private static final BigInteger ONE = BigInteger.ONE;

    static final List<Blocks> IPV4 = of(
            "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.0.0/29 192.0.0.8/32"
                    + " 192.0.0.9/32 192.0.0.10/32 192.0.0.170/32 192.0.0.171/32 192.0.2.0/24 192.31.196.0/24 192.52.193.0/24"
                    + " 192.88.99.0/24 192.88.99.2/32 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24"
                    + " 224.0.0.0/4 240.0.0.0/4 255.255.255.255/32 168.63.129.16/32 100.100.100.200/32 169.254.169.254/32");

    /** Without those of which the address that they carry decides. */
    static final List<Blocks> IPV6 = of(
            "::/128 ::1/128 64:ff9b:1::/48 100::/64 100:0:0:1::/64 2001:1::1/128 2001:1::2/128 2001:1::3/128 2001:2::/48 2001:3::/32"
                    + " 2001:4:112::/48 2001:10::/28 2001:20::/28 2001:30::/28 2001::/23 2001:db8::/32 2620:4f:8000::/48 3fff::/20"
                    + " 5f00::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8 fd00:ec2::254/128 fd20:ce::254/128");

    private static List<Blocks> of(String blocks) {
        return Stream.of(blocks.split(" ", -1)).map(Blocks::parse).toList();
    }

    private static Blocks parse(String text) {
        String[] parts = text.split("/", 2);
        byte[] bytes = InetAddress.ofLiteral(parts[0]).getAddress();
        int bits = 8 * bytes.length;
        BigInteger first = new BigInteger(1, bytes);
        BigInteger size = ONE.shiftLeft(bits - Integer.parseInt(parts[1]));
        return new Blocks(text, first, first.add(size).subtract(ONE), bits);
    }

    private boolean has(BigInteger number) {
        return number.compareTo(first) >= 0 && number.compareTo(last) <= 0;
    }

    /** Whether the address with a number is to be refused. */
    static boolean areWith(BigInteger number, int bits) {
        if (bits == 32) {
            return IPV4.stream().anyMatch(block -> block.has(number));
        }
        BigInteger low = number.and(ONE.shiftLeft(32).subtract(ONE));
        BigInteger high = number.shiftRight(32);
        boolean isatap = high.clearBit(25).and(ONE.shiftLeft(32).subtract(ONE)).equals(BigInteger.valueOf(0x5efe));
        if (isatap && areWith(low, 32)) {
            return true;
        }
        boolean zeroOrOne = number.bitLength() <= 1;
        boolean last32Decides = (high.signum() == 0 && !zeroOrOne)
                || high.equals(BigInteger.valueOf(0xffff))
                || high.equals(BigInteger.valueOf(0xffff_0000L))
                || high.equals(new BigInteger("0064ff9b0000000000000000", 16));
        if (last32Decides) {
            return areWith(low, 32);
        }
        if (number.shiftRight(112).intValue() == 0x2002) {
            return areWith(number.shiftRight(80).and(ONE.shiftLeft(32).subtract(ONE)), 32);
        }
        if (number.shiftRight(96).equals(BigInteger.valueOf(0x2001_0000L))) {
            BigInteger server = number.shiftRight(64).and(ONE.shiftLeft(32).subtract(ONE));
            return areWith(server, 32) || areWith(low.xor(BigInteger.valueOf(0xffff_ffffL)), 32);
        }
        return IPV6.stream().anyMatch(block -> block.has(number));
    }

    /** The address with a number; not one of IPv4 if it is mapped. */
    static InetAddress address(BigInteger number, int bits) {
        byte[] bytes = new byte[bits / 8];
        byte[] magnitude = number.toByteArray();
        for (int i = 0; i < Math.min(bytes.length, magnitude.length); i++) {
            bytes[bytes.length - 1 - i] = magnitude[magnitude.length - 1 - i];
        }
        try {
            return bits == 32 ? InetAddress.getByAddress(bytes) : Inet6Address.getByAddress(null, bytes, -1);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
