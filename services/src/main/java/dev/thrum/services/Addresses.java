package dev.thrum.services;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Socket addresses as people write them. */
public final class Addresses {
    private static final Pattern ZEROS = Pattern.compile("(?:^|:)0(?::0)+(?::|$)");

    private Addresses() {}

    /** {@code 127.0.0.1:8888} or {@code [::1]:8888}. */
    public static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        boolean bracketed = address.getAddress() instanceof Inet6Address;
        return (bracketed ? "[" + shortened(host) + "]" : host) + ":" + address.getPort();
    }

    /** The longest run of zeros becomes {@code ::} (RFC 5952, section 4.2). */
    private static String shortened(String ipv6) {
        return ZEROS.matcher(ipv6)
                .results()
                .map(MatchResult::group)
                .max(Comparator.comparingInt(String::length))
                .map(longest -> ipv6.replaceFirst("(?:^|(?<=[^:]))" + longest, "::"))
                .orElse(ipv6);
    }
}
