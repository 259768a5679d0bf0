package dev.thrum.services.data;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.database.DatabaseException;
import dev.thrum.services.ChatLog.Outcome;
import dev.thrum.store.ChatEntries;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Appends the events of this server's clients to the log of the chat. One entry is appended at a time; events that arrive
 * meanwhile share the next one. Safe for concurrent use.
 */
final class ChatSender {
    /** The number of no server. */
    private static final long NONE = 0;

    private final ChatEntries entries;

    /** Guards all that follows. No call of the database is waited for under it. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition sentAll = lock.newCondition();

    @GuardedBy("lock")
    private long server = NONE;

    /** How many entries this server has appended or is appending. */
    @GuardedBy("lock")
    private long number;

    /** Two for each client at most: one that it waits for, and its last one. */
    @GuardedBy("lock")
    private final Deque<Event> waiting = new ArrayDeque<>();

    /** Entries that the log has not brought back yet, the one that is being appended included. */
    @GuardedBy("lock")
    private final Deque<Batch> sent = new ArrayDeque<>();

    @GuardedBy("lock")
    private @Nullable Batch appending;

    /** Whether nobody knows whether that one was appended, and no call is under way that will tell. */
    @GuardedBy("lock")
    private boolean stalled;

    @GuardedBy("lock")
    private boolean closed;

    /**
     * An event of a client.
     *
     * @param isLast whether it is appended later if the database is away
     * @param done what its client is told
     */
    record Event(String line, boolean isLast, CompletableFuture<Outcome> done) {}

    private static final class Batch {
        final long number;
        final String text;
        final List<Event> events;

        /** Whether an earlier try may have worked. Guarded by the lock. */
        boolean doubtful;

        Batch(long number, String text, List<Event> events) {
            this.number = number;
            this.text = text;
            this.events = events;
        }
    }

    ChatSender(ChatEntries entries) {
        this.entries = entries;
    }

    /** Takes an event; the future tells what has become of it, as soon as that is known. */
    CompletableFuture<Outcome> add(String line, boolean isLast) {
        Event event = new Event(line, isLast, new CompletableFuture<>());
        lock.lock();
        try {
            if (closed || server == NONE || (stalled && !isLast)) {
                event.done().complete(Outcome.REFUSED);
            } else {
                waiting.add(event);
                next();
            }
        } finally {
            lock.unlock();
        }
        return event.done();
    }

    /** Begins as this server. */
    void begin(long as) {
        lock.lock();
        try {
            server = as;
            number = 0;
        } finally {
            lock.unlock();
        }
    }

    /** The number of this server; 0 after it was cut off. */
    long server() {
        lock.lock();
        try {
            return server;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void next() {
        if (appending != null || waiting.isEmpty()) {
            sentAll.signalAll();
            return;
        }
        StringBuilder text = new StringBuilder().append(server).append(' ').append(number);
        List<Event> events = new ArrayList<>();
        int bytes = text.length();
        while (!waiting.isEmpty()) {
            String line = waiting.element().line();
            bytes += 1 + line.getBytes(StandardCharsets.UTF_8).length;
            if (!events.isEmpty() && bytes > ChatEntries.MOST_BYTES) {
                break;
            }
            text.append('\n').append(line);
            events.add(waiting.remove());
        }
        Batch batch = new Batch(number, text.toString(), events);
        number++;
        appending = batch;
        sent.add(batch);
        append(batch);
    }

    @GuardedBy("lock")
    private void append(Batch batch) {
        stalled = false;
        var _ = entries.append(server, batch.number, batch.text)
                .whenComplete((count, failure) -> appended(batch, count, failure));
    }

    private void appended(Batch batch, @Nullable Integer count, @Nullable Throwable failure) {
        lock.lock();
        try {
            if (!batch.equals(appending)) {
                return; // the log has brought it back, or this server was cut off
            }
            if (count == null) {
                failed(batch, failure);
            } else if (count == 1) {
                succeeded();
            } else {
                var _ = entries.appended(server).whenComplete((known, fault) -> settle(batch, known, fault));
            }
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void succeeded() {
        appending = null;
        stalled = false;
        next();
    }

    @GuardedBy("lock")
    private void failed(Batch batch, @Nullable Throwable failure) {
        batch.doubtful |=
                !(failure instanceof DatabaseException known) || known.reason() == DatabaseException.Reason.UNKNOWN;
        if (batch.doubtful) {
            stalled = true;
            batch.events.forEach(event -> event.done().complete(Outcome.LATER));
        } else {
            boolean _ = sent.remove(batch);
            number = batch.number;
            appending = null;
            batch.events.reversed().forEach(waiting::addFirst);
        }
        refuse();
    }

    /** Lets the clients go on that wait, while the database is away. Last events stay. */
    @GuardedBy("lock")
    private void refuse() {
        waiting.forEach(event -> event.done().complete(Outcome.REFUSED));
        waiting.removeIf(event -> !event.isLast());
    }

    /** An entry was not appended now: it was before, or the server was removed. */
    private void settle(Batch batch, @Nullable OptionalLong known, @Nullable Throwable failure) {
        lock.lock();
        try {
            if (!batch.equals(appending)) {
                return;
            }
            if (known == null) {
                failed(batch, failure);
            } else if (known.isPresent() && known.getAsLong() > batch.number) {
                succeeded();
            }
            // Else the log will bring the entry that this server was removed.
        } finally {
            lock.unlock();
        }
    }

    /** Tries again what has failed. */
    void retry() {
        lock.lock();
        try {
            Batch batch = appending;
            if (batch != null && stalled) {
                append(batch);
            } else {
                next();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The log has brought an entry of this server; returns its events, so that they can be completed. */
    List<Event> brought(long entry) {
        lock.lock();
        try {
            Batch first = sent.peek();
            if (first == null || first.number != entry) {
                return List.of();
            }
            sent.remove();
            if (first.equals(appending)) {
                succeeded();
            }
            return first.events;
        } finally {
            lock.unlock();
        }
    }

    /** Lets the clients go on whose events may be in the log, which can't be read now. */
    void away() {
        lock.lock();
        try {
            sent.forEach(batch -> batch.events.forEach(event -> event.done().complete(Outcome.LATER)));
        } finally {
            lock.unlock();
        }
    }

    /** Refuses everything, until {@link #begin}. */
    void cutOff() {
        lock.lock();
        try {
            server = NONE;
            appending = null;
            sent.forEach(batch -> batch.events.forEach(event -> event.done().complete(Outcome.REFUSED)));
            waiting.forEach(event -> event.done().complete(Outcome.REFUSED));
            sent.clear();
            waiting.clear();
            sentAll.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more events, and waits until all are in the log, at most this long. */
    void close(Duration patience) throws InterruptedException {
        lock.lock();
        try {
            closed = true;
            long left = patience.toNanos();
            while ((appending != null || !waiting.isEmpty()) && left > 0) {
                left = sentAll.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}
