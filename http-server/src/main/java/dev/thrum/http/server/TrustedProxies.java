package dev.thrum.http.server;

import dev.thrum.http.Headers;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The proxies that are believed who their client is: networks, as in {@code 10.0.0.0/8}. Immutable.
 *
 * <p>A client can write what it likes into {@code Forwarded} (RFC 7239) and {@code X-Forwarded-For}; what counts is what
 * our own proxies have put behind that. So the list is read from its end, as long as each address is that of a proxy. Where
 * both fields are there, one of them is the client's own, and neither is believed.
 */
public final class TrustedProxies {
    private static final TrustedProxies NONE = new TrustedProxies(List.of());
    private static final int MOST_HOPS = 32;

    private final List<Network> networks;

    private static final class Network {
        private final byte[] address;
        private final int bits;

        Network(byte[] address, int bits) {
            this.address = address;
            this.bits = bits;
        }

        boolean contains(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            int whole = bits / Byte.SIZE;
            int rest = bits % Byte.SIZE;
            return Arrays.equals(address, 0, whole, other, 0, whole)
                    && (rest == 0 || ((address[whole] ^ other[whole]) & 0xff) >>> (Byte.SIZE - rest) == 0);
        }
    }

    private TrustedProxies(List<Network> networks) {
        this.networks = networks;
    }

    /** Nobody is believed: the client is who is connected. */
    public static TrustedProxies none() {
        return NONE;
    }

    /**
     * These networks.
     *
     * @param networks each an address, or one with the number of bits that count, as in {@code 10.0.0.0/8} or {@code ::1}
     * @throws IllegalArgumentException if one is no network
     */
    public static TrustedProxies of(Collection<String> networks) {
        return networks.isEmpty()
                ? NONE
                : new TrustedProxies(
                        networks.stream().map(TrustedProxies::network).toList());
    }

    private static Network network(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        Optional<InetAddress> parsed = address(address);
        String bits = slash < 0 ? "" : text.substring(slash + 1);
        if (parsed.isEmpty() || !bits.matches(slash < 0 ? "" : "\\d{1,3}")) {
            throw malformed(text);
        }
        byte[] bytes = parsed.get().getAddress();
        int length = bits.isEmpty() ? bytes.length * Byte.SIZE : Integer.parseInt(bits);
        if (length > bytes.length * Byte.SIZE) {
            throw malformed(text);
        }
        return new Network(bytes, length);
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException(
                "expected a network such as 10.0.0.0/8 or an address but was \"" + text + "\"");
    }

    /** Who the client is, if the peer is to be believed. */
    InetAddress client(InetAddress peer, Headers headers) {
        if (!isTrusted(peer)) {
            return peer;
        }
        boolean both = headers.contains("Forwarded") && headers.contains("X-Forwarded-For");
        if (both) {
            // A proxy writes one of them and passes the other on as its client wrote it: which is which, nobody knows.
            return peer;
        }
        List<String> hops = headers.contains("Forwarded") ? forwarded(headers) : headers.elements("X-Forwarded-For");
        InetAddress client = peer;
        for (int i = hops.size() - 1; i >= Math.max(0, hops.size() - MOST_HOPS) && isTrusted(client); i--) {
            Optional<InetAddress> before = node(hops.get(i));
            if (before.isEmpty()) {
                // An obfuscated or malformed hop: further back nobody vouches for anything.
                return client;
            }
            client = before.get();
        }
        return client;
    }

    boolean isTrusted(InetAddress address) {
        if (networks.isEmpty()) {
            return false;
        }
        byte[] bytes = address.getAddress();
        return networks.stream().anyMatch(network -> network.contains(bytes));
    }

    /** The parameter {@code for} of each element. */
    private static List<String> forwarded(Headers headers) {
        List<String> hops = new ArrayList<>();
        for (String element : headers.elements("Forwarded")) {
            String hop = "";
            for (String pair : element.split(";", -1)) {
                String stripped = pair.strip();
                if (stripped.regionMatches(true, 0, "for=", 0, "for=".length())) {
                    hop = stripped.substring("for=".length());
                }
            }
            hops.add(hop);
        }
        return hops;
    }

    /** An address with or without quotes, brackets and a port (RFC 7239, 6). */
    private static Optional<InetAddress> node(String text) {
        String bare = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"")
                ? text.substring(1, text.length() - 1)
                : text;
        if (bare.startsWith("[")) {
            int end = bare.indexOf(']');
            return end < 0 ? Optional.empty() : address(bare.substring(1, end));
        }
        int colon = bare.indexOf(':');
        return address(colon >= 0 && colon == bare.lastIndexOf(':') ? bare.substring(0, colon) : bare);
    }

    /**
     * An address in digits; never a name, which would be looked up, nor what is left out of four numbers, where 10 would be
     * 0.0.0.10.
     */
    private static Optional<InetAddress> address(String text) {
        if (text.indexOf(':') < 0 && text.chars().filter(c -> c == '.').count() != 3) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
