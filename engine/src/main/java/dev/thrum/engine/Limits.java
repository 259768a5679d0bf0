package dev.thrum.engine;

import dev.thrum.base.DurationText;
import java.time.Duration;

/**
 * The limits of a server: connections, and deadlines for its clients.
 *
 * @param maxConnections connections the engine serves at once, over all its servers; a server with a higher limit
 *     than the others keeps the difference in reserve
 * @param maxPerPeer connections one peer may hold at once, over all servers of the engine; an IPv6 peer is a /64
 * @param deadlines how long the server waits for its client
 * @param outbox how many messages wait for a client at most, and what happens then
 */
public record Limits(int maxConnections, int maxPerPeer, Deadlines deadlines, Outbox.Bounds outbox) {
    public Limits {
        atLeastOne("maxConnections", maxConnections);
        atLeastOne("maxPerPeer", maxPerPeer);
    }

    /** 10,000 connections, 1,000 of them from one peer, and the default deadlines and outboxes. */
    public static Limits defaults() {
        return new Limits(10_000, 1_000, Deadlines.defaults(), Outbox.Bounds.defaults());
    }

    public Limits withMaxConnections(int value) {
        return new Limits(value, maxPerPeer, deadlines, outbox);
    }

    public Limits withMaxPerPeer(int value) {
        return new Limits(maxConnections, value, deadlines, outbox);
    }

    public Limits withDeadlines(Deadlines value) {
        return new Limits(maxConnections, maxPerPeer, value, outbox);
    }

    public Limits withOutbox(Outbox.Bounds value) {
        return new Limits(maxConnections, maxPerPeer, deadlines, value);
    }

    private static void atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("expected " + name + " to be at least 1 but was " + value);
        }
    }

    /**
     * The deadlines of a connection's waits for its peer. On the socket engines they are checked ten times a second.
     *
     * @param idle for the first byte of the next line, block or message
     * @param read for the rest of it, once it has begun; and, on engine {@code threads}, how long a client waits for
     *     a worker before it is refused
     * @param write for the peer to read some of the output; a steady reader must read about 90 KiB in this time,
     *     because only then does Linux report room again
     * @param idleUnderLoad replaces {@code idle} while others wait for a worker (engine {@code threads})
     */
    public record Deadlines(Duration idle, Duration read, Duration write, Duration idleUnderLoad) {
        public Deadlines {
            positive("idle", idle);
            positive("read", read);
            positive("write", write);
            positive("idleUnderLoad", idleUnderLoad);
        }

        /** 10 minutes idle, 60 s for the rest of a line, 30 s for a write, 10 s idle while others wait. */
        public static Deadlines defaults() {
            return new Deadlines(
                    Duration.ofMinutes(10), Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofSeconds(10));
        }

        public Deadlines withIdle(Duration value) {
            return new Deadlines(value, read, write, idleUnderLoad);
        }

        public Deadlines withRead(Duration value) {
            return new Deadlines(idle, value, write, idleUnderLoad);
        }

        public Deadlines withWrite(Duration value) {
            return new Deadlines(idle, read, value, idleUnderLoad);
        }

        public Deadlines withIdleUnderLoad(Duration value) {
            return new Deadlines(idle, read, write, value);
        }

        /** The longest deadline: longer ones could overflow a clock that counts nanoseconds. */
        private static final Duration LONGEST = Duration.ofDays(365);

        private static void positive(String name, Duration value) {
            if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException("expected the " + name + " deadline to be above zero and at most "
                        + LONGEST.toDays() + " days but was " + DurationText.of(value));
            }
        }
    }
}
