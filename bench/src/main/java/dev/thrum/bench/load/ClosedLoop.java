package dev.thrum.bench.load;

import dev.thrum.measure.CpuClock;
import dev.thrum.measure.Snapshot;
import dev.thrum.measure.Window;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;

/**
 * Workers that each make a round trip when they have made the one before. Its methods are called by one thread, except for
 * {@link #work}, which each worker calls once on its own.
 */
final class ClosedLoop {
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final CountDownLatch running;
    private final LongAdder trips = new LongAdder();
    private final CompletableFuture<Exception> failure = new CompletableFuture<>();

    /** Written by the calling thread, read by the workers. */
    private volatile boolean ending;

    /** Makes one round trip, and checks the answer. */
    @FunctionalInterface
    interface Trip {
        void make() throws IOException, InterruptedException;
    }

    ClosedLoop(int workers) {
        running = new CountDownLatch(workers);
    }

    /** Makes round trips until the loop ends or one fails. */
    void work(Trip trip) {
        try {
            while (!ending) {
                trip.make();
                trips.increment();
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            var _ = failure.complete(e);
        } finally {
            running.countDown();
        }
    }

    /** The number of round trips that have been completed. */
    long trips() {
        return trips.sum();
    }

    /** Waits for this long, or throws the failure of a worker. */
    void runFor(Duration time) throws IOException, InterruptedException {
        try {
            Exception e = failure.get(time.toMillis(), TimeUnit.MILLISECONDS);
            throw new IOException("expected all conversations to continue but one failed: " + e.getMessage(), e);
        } catch (TimeoutException e) {
            // None has failed.
        } catch (ExecutionException e) {
            throw new IllegalStateException("expected the failure as a value", e);
        }
    }

    /**
     * Measures as a command {@code run EXCHANGE PORT CONNECTIONS LEAD WINDOW PID} of {@link Generator} says. Durations of round
     * trips aren't measured.
     */
    Window measure(String[] command, CpuClock own) throws IOException, InterruptedException {
        List<CpuClock> server = Snapshot.clocks(command[6]);
        runFor(Duration.ofMillis(Integer.parseInt(command[4])));
        long before = trips();
        Snapshot start = Snapshot.now(server, own);
        runFor(Duration.ofMillis(Integer.parseInt(command[5])));
        return start.until(Snapshot.now(server, own), trips() - before, 0, new Histogram(3));
    }

    /** Ends the workers after their next answers, and waits until they have ended. */
    void end() throws IOException, InterruptedException {
        ending = true;
        if (!running.await(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IOException("expected the end of all conversations within " + DEADLINE.toSeconds() + " s but "
                    + running.getCount() + " are left: the server hangs");
        }
        runFor(Duration.ZERO);
    }

    /** Lets the workers end, and doesn't wait. */
    void stop() {
        ending = true;
    }
}
