package dev.thrum.events;

import java.time.Duration;

/**
 * How engine {@code events} is set up.
 *
 * @param transport how its loops talk to the kernel
 * @param loops how many event loops there are, each a thread; connections are dealt out among them
 * @param stall a loop that has served nobody else for so long is reported
 */
public record EventOptions(TransportKind transport, int loops, Duration stall) {
    private static final int MOST_LOOPS = 1_024;

    public EventOptions {
        if (loops < 1 || loops > MOST_LOOPS) {
            throw new IllegalArgumentException("expected 1 to " + MOST_LOOPS + " loops but was " + loops);
        }
        if (stall.isNegative() || stall.isZero()) {
            throw new IllegalArgumentException("expected a stall limit above zero but was " + stall);
        }
    }

    /** Epoll where there is Linux, a loop for each core, reports of stalls of 100 ms. */
    public static EventOptions defaults() {
        TransportKind usual =
                System.getProperty("os.name", "").startsWith("Linux") ? TransportKind.EPOLL : TransportKind.NIO;
        return new EventOptions(usual, Runtime.getRuntime().availableProcessors(), Duration.ofMillis(100));
    }

    public EventOptions withTransport(TransportKind value) {
        return new EventOptions(value, loops, stall);
    }

    public EventOptions withLoops(int value) {
        return new EventOptions(transport, value, stall);
    }

    public EventOptions withStall(Duration value) {
        return new EventOptions(transport, loops, value);
    }
}
