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
 * Refuses requests for hosts that this server was not told of, with 421.
 *
 * <p>A page from elsewhere can make a browser ask a server on its own machine by a name that leads there (DNS
 * rebinding); the browser then says that name. Ports don't matter. Immutable.
 */
public final class HostCheck implements HttpFilter {
    private final Set<String> hosts;

    private HostCheck(Set<String> hosts) {
        this.hosts = hosts;
    }

    /** These hosts; an IPv6 address with its brackets. */
    public static HostCheck of(Collection<String> hosts) {
        return new HostCheck(hosts.stream().map(HostCheck::canonical).collect(Collectors.toUnmodifiableSet()));
    }

    /** One IPv6 address can be written in many ways, and a name with the dot of the root behind it (RFC 1034, 3.1). */
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
        // Without a Host, which HTTP/1.0 allows, it was no browser.
        if (!authority.isEmpty() && !hosts.contains(canonical(Authority.host(authority)))) {
            throw HttpException.of(421, "This server was not told of the host that was asked for");
        }
        return next.handle(request);
    }
}
