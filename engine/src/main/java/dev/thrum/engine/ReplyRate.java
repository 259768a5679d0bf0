package dev.thrum.engine;

import dev.thrum.base.Clock;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * A limit on the replies that each peer gets within one second. Owned by one thread.
 *
 * <p>Memory is bounded: when more than {@link #MOST_PEERS} peers ask within one second, the others get no reply.
 */
final class ReplyRate {
    private static final long SECOND = 1_000_000_000L;
    private static final int MOST_PEERS = 10_000;

    private final int perSecond;
    private final Clock clock;

    // Both owned by the serving thread.
    private final Map<Object, Integer> replies = new HashMap<>();
    private long begin;

    ReplyRate(int perSecond, Clock clock) {
        if (perSecond < 1) {
            throw new IllegalArgumentException("expected at least 1 reply per second but was " + perSecond);
        }
        this.perSecond = perSecond;
        this.clock = clock;
        this.begin = clock.nanoTime();
    }

    boolean allows(InetAddress peer) {
        long now = clock.nanoTime();
        if (now - begin >= SECOND) {
            replies.clear();
            begin = now;
        }
        Object key = Registry.key(peer);
        if (replies.size() >= MOST_PEERS && !replies.containsKey(key)) {
            return false;
        }
        return replies.merge(key, 1, Integer::sum) <= perSecond;
    }
}
