package dev.thrum.engine;

import dev.thrum.base.AddressText;
import dev.thrum.base.Clock;
import dev.thrum.base.HostLookups;
import dev.thrum.engine.spi.EngineBackend;
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
 * Opens wires, as a client. The name of a host is looked up first, and its addresses are tried one after the other, each for
 * its share of the remaining time, so that an address that does not respond leaves some time for the next.
 */
record Connector(EngineBackend backend) {
    /** More addresses than this are not tried. */
    private static final int MOST_ADDRESSES = 4;

    /**
     * Opens a wire; blocks the caller.
     *
     * @throws AddressRefusedException if the rule refuses every address that was tried
     * @throws UnknownHostException if the host has no address
     * @throws DeadlineException if it takes too long, the look-up included
     */
    Wire open(InetSocketAddress address, AddressRule rule, Duration deadline) throws IOException {
        long end = now() + Clock.nanos(deadline);
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
        return backend.connect(address, end);
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
        CompletableFuture<List<InetAddress>> found = backend.lookUp(host);
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
                backend.clock().schedule(Duration.ofNanos(Math.max(0, end - now())), () -> over.complete(null));
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
        return backend.clock().nanoTime();
    }
}
