package dev.thrum.events;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * A queue of log messages of the loops; the watchdog's thread logs them.
 *
 * <p>A loop must not log directly: a handler may hold the logger's lock and wait for that loop. No handler ever holds
 * the lock of this queue. Messages that do not fit are dropped.
 */
final class Reports {
    private static final System.Logger LOG = System.getLogger("dev.thrum.events");
    private static final int MOST = 64;

    private final BlockingQueue<Report> queue = new ArrayBlockingQueue<>(MOST);

    private record Report(String text, Throwable cause) {}

    Reports() {
        // When descriptors have run out no class can be loaded any more; the classes for reporting that must be
        // loaded before.
        add(NativeErrors.reason(new IOException("")), new IOException("an example"));
        queue.clear();
    }

    void add(String text, Throwable cause) {
        var _ = queue.offer(new Report(text, cause));
    }

    /** Logs the queued messages. */
    void write() {
        for (Report report = queue.poll(); report != null; report = queue.poll()) {
            LOG.log(Level.ERROR, report.text(), report.cause());
        }
    }
}
