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
import java.util.concurrent.locks.ReentrantLock;

/** The live connections of an engine, and who may still come in. */
final class Registry {
    private final Map<Long, Connection> live = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<Object, Integer> servedByPeer = new HashMap<>();

    @GuardedBy("lock")
    private int served;

    long nextNumber() {
        return numbers.incrementAndGet();
    }

    /** Takes a place for a client of this server, or says why there is none; {@link #leave} gives it back. */
    Optional<Refusal> enter(InetSocketAddress peer, Limits limits) {
        Object key = key(peer.getAddress());
        lock.lock();
        try {
            if (served >= limits.maxConnections()) {
                return Optional.of(Refusal.SERVER_FULL);
            }
            if (servedByPeer.getOrDefault(key, 0) >= limits.maxPerPeer()) {
                return Optional.of(Refusal.PEER_LIMIT);
            }
            served++;
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
        live.remove(connection.number());
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
     * What counts as one peer: an address, or a /64 of IPv6, which is what one customer holds (RFC 6177). The addresses
     * of a link share one prefix and are told apart.
     */
    static Object key(InetAddress address) {
        if (address instanceof Inet6Address && !address.isLoopbackAddress() && !address.isLinkLocalAddress()) {
            return ByteBuffer.wrap(address.getAddress(), 0, Long.BYTES);
        }
        return address;
    }
}
