package dev.thrum.http.server;

import dev.thrum.http.Headers;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Proxy networks whose forwarded addresses and schemes are trusted, such as {@code 10.0.0.0/8}. Immutable.
 *
 * <p>A client can write anything into {@code Forwarded} (RFC 7239), {@code X-Forwarded-For} and {@code
 * X-Forwarded-Proto}; only the elements that our own proxies have appended count. So the list is read from its end, as long as each address is that of a trusted
 * proxy, and at most 32 elements. If both fields are present, one of them may be the client's own, and neither is
 * trusted.
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

    /** No proxy is trusted: the client is the peer of the connection. */
    public static TrustedProxies none() {
        return NONE;
    }

    /**
     * Trusts these networks.
     *
     * @param networks each an address, optionally with a prefix length in bits: {@code 10.0.0.0/8} or {@code ::1}.
     *     Names are not looked up.
     * @throws IllegalArgumentException if one is malformed
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

    /**
     * The client, as our proxies have seen it.
     *
     * @param hops the number of elements, from the end, that our proxies have appended
     */
    private record Seen(InetAddress address, int hops) {}

    /** The address of the client, given the peer of the connection and the header fields. */
    InetAddress client(InetAddress peer, Headers headers) {
        if (!isTrusted(peer) || contradicts(headers, "X-Forwarded-For")) {
            return peer;
        }
        return seen(peer, addresses(headers)).address();
    }

    /**
     * Whether the connection of the client is encrypted. Our proxies say it in {@code proto} of {@code Forwarded}, or in {@code
     * X-Forwarded-Proto}, which has one element, or one for each hop; otherwise it is as encrypted as the connection of the
     * peer.
     */
    boolean isSecure(InetAddress peer, boolean encrypted, Headers headers) {
        if (!isTrusted(peer) || contradicts(headers, "X-Forwarded-Proto")) {
            return encrypted;
        }
        List<String> schemes =
                headers.contains("Forwarded") ? forwarded(headers, "proto") : headers.elements("X-Forwarded-Proto");
        if (schemes.isEmpty()) {
            return encrypted;
        }
        List<String> addresses = addresses(headers);
        boolean oneForEachHop = schemes.size() == addresses.size() && !contradicts(headers, "X-Forwarded-For");
        int hops = oneForEachHop ? Math.max(1, seen(peer, addresses).hops()) : 1;
        String scheme = unquoted(schemes.get(schemes.size() - hops)).toLowerCase(Locale.ROOT);
        return scheme.equals("https") || (encrypted && !scheme.equals("http"));
    }

    /** A proxy writes one of the two fields and passes the other on as its client wrote it; there is no telling which. */
    private static boolean contradicts(Headers headers, String field) {
        return headers.contains("Forwarded") && headers.contains(field);
    }

    private static List<String> addresses(Headers headers) {
        return headers.contains("Forwarded") ? forwarded(headers, "for") : headers.elements("X-Forwarded-For");
    }

    private Seen seen(InetAddress peer, List<String> hops) {
        InetAddress client = peer;
        int count = 0;
        while (count < Math.min(hops.size(), MOST_HOPS) && isTrusted(client)) {
            Optional<InetAddress> before = node(hops.get(hops.size() - 1 - count));
            if (before.isEmpty()) {
                // An obfuscated or malformed hop: no proxy of ours has checked the ones before it.
                return new Seen(client, count);
            }
            client = before.get();
            count++;
        }
        return new Seen(client, count);
    }

    boolean isTrusted(InetAddress address) {
        if (networks.isEmpty()) {
            return false;
        }
        byte[] bytes = address.getAddress();
        return networks.stream().anyMatch(network -> network.contains(bytes));
    }

    /** A parameter of each element; empty where an element lacks it. */
    private static List<String> forwarded(Headers headers, String parameter) {
        String start = parameter + "=";
        List<String> values = new ArrayList<>();
        for (String element : headers.elements("Forwarded")) {
            String value = "";
            for (String pair : element.split(";", -1)) {
                String stripped = pair.strip();
                if (stripped.regionMatches(true, 0, start, 0, start.length())) {
                    value = stripped.substring(start.length());
                }
            }
            values.add(value);
        }
        return values;
    }

    private static String unquoted(String text) {
        return text.length() > 1 && text.startsWith("\"") && text.endsWith("\"")
                ? text.substring(1, text.length() - 1)
                : text;
    }

    /** An address with or without quotes, brackets and a port (RFC 7239, 6). */
    private static Optional<InetAddress> node(String text) {
        String bare = unquoted(text);
        if (bare.startsWith("[")) {
            int end = bare.indexOf(']');
            return end < 0 ? Optional.empty() : address(bare.substring(1, end));
        }
        int colon = bare.indexOf(':');
        return address(colon >= 0 && colon == bare.lastIndexOf(':') ? bare.substring(0, colon) : bare);
    }

    /**
     * A literal address; never a name, which would be looked up, nor an abbreviated IPv4 address, where 10 would be
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
