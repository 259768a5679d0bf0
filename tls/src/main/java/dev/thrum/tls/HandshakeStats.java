package dev.thrum.tls;

import java.time.Duration;
import java.util.Map;

/**
 * The counters of handshakes since the start.
 *
 * @param done complete ones, by protocol as {@code javax.net.ssl} names it
 * @param time of the complete ones together, from the first byte that was waited for
 * @param failed those that could not agree, among them bad certificates and peers that don't speak TLS
 * @param ended those that the peer broke off
 * @param late those that were not complete at their deadline
 */
public record HandshakeStats(Map<String, Long> done, Duration time, long failed, long ended, long late) {
    public HandshakeStats {
        done = Map.copyOf(done);
    }
}
