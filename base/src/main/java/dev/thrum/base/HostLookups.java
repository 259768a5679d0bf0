package dev.thrum.base;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;

/**
 * Look-ups of host names by the system's resolver, on the threads of an {@link OffloadPool}. A look-up can't be
 * interrupted, so a caller gets a future, and gives up waiting for it when it likes. Safe for concurrent use.
 *
 * <p>Callers that want the same name at the same time share one look-up: a host whose name server does not reply occupies
 * one thread, however many connect to it.
 */
public final class HostLookups implements AutoCloseable {
    private final OffloadPool pool;
    private final Resolver resolver;

    /** The look-ups that have not ended, by host. */
    private final ConcurrentHashMap<String, CompletableFuture<List<InetAddress>>> running = new ConcurrentHashMap<>();

    // Set by the closing thread, never cleared.
    private volatile boolean closed;

    /** Finds the addresses of a host; may block. */
    interface Resolver {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    /** Look-ups on the threads of this pool, which its owner closes after them. */
    public HostLookups(OffloadPool pool) {
        this(pool, InetAddress::getAllByName);
    }

    HostLookups(OffloadPool pool, Resolver resolver) {
        this.pool = pool;
        this.resolver = resolver;
    }

    /** The address that this text is, such as {@code 127.0.0.1} or {@code ::1}; empty if it is a name. */
    public static Optional<InetAddress> literal(String host) {
        char last = host.isEmpty() ? ' ' : host.charAt(host.length() - 1);
        if (host.indexOf(':') < 0 && (last < '0' || last > '9')) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException e) {
            // A name that ends with a digit.
            return Optional.empty();
        }
    }

    /**
     * Begins to look up a host, and returns at once.
     *
     * @return its addresses; fails with an {@link UnknownHostException} if it has none, and with a
     *     {@link RejectedExecutionException} if too many look-ups wait already, or this was closed. Other callers may share
     *     it, so it must not be completed or cancelled
     */
    public CompletableFuture<List<InetAddress>> lookUp(String host) {
        CompletableFuture<List<InetAddress>> mine = new CompletableFuture<>();
        CompletableFuture<List<InetAddress>> known = running.putIfAbsent(host, mine);
        if (known != null) {
            return known;
        }
        var _ = mine.whenComplete((_, _) -> running.remove(host, mine));
        begin(host, mine);
        // After it was put there: either this sees that it is closed, or close finds it.
        if (closed) {
            mine.completeExceptionally(closedAlready());
        }
        return mine;
    }

    private void begin(String host, CompletableFuture<List<InetAddress>> result) {
        try {
            var _ = pool.begin(Offload.NAMES, () -> List.of(resolver.resolve(host)))
                    .whenComplete((found, failure) -> {
                        if (failure == null) {
                            result.complete(found);
                        } else {
                            result.completeExceptionally(failure);
                        }
                    });
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            // The pool is full or closed, or no thread can be started.
            result.completeExceptionally(e);
        }
    }

    private static RejectedExecutionException closedAlready() {
        return new RejectedExecutionException("expected an open engine but it was closed: connect before that");
    }

    /** Ends the waits for all look-ups; their threads end when the system's resolver returns. Idempotent. */
    @Override
    public void close() {
        closed = true;
        running.values().forEach(result -> result.completeExceptionally(closedAlready()));
    }
}
