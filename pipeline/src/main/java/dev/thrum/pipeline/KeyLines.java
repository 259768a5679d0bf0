package dev.thrum.pipeline;

import dev.thrum.base.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a stage that limits them: how many items of each run, until when a key is held, and which items wait for
 * it. Not thread-safe: guarded by the lock of its {@link Intake}.
 */
final class KeyLines<T> {
    /** One key, while an item of it runs or waits, or it is held. */
    private static final class Line<T> {
        private final Deque<Pending<T>> waiting = new ArrayDeque<>();
        private int running;

        /** Ends the hold; null while the key is not held. */
        private Clock.@Nullable Timer hold;

        private long heldUntil;

        private boolean isUnused() {
            return running == 0 && hold == null && waiting.isEmpty();
        }
    }

    private final Map<String, Line<T>> lines = new HashMap<>();
    private final int perKey;
    private final Clock clock;

    /** Receives items that may begin; they count as running from then on. */
    private final Deque<Pending<T>> ready;

    /** Called by a timer, without the lock, when the hold of a key is over. */
    private final Consumer<String> released;

    private int waiting;

    KeyLines(int perKey, Clock clock, Deque<Pending<T>> ready, Consumer<String> released) {
        this.perKey = perKey;
        this.clock = clock;
        this.ready = ready;
        this.released = released;
    }

    /** Lets an item that has arrived begin, or wait for its key after those that already do. */
    void arrive(Pending<T> item) {
        Line<T> line = line(item.key());
        line.waiting.addLast(item);
        waiting++;
        advance(line);
    }

    /** Lets an item that was tried before begin, or wait for its key before all others. */
    void arriveAgain(Pending<T> item) {
        Line<T> line = line(item.key());
        line.waiting.addFirst(item);
        waiting++;
        advance(line);
    }

    /** Counts the end of an item that was running, and holds its key for this long if it is more than 0. */
    void end(String key, Duration pause) {
        Line<T> line = line(key);
        line.running--;
        if (pause.isPositive()) {
            hold(key, line, pause);
        }
        advance(line);
        dropUnused(key, line);
    }

    /** Ends the hold of a key, unless it was extended meanwhile. */
    void release(String key) {
        Line<T> line = lines.get(key);
        if (line == null || line.hold == null) {
            return;
        }
        line.hold.cancel();
        line.hold = null;
        long left = line.heldUntil - clock.nanoTime();
        if (left > 0) {
            hold(key, line, Duration.ofNanos(left));
        }
        advance(line);
        dropUnused(key, line);
    }

    private void hold(String key, Line<T> line, Duration pause) {
        long until = clock.nanoTime() + Clock.nanos(pause);
        if (line.hold != null) {
            if (line.heldUntil - until >= 0) {
                return;
            }
            line.hold.cancel();
        }
        line.heldUntil = until;
        line.hold = clock.schedule(pause, () -> released.accept(key));
    }

    private void advance(Line<T> line) {
        while (line.hold == null && line.running < perKey && !line.waiting.isEmpty()) {
            line.running++;
            waiting--;
            ready.addLast(line.waiting.removeFirst());
        }
    }

    private Line<T> line(String key) {
        return lines.computeIfAbsent(key, name -> new Line<>());
    }

    private void dropUnused(String key, Line<T> line) {
        if (line.isUnused()) {
            lines.remove(key);
        }
    }

    /** The number of items that wait for their key. */
    int waiting() {
        return waiting;
    }

    void forEachWaiting(Consumer<Pending<T>> action) {
        lines.values().forEach(line -> line.waiting.forEach(action));
    }

    void cancelTimers() {
        for (Line<T> line : lines.values()) {
            if (line.hold != null) {
                line.hold.cancel();
            }
        }
    }
}
