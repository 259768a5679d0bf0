package dev.thrum.events;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * What loops have to say to the log; the watchdog's thread says it.
 *
 * <p>A loop must not log by itself: a handler may hold the logger's lock and wait for that loop. The lock of this queue is
 * one that no handler holds. What does not fit is dropped.
 */
final class Reports {
    private static final System.Logger LOG = System.getLogger("dev.thrum.events");
    private static final int MOST = 64;

    private final BlockingQueue<Report> queue = new ArrayBlockingQueue<>(MOST);

    private record Report(String text, Throwable cause) {}

    Reports() {
        // When descriptors have run out no class can be loaded any more; these are needed to say so.
        add(NativeErrors.reason(new IOException("")), new IOException("an example"));
        queue.clear();
    }

    void add(String text, Throwable cause) {
        var _ = queue.offer(new Report(text, cause));
    }

    /** Logs what has come together. */
    void write() {
        for (Report report = queue.poll(); report != null; report = queue.poll()) {
            LOG.log(Level.ERROR, report.text(), report.cause());
        }
    }
}
