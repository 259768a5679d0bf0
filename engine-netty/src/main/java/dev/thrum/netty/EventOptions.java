package dev.thrum.netty;

import java.time.Duration;

/**
 * How engine {@code events} is set up.
 *
 * @param transport how its loops talk to the kernel
 * @param loops how many event loops there are, each a thread; connections are dealt out among them
 * @param stall a loop that has served nobody else for so long is reported
 */
public record EventOptions(Transport transport, int loops, Duration stall) {
    public EventOptions {
        if (loops < 1) {
            throw new IllegalArgumentException("expected at least 1 loop but was " + loops);
        }
        if (stall.isNegative() || stall.isZero()) {
            throw new IllegalArgumentException("expected a stall limit above zero but was " + stall);
        }
    }

    /** Epoll, a loop for each core, reports of stalls of 100 ms. */
    public static EventOptions defaults() {
        return new EventOptions(Transport.EPOLL, Runtime.getRuntime().availableProcessors(), Duration.ofMillis(100));
    }

    public EventOptions withTransport(Transport value) {
        return new EventOptions(value, loops, stall);
    }

    public EventOptions withLoops(int value) {
        return new EventOptions(transport, value, stall);
    }

    public EventOptions withStall(Duration value) {
        return new EventOptions(transport, loops, value);
    }
}
