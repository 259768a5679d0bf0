package dev.thrum.http.client.address;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * A block of addresses that are not those of a server on the open internet: the rows of IANA's registries of special-purpose
 * addresses for IPv4 and IPv6 (RFC 6890 and its updates), multicast, blocks with a special meaning that were given up, and the
 * addresses where clouds tell their machines secrets.
 *
 * <p>Rows that the registries call globally reachable are here too: they lead to helpers of the own network (the nearest
 * resolver, relay or translator), not to the server of somebody. The rows of addresses that carry an IPv4 address and lead
 * where that leads are in {@link Ipv4Carrier}.
 *
 * @param purpose what the block is for, and the document that says so
 */
record SpecialBlock(Cidr block, String purpose) {
    /** The most specific first, because the first one that has an address names it. */
    private static final List<SpecialBlock> ALL = List.of(
            of("0.0.0.0/8", "this network, RFC 791"),
            of("10.0.0.0/8", "private use, RFC 1918"),
            of("100.100.100.200/32", "metadata of a cloud, in shared address space"),
            of("100.64.0.0/10", "shared address space, RFC 6598"),
            of("127.0.0.0/8", "loopback, RFC 1122"),
            of("168.63.129.16/32", "metadata of a cloud"),
            of("169.254.169.254/32", "metadata of clouds, link-local"),
            of("169.254.0.0/16", "link-local, RFC 3927"),
            of("172.16.0.0/12", "private use, RFC 1918"),
            of("192.0.0.0/29", "IPv4 service continuity, RFC 7335"),
            of("192.0.0.8/32", "IPv4 dummy address, RFC 7600"),
            of("192.0.0.9/32", "anycast of port control, RFC 7723"),
            of("192.0.0.10/32", "anycast of TURN relays, RFC 8155"),
            of("192.0.0.170/31", "discovery of NAT64 and DNS64, RFC 8880"),
            of("192.0.0.0/24", "IETF protocol assignments, RFC 6890"),
            of("192.0.2.0/24", "documentation, RFC 5737"),
            of("192.31.196.0/24", "AS112, RFC 7535"),
            of("192.52.193.0/24", "automatic multicast tunneling, RFC 7450"),
            of("192.88.99.2/32", "anycast of 6a44 relays, RFC 6751"),
            of("192.88.99.0/24", "anycast of 6to4 relays, RFC 7526"),
            of("192.168.0.0/16", "private use, RFC 1918"),
            of("192.175.48.0/24", "AS112, RFC 7534"),
            of("198.18.0.0/15", "benchmarking, RFC 2544"),
            of("198.51.100.0/24", "documentation, RFC 5737"),
            of("203.0.113.0/24", "documentation, RFC 5737"),
            of("224.0.0.0/4", "multicast, RFC 5771"),
            of("255.255.255.255/32", "limited broadcast, RFC 8190"),
            of("240.0.0.0/4", "reserved, RFC 1112"),
            of("::/128", "unspecified, RFC 4291"),
            of("::1/128", "loopback, RFC 4291"),
            of("64:ff9b:1::/48", "translation of IPv4 for local use, RFC 8215"),
            of("100::/64", "discard, RFC 6666"),
            of("100:0:0:1::/64", "dummy prefix, RFC 9780"),
            of("2001:1::1/128", "anycast of port control, RFC 7723"),
            of("2001:1::2/128", "anycast of TURN relays, RFC 8155"),
            of("2001:1::3/128", "anycast of service registration, RFC 9665"),
            of("2001:2::/48", "benchmarking, RFC 5180"),
            of("2001:3::/32", "automatic multicast tunneling, RFC 7450"),
            of("2001:4:112::/48", "AS112, RFC 7535"),
            of("2001:10::/28", "ORCHID, RFC 4843"),
            of("2001:20::/28", "ORCHIDv2, RFC 7343"),
            of("2001:30::/28", "remote identification of drones, RFC 9374"),
            of("2001::/23", "IETF protocol assignments, RFC 2928"),
            of("2001:db8::/32", "documentation, RFC 3849"),
            of("2620:4f:8000::/48", "AS112, RFC 7534"),
            of("3fff::/20", "documentation, RFC 9637"),
            of("5f00::/16", "segment routing, RFC 9602"),
            of("fd00:ec2::254/128", "metadata of a cloud, unique local"),
            of("fd20:ce::254/128", "metadata of a cloud, unique local"),
            of("fc00::/7", "unique local, RFC 4193"),
            of("fe80::/10", "link-local, RFC 4291"),
            of("fec0::/10", "site-local, RFC 3879"),
            of("ff00::/8", "multicast, RFC 4291"));

    private static SpecialBlock of(String block, String purpose) {
        return new SpecialBlock(Cidr.parse(block), purpose);
    }

    /** The block that an address is in; empty if it is an ordinary one. */
    static Optional<SpecialBlock> with(InetAddress address) {
        return ALL.stream().filter(special -> special.block.contains(address)).findFirst();
    }

    /** {@code 127.0.0.0/8 (loopback, RFC 1122)}. */
    @Override
    public String toString() {
        return block + " (" + purpose + ")";
    }
}
