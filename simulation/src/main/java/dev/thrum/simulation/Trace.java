package dev.thrum.simulation;

import dev.thrum.base.DurationText;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.zip.CRC32C;

/**
 * The trace of a run, one line per event: the last ones as text, all of them as a checksum.
 *
 * <p>Owned by the simulation's thread.
 */
final class Trace {
    private static final int KEPT = 400;

    private final Scheduler scheduler;
    private final Deque<String> last = new ArrayDeque<>();
    private final CRC32C checksum = new CRC32C();
    private final StringBuilder all = new StringBuilder();
    private final boolean whole;
    private long events;

    Trace(Scheduler scheduler, boolean whole) {
        this.scheduler = scheduler;
        this.whole = whole;
    }

    void add(String event) {
        String line = DurationText.of(Duration.ofNanos(scheduler.nanoTime())) + " " + event;
        checksum.update(line.getBytes(StandardCharsets.UTF_8));
        events++;
        if (whole) {
            all.append(line).append('\n');
        }
        if (last.size() == KEPT) {
            last.removeFirst();
        }
        last.addLast(line);
    }

    String tail(int lines) {
        return String.join(
                "\n", last.stream().skip(Math.max(0, last.size() - lines)).toList());
    }

    String text() {
        return all.toString();
    }

    long events() {
        return events;
    }

    long checksum() {
        return checksum.getValue();
    }
}
