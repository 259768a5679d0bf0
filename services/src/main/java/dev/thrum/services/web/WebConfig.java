package dev.thrum.services.web;

import dev.thrum.http.HttpFilter;
import dev.thrum.http.HttpLimits;
import dev.thrum.http.HttpLimits.Pace;
import dev.thrum.http.server.ExchangeObserver;
import dev.thrum.http.server.HostCheck;
import dev.thrum.http.server.HttpConfig;
import dev.thrum.http.server.TrustedProxies;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The HTTP configuration of the web services.
 *
 * @param hosts names that clients may ask for, besides those of this machine; if there are none, an address that other
 *     machines can reach accepts any
 * @param proxies whose Forwarded headers are trusted
 * @param pace how fast clients must be
 * @param files the folder that is served under {@code /files/}
 * @param crawl the folder of a crawl, the pages of which can be searched
 */
public record WebConfig(
        List<String> hosts, TrustedProxies proxies, Pace pace, Optional<Path> files, Optional<Path> crawl) {
    private static final List<String> OF_THIS_MACHINE = List.of("localhost", "127.0.0.1", "[::1]");

    /** The pace of HTTP, which is stricter than that of conversations, unless that is configured to be faster still. */
    public static Pace pace(Duration keepAlive, Duration idle, Duration read) {
        Pace defaults = Pace.defaults();
        return defaults.withIdle(shorter(keepAlive, idle))
                .withHead(shorter(defaults.head(), read))
                .withBody(shorter(defaults.pause(), read), defaults.bodyRate());
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    public WebConfig withFiles(Optional<Path> value) {
        return new WebConfig(hosts, proxies, pace, value, crawl);
    }

    public WebConfig withCrawl(Optional<Path> value) {
        return new WebConfig(hosts, proxies, pace, files, value);
    }

    /** The configuration of an HTTP server; its request ids begin with this prefix. */
    public HttpConfig http(ExchangeObserver observer, String ids) {
        return HttpConfig.defaults()
                .withLimits(HttpLimits.defaults().withPace(pace))
                .withErrors(new JsonErrors().withPages())
                .withObserver(observer)
                .withProxies(proxies)
                .withIds(ids);
    }

    /** A check that accepts only requests for the configured hosts. */
    public HttpFilter hostCheck(InetAddress bound) {
        if (hosts.isEmpty() && !bound.isLoopbackAddress()) {
            return (request, next) -> next.handle(request);
        }
        List<String> known = new ArrayList<>(OF_THIS_MACHINE);
        known.add(bound instanceof Inet6Address ? "[" + bound.getHostAddress() + "]" : bound.getHostAddress());
        known.addAll(hosts);
        return HostCheck.of(known);
    }

    /** A check that protects only ports of the loopback address. */
    public static HttpFilter localHostCheck() {
        return HostCheck.of(OF_THIS_MACHINE);
    }
}
