package dev.thrum.app.load;

import dev.thrum.app.cli.CommandException;
import dev.thrum.app.talk.HostAndPort;
import dev.thrum.http.client.url.Url;
import dev.thrum.http.client.url.UrlException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;

/**
 * What is loaded.
 *
 * @param text as it was typed
 * @param host its host
 * @param port its port
 * @param url its URL; empty for lines over TCP
 */
record LoadTarget(String text, String host, int port, Optional<Url> url) {
    private static final String TCP = "tcp://";

    /**
     * Parses it.
     *
     * @throws IllegalArgumentException with what was expected
     */
    static LoadTarget of(String text) {
        if (text.toLowerCase(Locale.ROOT).startsWith(TCP)) {
            try {
                HostAndPort server = HostAndPort.of(text.substring(TCP.length()));
                return new LoadTarget(text, server.host(), server.port(), Optional.empty());
            } catch (TypeConversionException e) {
                throw new IllegalArgumentException("expected tcp://HOST:PORT but was \"" + text + "\"", e);
            }
        }
        Url url = parsed(text);
        if (!url.username().isEmpty() || !url.password().isEmpty()) {
            throw new IllegalArgumentException(
                    "expected a URL without a user but was given one: send it as --header 'Authorization: ...'");
        }
        return new LoadTarget(text, url.host(), url.port(), Optional.of(url));
    }

    private static Url parsed(String text) {
        try {
            return Url.parse(text);
        } catch (UrlException e) {
            throw new IllegalArgumentException(
                    "expected a URL such as http://localhost:8080/, or tcp://HOST:PORT, but was \"" + text + "\"", e);
        }
    }

    /** Whether it is asked over TLS. */
    boolean isEncrypted() {
        return url.filter(Url::isHttps).isPresent();
    }

    /**
     * Looks the host up.
     *
     * @param permitted the host that may be loaded although it is not this machine
     * @throws IllegalArgumentException if it is another machine, and not permitted
     */
    InetSocketAddress resolve(@Nullable String permitted) throws CommandException {
        try {
            InetAddress address = url.flatMap(Url::address).isPresent()
                    ? url.flatMap(Url::address).orElseThrow()
                    : InetAddress.getByName(host);
            if (!address.isLoopbackAddress() && !host.equalsIgnoreCase(permitted)) {
                throw new IllegalArgumentException("expected a server on this machine but " + host
                        + " is another: if its owner agrees, add --yes-i-may-load " + host);
            }
            return new InetSocketAddress(address, port);
        } catch (UnknownHostException e) {
            throw new CommandException(
                    "cannot load " + text + ": the host \"" + host + "\" was not found; check its spelling", e);
        }
    }
}
