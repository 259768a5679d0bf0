package dev.thrum.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.engine.ConnectionHandler.Refusal;
import dev.thrum.engine.EngineStats.WakeUp;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/** The live connections of an engine, and the admission of new ones. */
final class Registry {
    private final Set<Connection> live = ConcurrentHashMap.newKeySet();
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

    /** The locks of the conversations: a few, because there are many conversations, and each holds one only for a moment. */
    private final List<ReentrantLock> locks =
            Stream.generate(ReentrantLock::new).limit(64).toList();

    /** The wake-ups of resting connections, by reason. */
    private final Map<WakeUp, LongAdder> wakeUps = new EnumMap<>(WakeUp.class);

    private final LongAdder messagesDropped = new LongAdder();
    private final LongAdder slowConsumers = new LongAdder();

    // The largest sums reported so far: a connection that closes is counted nowhere for a moment, but a reported sum
    // must never fall.
    private final AtomicLong reportedIn = new AtomicLong();
    private final AtomicLong reportedOut = new AtomicLong();

    Registry() {
        for (WakeUp reason : WakeUp.values()) {
            wakeUps.put(reason, new LongAdder());
        }
    }

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

    /** The lock of the conversation over this connection, which some others share. */
    ReentrantLock lockOf(Connection connection) {
        return locks.get((int) (connection.number() % locks.size()));
    }

    void add(Connection connection) {
        live.add(connection);
    }

    void remove(Connection connection) {
        if (live.remove(connection)) {
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

    void countWakeUp(WakeUp reason) {
        Objects.requireNonNull(wakeUps.get(reason)).increment();
    }

    /** The wake-ups so far, by reason. */
    Map<WakeUp, Long> wakeUps() {
        Map<WakeUp, Long> sums = new EnumMap<>(WakeUp.class);
        wakeUps.forEach((reason, sum) -> sums.put(reason, sum.sum()));
        return sums;
    }

    EngineStats stats(int waiting) {
        int resting = 0;
        long messages = 0;
        long in = bytesIn.sum();
        long out = bytesOut.sum();
        for (Connection connection : live) {
            in += connection.bytesIn();
            out += connection.bytesOut();
            messages += connection.output().messages().waiting();
            if (connection.side() == ConnectionInfo.Side.SERVED
                    && connection.input().isResting()) {
                resting++;
            }
        }
        long shownIn = reportedIn.accumulateAndGet(in, Math::max);
        long shownOut = reportedOut.accumulateAndGet(out, Math::max);
        lock.lock();
        try {
            return new EngineStats(
                    served,
                    waiting,
                    resting,
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
        return live;
    }

    List<EngineStats.Handler> handlers(HandlerWatch watch) {
        return live.stream()
                .flatMap(connection ->
                        connection.life().handler().stream().map(thread -> handler(connection, thread, watch)))
                .sorted(Comparator.comparingLong(EngineStats.Handler::connection))
                .toList();
    }

    private static EngineStats.Handler handler(Connection connection, Thread thread, HandlerWatch watch) {
        Optional<ExchangeHandler.Activity> activity = connection.life().activity();
        long now = connection.clock().nanoTime();
        Duration busy = activity.map(known -> Duration.ofNanos(Math.max(0, now - known.since())))
                .orElseGet(() -> watch.silence(connection, now));
        return new EngineStats.Handler(
                connection.number(),
                thread,
                ConnectionInfo.Waits.of(connection, Duration.ZERO).what(),
                activity.map(ExchangeHandler.Activity::what).orElse(""),
                busy);
    }

    List<ConnectionInfo> infos() {
        return live.stream()
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
