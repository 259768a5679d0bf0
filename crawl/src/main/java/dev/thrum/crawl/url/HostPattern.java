package dev.thrum.crawl.url;

import dev.thrum.base.Printable;
import dev.thrum.http.client.url.Url;
import dev.thrum.http.client.url.UrlException;

/**
 * Hosts that a user names: {@code example.org} with any port, {@code example.org:8080} with this one, {@code
 * *.example.org} for all names below it at any depth, but not for itself.
 *
 * @param host as it is in URLs
 * @param isBelow whether the names below are meant
 * @param port {@link #ANY_PORT} for any
 */
record HostPattern(String host, boolean isBelow, int port) {
    private static final int ANY_PORT = -1;
    private static final String BELOW = "*.";
    private static final int SHOWN = 80;

    /**
     * A pattern from its text. Names may have any case and letters of any language, and an IPv6 address has brackets.
     *
     * @throws IllegalArgumentException if it is none; the message says what is expected
     */
    static HostPattern parse(String text) {
        boolean isBelow = text.startsWith(BELOW);
        String authority = isBelow ? text.substring(BELOW.length()) : text;
        boolean isHostAndPort = !authority.isEmpty()
                && authority.chars().noneMatch(c -> c <= ' ' || "/\\?#@*".indexOf(c) >= 0)
                && !authority.endsWith(":");
        if (!isHostAndPort) {
            throw unexpected(text, "");
        }
        Url url;
        try {
            url = Url.parse("http://" + authority);
        } catch (UrlException e) {
            throw unexpected(text, ": " + e.getMessage());
        }
        if (isBelow && url.address().isPresent()) {
            throw unexpected(text, ": there are no names below an address");
        }
        boolean hasPort = authority.lastIndexOf(':') > authority.lastIndexOf(']');
        return new HostPattern(url.host(), isBelow, hasPort ? url.port() : ANY_PORT);
    }

    private static IllegalArgumentException unexpected(String text, String why) {
        return new IllegalArgumentException(
                "expected a host such as example.org, example.org:8080, [::1]:8080 or *.example.org but was "
                        + Printable.excerpt(text, SHOWN) + why);
    }

    boolean matches(Url url) {
        return (port == ANY_PORT || port == url.port())
                && (isBelow ? isBelow(url.host()) : url.host().equals(host));
    }

    private boolean isBelow(String name) {
        int dot = name.length() - host.length() - 1;
        return dot > 0 && name.charAt(dot) == '.' && name.endsWith(host);
    }
}
