package dev.thrum.base;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Addresses as messages and logs show them: IPv6 in the form of RFC 5952, so that one address has one form to search
 * for.
 */
public final class AddressText {
    private static final int GROUPS = 8;
    private static final int HEX = 16;

    private AddressText() {}

    /**
     * {@code 127.0.0.1:8888} or {@code [::1]:8888}; {@code example.org:8888} only if the name is not resolved, because
     * the address says exactly what is meant.
     */
    public static String of(InetSocketAddress address) {
        InetAddress resolved = address.getAddress();
        String host = resolved == null ? address.getHostString() : of(resolved);
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    /** The address without its zone: the name of a local interface after a {@code %}, which may have any characters. */
    public static String of(InetAddress address) {
        if (address instanceof Inet4Address) {
            return address.getHostAddress();
        }
        byte[] bytes = address.getAddress();
        int start = 0;
        int most = 1;
        for (int i = 0; i < GROUPS; i++) {
            int length = zeros(bytes, i);
            if (length > most) {
                start = i;
                most = length;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (most > 1 && i == start) {
                // The longest run of zeros, the first of several (section 4.2).
                text.append("::");
                i += most - 1;
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":");
                text.append(Integer.toString(group(bytes, i), HEX));
            }
        }
        return text.toString();
    }

    private static int zeros(byte[] bytes, int from) {
        int end = from;
        while (end < GROUPS && group(bytes, end) == 0) {
            end++;
        }
        return end - from;
    }

    private static int group(byte[] bytes, int index) {
        return ((bytes[2 * index] & 0xff) << Byte.SIZE) | (bytes[2 * index + 1] & 0xff);
    }
}
