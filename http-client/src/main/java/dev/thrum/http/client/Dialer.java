package dev.thrum.http.client;

import dev.thrum.base.Clock;
import dev.thrum.base.Offload;
import dev.thrum.engine.Connection;
import dev.thrum.engine.DeadlineException;
import dev.thrum.engine.Engine;
import dev.thrum.http.syntax.Syntax;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to hosts. (TLS belongs here, once there is any.) Immutable.
 *
 * <p>The addresses of a host are tried one after the other, each for its share of the remaining time, so that an
 * address that does not respond leaves some time for the next.
 */
final class Dialer {
    /** More addresses than this are not tried. */
    private static final int MOST_ADDRESSES = 4;

    private final Engine engine;
    private final Resolver resolver;

    /** Finds the addresses of a host; may block. */
    interface Resolver {
        List<InetAddress> resolve(String host) throws UnknownHostException;
    }

    Dialer(Engine engine, Resolver resolver) {
        this.engine = engine;
        this.resolver = resolver;
    }

    /** Looks up names with the resolver of the system. */
    static Dialer over(Engine engine) {
        return new Dialer(engine, host -> List.of(InetAddress.getAllByName(host)));
    }

    /**
     * Opens a connection.
     *
     * @throws UnknownHostException if the host has no address
     * @throws DeadlineException if it takes too long
     */
    Connection open(Origin origin, Duration time) throws IOException {
        long end = engine.clock().nanoTime() + Clock.nanos(time);
        List<InetAddress> addresses = addresses(origin.host());
        int tries = Math.min(MOST_ADDRESSES, addresses.size());
        IOException failure = null;
        for (int i = 0; i < tries; i++) {
            long left = end - engine.clock().nanoTime();
            if (left <= 0) {
                break;
            }
            try {
                return engine.connect(
                        new InetSocketAddress(addresses.get(i), origin.port()), Duration.ofNanos(left / (tries - i)));
            } catch (IOException e) {
                failure = joined(failure, e);
            }
        }
        throw failure != null ? failure : new DeadlineException(DeadlineException.Kind.CONNECT, time);
    }

    private static IOException joined(@Nullable IOException first, IOException next) {
        if (first == null) {
            return next;
        }
        first.addSuppressed(next);
        return first;
    }

    private List<InetAddress> addresses(String host) throws IOException {
        boolean bracketed = host.startsWith("[");
        if (bracketed || Syntax.isDigit(host.charAt(host.length() - 1))) {
            try {
                return List.of(InetAddress.ofLiteral(bracketed ? host.substring(1, host.length() - 1) : host));
            } catch (IllegalArgumentException e) {
                if (bracketed) {
                    throw unknown(host, e);
                }
                // It is a name that ends with a digit.
            }
        }
        List<InetAddress> addresses = lookedUp(host);
        if (addresses.isEmpty()) {
            throw unknown(host, null);
        }
        return addresses;
    }

    private static IOException unknown(String host, @Nullable Throwable cause) {
        IOException exception = new UnknownHostException("expected a host with an address but was " + host);
        exception.initCause(cause);
        return exception;
    }

    private List<InetAddress> lookedUp(String host) throws IOException {
        try {
            return engine.offload(Offload.NAMES, () -> resolver.resolve(host));
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ClientConnection.interrupted(e);
        } catch (Exception e) {
            throw new IOException("expected to look up " + host + " but it failed: " + e, e);
        }
    }
}
