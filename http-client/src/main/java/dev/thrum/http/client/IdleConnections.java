package dev.thrum.http.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.base.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The connections that wait for a next request, limited in total number, number per host, and time. Safe for concurrent
 * use.
 *
 * <p>It owns the connections in it; the thread that takes one out owns it. Connections are checked and closed outside
 * of the lock.
 */
final class IdleConnections implements AutoCloseable {
    private final Clock clock;
    private final HttpClientConfig.Idle bounds;
    private final long time;
    private final ReentrantLock lock = new ReentrantLock();

    /** For each origin, the connection that became idle last is at the end. */
    @GuardedBy("lock")
    private final Map<Origin, Deque<Idle>> byOrigin = new HashMap<>();

    /** All connections; the one that became idle last is at the end. */
    @GuardedBy("lock")
    private final Set<Idle> byAge = new LinkedHashSet<>();

    /** Set while there are connections. */
    @GuardedBy("lock")
    private Clock.@Nullable Timer sweeper;

    @GuardedBy("lock")
    private State state = State.OPEN;

    private enum State {
        OPEN,
        CLOSED
    }

    /** A connection and when it became idle. Compared by identity. */
    private static final class Idle {
        private final ClientConnection connection;
        private final long since;

        Idle(ClientConnection connection, long since) {
            this.connection = connection;
            this.since = since;
        }
    }

    IdleConnections(Clock clock, HttpClientConfig.Idle bounds) {
        this.clock = clock;
        this.bounds = bounds;
        this.time = Clock.nanos(bounds.time());
    }

    /** The most recently used connection to this origin that is still usable. */
    Optional<ClientConnection> take(Origin origin) {
        while (true) {
            Optional<ClientConnection> newest = takeNewest(origin);
            if (newest.isEmpty() || newest.get().isQuiet()) {
                return newest;
            }
            newest.get().reset();
        }
    }

    private Optional<ClientConnection> takeNewest(Origin origin) {
        List<Idle> over;
        Optional<ClientConnection> newest = Optional.empty();
        lock.lock();
        try {
            requireOpen();
            over = removeOver();
            Deque<Idle> same = byOrigin.get(origin);
            if (same != null) {
                Idle last = same.getLast();
                remove(last);
                newest = Optional.of(last.connection);
            }
        } finally {
            lock.unlock();
        }
        closeAll(over);
        return newest;
    }

    /**
     * Keeps a connection for the next request. If there is no room, the connection that has been idle longest is
     * closed.
     */
    void keep(ClientConnection connection) {
        List<Idle> over;
        lock.lock();
        try {
            Idle idle = new Idle(connection, clock.nanoTime());
            if (state == State.CLOSED) {
                over = List.of(idle);
            } else {
                over = removeOver();
                makeRoom(connection.origin(), over);
                byAge.add(idle);
                byOrigin.computeIfAbsent(connection.origin(), _ -> new ArrayDeque<>())
                        .addLast(idle);
                if (sweeper == null) {
                    sweeper = clock.schedule(bounds.time(), this::sweep);
                }
            }
        } finally {
            lock.unlock();
        }
        closeAll(over);
    }

    @GuardedBy("lock")
    private void makeRoom(Origin origin, List<Idle> over) {
        Deque<Idle> same = byOrigin.get(origin);
        if (same != null && same.size() >= bounds.mostPerHost()) {
            over.add(same.getFirst());
            remove(same.getFirst());
        }
        if (byAge.size() >= bounds.most()) {
            Idle oldest = byAge.iterator().next();
            over.add(oldest);
            remove(oldest);
        }
    }

    @GuardedBy("lock")
    private void remove(Idle idle) {
        byAge.remove(idle);
        Deque<Idle> same = byOrigin.get(idle.connection.origin());
        if (same != null) {
            same.remove(idle);
            if (same.isEmpty()) {
                byOrigin.remove(idle.connection.origin());
            }
        }
    }

    /** Removes the connections whose time is over. */
    @GuardedBy("lock")
    private List<Idle> removeOver() {
        List<Idle> over = new ArrayList<>();
        long now = clock.nanoTime();
        for (Idle idle : byAge) {
            if (now - idle.since < time) {
                break;
            }
            over.add(idle);
        }
        for (Idle idle : over) {
            remove(idle);
        }
        return over;
    }

    /** Runs on the thread of the clock, so it must not wait. */
    private void sweep() {
        List<Idle> over;
        lock.lock();
        try {
            over = removeOver();
            sweeper = null;
            if (!byAge.isEmpty() && state == State.OPEN) {
                long left = byAge.iterator().next().since + time - clock.nanoTime();
                sweeper = clock.schedule(Duration.ofNanos(Math.max(0, left)), this::sweep);
            }
        } finally {
            lock.unlock();
        }
        closeAll(over);
    }

    private static void closeAll(List<Idle> over) {
        over.forEach(idle -> idle.connection.close());
    }

    @GuardedBy("lock")
    private void requireOpen() {
        if (state == State.CLOSED) {
            throw new IllegalStateException("expected an open client but it was closed: send before that");
        }
    }

    /** The number of connections. */
    int size() {
        lock.lock();
        try {
            return byAge.size();
        } finally {
            lock.unlock();
        }
    }

    /** Closes all connections, and those that are returned later. Idempotent. */
    @Override
    public void close() {
        List<Idle> all;
        lock.lock();
        try {
            state = State.CLOSED;
            all = List.copyOf(byAge);
            byAge.clear();
            byOrigin.clear();
            if (sweeper != null) {
                sweeper.cancel();
                sweeper = null;
            }
        } finally {
            lock.unlock();
        }
        closeAll(all);
    }
}
