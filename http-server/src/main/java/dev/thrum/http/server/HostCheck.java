package dev.thrum.http.server;

import dev.thrum.http.HttpException;
import dev.thrum.http.HttpFilter;
import dev.thrum.http.HttpHandler;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.http.syntax.Authority;
import java.net.InetAddress;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Refuses requests for hosts that are not in its list, with 421. Immutable.
 *
 * <p>It protects against DNS rebinding: a page of another site makes a browser send requests to a server on its own
 * machine or network, by a name of that site that resolves to the server. The browser then sends that name as {@code
 * Host}. Ports don't matter. A request without {@code Host}, which only HTTP/1.0 allows, passes.
 */
public final class HostCheck implements HttpFilter {
    private final Set<String> hosts;

    private HostCheck(Set<String> hosts) {
        this.hosts = hosts;
    }

    /**
     * Accepts these hosts, in any case.
     *
     * @param hosts names or addresses without a port; an IPv6 address in brackets
     */
    public static HostCheck of(Collection<String> hosts) {
        return new HostCheck(hosts.stream().map(HostCheck::canonical).collect(Collectors.toUnmodifiableSet()));
    }

    /**
     * One form for all ways to write an IPv6 address, and for a name with and without the dot of the root (RFC 1034,
     * 3.1).
     */
    private static String canonical(String host) {
        if (!host.startsWith("[") || !host.endsWith("]")) {
            String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
            return name.toLowerCase(Locale.ROOT);
        }
        try {
            return "["
                    + InetAddress.ofLiteral(host.substring(1, host.length() - 1))
                            .getHostAddress() + "]";
        } catch (IllegalArgumentException e) {
            return host;
        }
    }

    @Override
    public Response apply(Request request, HttpHandler next) throws Exception {
        String authority = request.authority();
        // Browsers send a Host; HTTP/1.0 allows none.
        if (!authority.isEmpty() && !hosts.contains(canonical(Authority.host(authority)))) {
            throw HttpException.of(421, "This server is not configured for the host that was requested");
        }
        return next.handle(request);
    }
}
