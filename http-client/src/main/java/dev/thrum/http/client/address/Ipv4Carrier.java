package dev.thrum.http.client.address;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;

/**
 * The forms of IPv6 addresses that carry an IPv4 address. Translators and tunnels send to that what is for the IPv6 address:
 * {@code 64:ff9b::7f00:1} may lead to {@code 127.0.0.1}.
 *
 * <p>{@code 64:ff9b:1::/48} is none of them, though it carries addresses too: where, only the local network knows (RFC 8215).
 */
enum Ipv4Carrier {
    MAPPED("IPv4-mapped, RFC 4291", "00000000000000000000ffff", 0, 12),
    COMPATIBLE("IPv4-compatible, RFC 4291", "000000000000000000000000", 0, 12),
    TRANSLATED("IPv4-translated, RFC 2765", "0000000000000000ffff0000", 0, 12),
    NAT64("NAT64, RFC 6052", "0064ff9b0000000000000000", 0, 12),
    SIX_TO_FOUR("6to4, RFC 3056", "2002", 0, 2),
    TEREDO_SERVER("server of Teredo, RFC 4380", "20010000", 0, 4),
    /** Its bits are inverted in the address. */
    TEREDO_CLIENT("client of Teredo, RFC 4380", "20010000", 0, 12),
    ISATAP("ISATAP, RFC 5214", "00005efe", 8, 12),
    /** Of an IPv4 address that is unique in the world, or said to be. */
    ISATAP_UNIVERSAL("ISATAP, RFC 5214", "02005efe", 8, 12);

    private static final int IPV4 = 4;
    private static final int ALL_ONES = 0xff;

    private final String form;
    private final String mark;
    private final int markedAt;
    private final int carriedAt;

    /**
     * A form.
     *
     * @param mark the bytes that all addresses of this form have, hexadecimal
     * @param markedAt the index of their first byte
     * @param carriedAt the index of the first byte of the IPv4 address
     */
    Ipv4Carrier(String form, String mark, int markedAt, int carriedAt) {
        this.form = form;
        this.mark = mark;
        this.markedAt = markedAt;
        this.carriedAt = carriedAt;
    }

    /** The forms that an address has; none if it carries nothing, as {@code ::} and {@code ::1}. */
    static Set<Ipv4Carrier> of(InetAddress address) {
        Set<Ipv4Carrier> carriers = EnumSet.noneOf(Ipv4Carrier.class);
        byte[] bytes = address.getAddress();
        if (bytes.length > IPV4 && !address.isAnyLocalAddress() && !address.isLoopbackAddress()) {
            String text = HexFormat.of().formatHex(bytes);
            for (Ipv4Carrier carrier : values()) {
                if (text.startsWith(carrier.mark, 2 * carrier.markedAt)) {
                    carriers.add(carrier);
                }
            }
        }
        return carriers;
    }

    /** What the form is called, and the document that has it. */
    String form() {
        return form;
    }

    /** Whether an address of this form leads where the carried one leads, so that its own block is of no account. */
    boolean decides() {
        return this != ISATAP && this != ISATAP_UNIVERSAL;
    }

    /** The IPv4 address that an address of this form carries. */
    InetAddress carriedBy(InetAddress address) {
        byte[] carried = Arrays.copyOfRange(address.getAddress(), carriedAt, carriedAt + IPV4);
        if (this == TEREDO_CLIENT) {
            for (int i = 0; i < IPV4; i++) {
                carried[i] ^= (byte) ALL_ONES;
            }
        }
        try {
            return InetAddress.getByAddress(carried);
        } catch (UnknownHostException e) {
            throw new AssertionError("expected four bytes to be an IPv4 address", e);
        }
    }
}
