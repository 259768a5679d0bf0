package dev.thrum.engine;

import dev.thrum.base.Clock;
import dev.thrum.engine.ByteReader.Arrival;
import dev.thrum.engine.ConnectionInfo.Waiting;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;

/**
 * A wait for the end of a stream by code that goes on writing: see {@link ByteReader#awaitEnd}. Owned by the owner of the
 * input.
 */
final class EndWait {
    /** The most unread bytes that are read ahead, to find the end after them. */
    private static final int MOST_AHEAD = 64 * 1024;

    /** How often the end is looked for that can't be waited for, because more than that is unread. */
    private static final Duration CHECK = Duration.ofMillis(100);

    private final Connection connection;
    private final ByteReader reader;
    private final InputHalf half;
    private final WaitState.Wait wait;
    private final long until;

    EndWait(Connection connection, ByteReader reader, InputHalf half, Duration patience) {
        long now = connection.clock().nanoTime();
        this.connection = connection;
        this.reader = reader;
        this.half = half;
        this.wait = WaitState.Wait.withoutDeadline(Waiting.PAUSE, now);
        this.until = now + Clock.nanos(patience);
    }

    Arrival await() throws IOException {
        try {
            Arrival arrival = Arrival.INPUT;
            while (arrival == Arrival.INPUT) {
                boolean inSight = reader.limit() - reader.position() < MOST_AHEAD;
                arrival = inSight ? reader.readAhead(wait, until) : look();
            }
            return arrival == Arrival.NOTHING && half.takeWoken() ? Arrival.WOKEN : arrival;
        } catch (IOException e) {
            if (connection.isClosed() || Thread.currentThread().isInterrupted()) {
                throw e;
            }
            // The peer has broken it.
            return Arrival.END;
        }
    }

    /** Looks whether it has ended, sleeps, and returns INPUT if the wait goes on. */
    private Arrival look() throws IOException {
        half.runDueTasks();
        connection.flushBeforeWaiting();
        if (half.hasEnded()) {
            return Arrival.END;
        }
        long left = until - connection.clock().nanoTime();
        if (left <= 0 || half.isCalled()) {
            return Arrival.NOTHING;
        }
        try {
            connection.clock().sleep(Duration.ofNanos(Math.min(left, CHECK.toNanos())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClosedByInterruptException();
        }
        return Arrival.INPUT;
    }
}
