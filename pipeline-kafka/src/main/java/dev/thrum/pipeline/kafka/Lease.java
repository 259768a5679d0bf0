package dev.thrum.pipeline.kafka;

import dev.thrum.base.Clock;
import java.time.Duration;
import java.util.function.DoubleSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.Metric;

/**
 * Until when a member of a consumer group may go on as the owner of its partitions: for a session after the last
 * heartbeat that the broker has answered, counted from when that heartbeat was sent. A program that was stopped for
 * longer finds its lease over before it hears of it from the broker.
 *
 * <p>Kafka's consumer doesn't say when it sent a heartbeat, only how many were answered. It sends one at a time. So the
 * one that was answered last was sent after the answer to the one before it had arrived, and that is later than the last
 * {@link #look} which didn't count that answer.
 *
 * <p>The thread that polls the consumer looks, several times for each heartbeat; any thread may ask {@link #isHeld}. A
 * lease that has run out stays so: the partitions must be taken anew, by another consumer. The clock must run on while
 * the program is stopped, which that of a virtual machine that is frozen as a whole doesn't.
 */
public final class Lease {
    private final DoubleSupplier answers;
    private final long session;
    private final Clock clock;

    /** When {@link #look} was called last, and how many answers it saw; only for the thread that looks. */
    private long lookedAt;

    private double seen;

    /** The last look that did not count the last answer; only for the thread that looks. */
    private long before;

    /** When the lease is over. Written by the thread that looks, before {@code begun}. */
    private volatile long until;

    private volatile boolean begun;

    /** Written by any thread; it only becomes true. */
    private volatile boolean lost;

    /**
     * A lease that begins with the first answer.
     *
     * @param answers the number of heartbeats that were answered
     * @param session the session of the group
     */
    public Lease(DoubleSupplier answers, Duration session, Clock clock) {
        this.answers = answers;
        this.session = Clock.nanos(session);
        this.clock = clock;
        this.lookedAt = clock.nanoTime();
        this.before = lookedAt;
        this.seen = answers.getAsDouble();
    }

    /** The number of heartbeats of a consumer that were answered, as its metrics have it. */
    public static DoubleSupplier answersTo(Consumer<?, ?> consumer) {
        Metric total = consumer.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals("heartbeat-total"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "expected the metric heartbeat-total of Kafka's consumer but it has none"))
                .getValue();
        return () -> (double) total.metricValue();
    }

    /** Looks whether another heartbeat was answered. */
    public void look() {
        long now = clock.nanoTime();
        double number = answers.getAsDouble();
        if (number > seen) {
            // A lease that is over is not revived: others may have had the partitions meanwhile.
            if (!begun || now - until < 0) {
                until = before + session;
                begun = true;
            }
            before = lookedAt;
            seen = number;
        }
        lookedAt = now;
    }

    /** Whether the member may go on as the owner of its partitions. */
    public boolean isHeld() {
        return begun && !lost && clock.nanoTime() - until < 0;
    }

    /** Whether it had begun and is over. */
    public boolean isOver() {
        return begun && !isHeld();
    }

    /** Ends it, because the broker has said so. */
    public void lose() {
        lost = true;
    }
}
