package dev.thrum.tls;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts handshakes by their outcome. Safe for concurrent use. */
final class HandshakeCount {
    private final Map<String, LongAdder> done = new ConcurrentHashMap<>();
    private final LongAdder nanos = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder ended = new LongAdder();
    private final LongAdder late = new LongAdder();

    /** One is complete. */
    void done(String protocol, long duration) {
        done.computeIfAbsent(protocol, _ -> new LongAdder()).increment();
        nanos.add(duration);
    }

    /** One has failed because the two sides can't agree, or one of them broke the protocol. */
    void failed() {
        failed.increment();
    }

    /** The connection has ended before one was complete, or its time has. */
    void ended(boolean wasLate) {
        (wasLate ? late : ended).increment();
    }

    HandshakeStats stats() {
        Map<String, Long> byProtocol = new TreeMap<>();
        done.forEach((protocol, count) -> byProtocol.put(protocol, count.sum()));
        return new HandshakeStats(byProtocol, Duration.ofNanos(nanos.sum()), failed.sum(), ended.sum(), late.sum());
    }
}
