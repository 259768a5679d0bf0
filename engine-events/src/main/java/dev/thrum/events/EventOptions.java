package dev.thrum.events;

import dev.thrum.base.DurationText;
import dev.thrum.engine.spi.RestPolicy;
import java.time.Duration;

/**
 * The configuration of the engine {@code events}.
 *
 * @param transport the kernel interface of its loops
 * @param loops the number of event loops, each with a thread; connections are distributed among them
 * @param stall the watchdog reports a loop that has run a single task for this long
 * @param resting when connections of exchange handlers give their thread back; not the default only in tests
 */
public record EventOptions(TransportKind transport, int loops, Duration stall, RestPolicy resting) {
    private static final int MOST_LOOPS = 1_024;

    public EventOptions {
        if (loops < 1 || loops > MOST_LOOPS) {
            throw new IllegalArgumentException("expected 1 to " + MOST_LOOPS + " loops but was " + loops);
        }
        if (stall.isNegative() || stall.isZero()) {
            throw new IllegalArgumentException("expected a stall limit above zero but was " + DurationText.of(stall));
        }
    }

    /** A configuration with the default of what is not given. */
    public EventOptions(TransportKind transport, int loops, Duration stall) {
        this(transport, loops, stall, RestPolicy.WHEN_IDLE);
    }

    /** The default configuration: epoll on Linux, a loop for each core, and stalls reported from 100 ms on. */
    public static EventOptions defaults() {
        TransportKind usual =
                System.getProperty("os.name", "").startsWith("Linux") ? TransportKind.EPOLL : TransportKind.NIO;
        return new EventOptions(usual, Runtime.getRuntime().availableProcessors(), Duration.ofMillis(100));
    }

    public EventOptions withTransport(TransportKind value) {
        return new EventOptions(value, loops, stall, resting);
    }

    public EventOptions withLoops(int value) {
        return new EventOptions(transport, value, stall, resting);
    }

    public EventOptions withStall(Duration value) {
        return new EventOptions(transport, loops, value, resting);
    }

    public EventOptions withResting(RestPolicy value) {
        return new EventOptions(transport, loops, stall, value);
    }
}
