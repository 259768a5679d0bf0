package dev.thrum.engine;

import dev.thrum.base.AddressText;
import dev.thrum.base.Clock;
import dev.thrum.base.HostLookups;
import dev.thrum.base.Offload;
import dev.thrum.engine.ConnectionInfo.Side;
import dev.thrum.engine.spi.Encryption;
import dev.thrum.engine.spi.EngineBackend;
import dev.thrum.engine.spi.SecureWire;
import dev.thrum.engine.spi.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections, as a client. The name of a host is looked up first, and its addresses are tried one after the other, each for
 * its share of the remaining time, so that an address that does not respond leaves some time for the next.
 */
record Connector(Engine engine) {
    /** More addresses than this are not tried. */
    private static final int MOST_ADDRESSES = 4;

    /** Opens a connection, with its handshake; the calling thread owns it. */
    Connection connect(InetSocketAddress address, Outbound outbound, Duration deadline) throws IOException {
        engine.requireOpen();
        long end = engine.clock().nanoTime() + Clock.nanos(deadline);
        prepare(outbound);
        Wire bare = open(address, outbound.rule(), deadline, end);
        Connection connection = opened(bare, outbound, end);
        connection.takeOwnership();
        engine.registry().add(connection);
        try {
            // Closed meanwhile: either close() has found this connection in the registry, or this check finds the
            // engine closed.
            engine.requireOpen();
        } catch (IllegalStateException e) {
            connection.reset();
            throw e;
        }
        shakeHands(connection);
        return connection;
    }

    private void prepare(Outbound outbound) throws IOException {
        if (outbound.encryption().isEmpty() || outbound.encryption().get().isPrepared()) {
            return;
        }
        Encryption.Client encryption = outbound.encryption().get();
        try {
            backend().offload(Offload.COMPUTE, () -> {
                encryption.prepare();
                return true;
            });
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClosedByInterruptException();
        } catch (Exception e) {
            throw new IOException("expected to load what TLS needs but it failed: " + e, e);
        }
    }

    /** Performs the handshake of a connection that was opened, if it is encrypted. */
    private static void shakeHands(Connection connection) throws IOException {
        boolean done = false;
        try {
            Handshake.of(connection);
            done = true;
        } finally {
            if (!done) {
                // The peer is told why.
                connection.refuse(new byte[0]);
            }
        }
    }

    private Connection opened(Wire bare, Outbound outbound, long end) {
        boolean made = false;
        try {
            Wire wire = bare;
            if (outbound.encryption().isPresent()) {
                SecureWire secure = outbound.encryption().get().over(bare, engine.clock());
                secure.handshakeBy(end);
                wire = secure;
            }
            Connection connection = new Connection(
                    engine, wire, engine.registry().nextNumber(), Side.OPENED, Limits.Deadlines.defaults());
            made = true;
            return connection;
        } finally {
            if (!made) {
                bare.reset();
            }
        }
    }

    /**
     * Opens a wire; blocks the caller.
     *
     * @throws AddressRefusedException if the rule refuses every address that was tried
     * @throws UnknownHostException if the host has no address
     * @throws DeadlineException if it takes too long, the look-up included
     */
    private Wire open(InetSocketAddress address, AddressRule rule, Duration deadline, long end) throws IOException {
        if (!address.isUnresolved()) {
            return connect(address, rule, end);
        }
        String host = address.getHostString();
        Optional<InetAddress> literal = HostLookups.literal(host);
        List<InetSocketAddress> found = (literal.isPresent() ? List.of(literal.get()) : lookedUp(host, deadline, end))
                .stream()
                        .map(it -> new InetSocketAddress(it, address.getPort()))
                        .toList();
        return openAny(found, rule, deadline, end);
    }

    /** Connects, unless the rule refuses the address. */
    private Wire connect(InetSocketAddress address, AddressRule rule, long end) throws IOException {
        Optional<String> refusal = rule.refusal(address);
        if (refusal.isPresent()) {
            throw new AddressRefusedException("expected an address that may be connected to but "
                    + AddressText.of(address) + " may not: " + refusal.get());
        }
        return backend().connect(address, end);
    }

    private Wire openAny(List<InetSocketAddress> addresses, AddressRule rule, Duration deadline, long end)
            throws IOException {
        int tries = Math.min(MOST_ADDRESSES, addresses.size());
        IOException failure = null;
        for (int i = 0; i < tries && end - now() > 0; i++) {
            long start = now();
            try {
                return connect(addresses.get(i), rule, start + (end - start) / (tries - i));
            } catch (ClosedByInterruptException e) {
                throw e;
            } catch (IOException e) {
                failure = joined(failure, e);
            }
        }
        throw failure != null ? failure : new DeadlineException(DeadlineException.Kind.CONNECT, deadline);
    }

    private static IOException joined(@Nullable IOException first, IOException next) {
        if (first == null) {
            return next;
        }
        first.addSuppressed(next);
        return first;
    }

    private List<InetAddress> lookedUp(String host, Duration deadline, long end) throws IOException {
        CompletableFuture<List<InetAddress>> found = backend().lookUp(host);
        await(found, end);
        return switch (found.state()) {
            case SUCCESS -> {
                if (found.resultNow().isEmpty()) {
                    throw unknown(host, null);
                }
                yield found.resultNow();
            }
            case FAILED -> throw failed(host, found.exceptionNow());
            case CANCELLED, RUNNING -> throw DeadlineException.lookUp(host, deadline);
        };
    }

    /** Waits, by the engine's clock, until a look-up has ended or it is too late. Others may share the future. */
    private void await(CompletableFuture<?> found, long end) throws ClosedByInterruptException {
        if (found.isDone()) {
            return;
        }
        CompletableFuture<Void> over = new CompletableFuture<>();
        var _ = found.whenComplete((_, _) -> over.complete(null));
        Clock.Timer timer =
                backend().clock().schedule(Duration.ofNanos(Math.max(0, end - now())), () -> over.complete(null));
        try {
            over.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClosedByInterruptException();
        } catch (ExecutionException e) {
            throw new IllegalStateException("expected a wait that never fails", e);
        } finally {
            timer.cancel();
        }
    }

    private static IOException failed(String host, Throwable cause) {
        return cause instanceof UnknownHostException
                ? unknown(host, cause)
                : new IOException("expected to look up \"" + host + "\" but it failed: " + cause.getMessage(), cause);
    }

    /** The failure for a host without an address. */
    static UnknownHostException unknown(String host, @Nullable Throwable cause) {
        UnknownHostException exception = new UnknownHostException(
                "expected a host name or address but could not resolve \"" + host + "\": check its spelling");
        exception.initCause(cause);
        return exception;
    }

    private long now() {
        return backend().clock().nanoTime();
    }

    private EngineBackend backend() {
        return engine.backend();
    }
}
