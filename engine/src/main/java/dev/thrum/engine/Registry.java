package dev.thrum.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.engine.ConnectionHandler.Refusal;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/** The live connections of an engine, and the admission of new ones. */
final class Registry {
    private final Map<Long, Connection> live = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<Object, Integer> servedByPeer = new HashMap<>();

    @GuardedBy("lock")
    private int served;

    @GuardedBy("lock")
    private long accepted;

    @GuardedBy("lock")
    private long refused;

    // The bytes of closed connections.
    private final LongAdder bytesIn = new LongAdder();
    private final LongAdder bytesOut = new LongAdder();

    private final LongAdder messagesDropped = new LongAdder();
    private final LongAdder slowConsumers = new LongAdder();

    // The largest sums reported so far: a connection that closes is counted nowhere for a moment, but a reported sum
    // must never fall.
    private final AtomicLong reportedIn = new AtomicLong();
    private final AtomicLong reportedOut = new AtomicLong();

    long nextNumber() {
        return numbers.incrementAndGet();
    }

    /** Takes a place for a client of this server, or returns why there is none; {@link #leave} gives it back. */
    Optional<Refusal> enter(InetSocketAddress peer, Limits limits) {
        Object key = key(peer.getAddress());
        lock.lock();
        try {
            if (served >= limits.maxConnections()) {
                refused++;
                return Optional.of(Refusal.SERVER_FULL);
            }
            if (servedByPeer.getOrDefault(key, 0) >= limits.maxPerPeer()) {
                refused++;
                return Optional.of(Refusal.PEER_LIMIT);
            }
            served++;
            accepted++;
            servedByPeer.merge(key, 1, Integer::sum);
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    void leave(InetSocketAddress peer) {
        Object key = key(peer.getAddress());
        lock.lock();
        try {
            served--;
            servedByPeer.computeIfPresent(key, (k, count) -> count == 1 ? null : count - 1);
        } finally {
            lock.unlock();
        }
    }

    void add(Connection connection) {
        live.put(connection.number(), connection);
    }

    void remove(Connection connection) {
        if (live.remove(connection.number()) != null) {
            bytesIn.add(connection.bytesIn());
            bytesOut.add(connection.bytesOut());
        }
    }

    void countDropped(int messages) {
        messagesDropped.add(messages);
    }

    void countSlow() {
        slowConsumers.increment();
    }

    EngineStats stats(int waiting) {
        long messages = 0;
        long in = bytesIn.sum();
        long out = bytesOut.sum();
        for (Connection connection : live.values()) {
            in += connection.bytesIn();
            out += connection.bytesOut();
            messages += connection.output().messages().waiting();
        }
        long shownIn = reportedIn.accumulateAndGet(in, Math::max);
        long shownOut = reportedOut.accumulateAndGet(out, Math::max);
        lock.lock();
        try {
            return new EngineStats(
                    served,
                    waiting,
                    accepted,
                    refused,
                    shownIn,
                    shownOut,
                    messages,
                    messagesDropped.sum(),
                    slowConsumers.sum());
        } finally {
            lock.unlock();
        }
    }

    Collection<Connection> live() {
        return live.values();
    }

    List<ConnectionInfo> infos() {
        return live.values().stream()
                .map(Connection::info)
                .sorted(Comparator.comparingLong(ConnectionInfo::number))
                .toList();
    }

    /**
     * The key of a peer: an address, or for IPv6 a /64, which is what one customer gets (RFC 6177). Link-local
     * addresses all share one prefix, so each counts separately.
     */
    static Object key(InetAddress address) {
        if (address instanceof Inet6Address && !address.isLoopbackAddress() && !address.isLinkLocalAddress()) {
            return ByteBuffer.wrap(address.getAddress(), 0, Long.BYTES);
        }
        return address;
    }
}
