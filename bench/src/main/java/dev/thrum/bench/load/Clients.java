package dev.thrum.bench.load;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/**
 * Connections to one server, with one request in flight on each; all on the calling thread.
 *
 * <p>The thread polls without sleeping. So the server doesn't have to wake it, and the cost of a wake-up on a virtual
 * machine isn't part of the server's figures.
 */
public final class Clients implements AutoCloseable {
    /** One in this many answers is compared byte by byte; the others get a quick check. */
    private static final int SAMPLE = 64;

    private static final int CACHE_LINE = 64;

    /** At most this many connections wait to be accepted; no server has a shorter backlog. */
    private static final int BATCH = 32;

    private static final long TIMEOUT = Duration.ofSeconds(10).toNanos();

    private final Arena arena = Arena.ofConfined();
    private final Sockets sockets;
    private final int capacity;
    private final Dialogue dialogue;
    private final int length;
    private final int kept;
    private final int slot;
    private final MemorySegment answers;
    private final RoundTrips roundTrips;

    /** Kept, so that polling makes no object. */
    private final Sockets.Ready ready = this::receive;

    // This field and those below are owned by the calling thread.
    private final int[] received;
    private final boolean[] welcomed;
    private final long[] sentAt;
    private int open;
    private int outstanding;
    private boolean repeating;
    private long mayAsk = Long.MAX_VALUE;
    private long checked;
    private long waited;

    /** At most {@code capacity} connections to this port of 127.0.0.1; none is open yet. */
    public Clients(Dialogue dialogue, int port, int capacity, RoundTrips roundTrips) {
        this.dialogue = dialogue;
        this.capacity = capacity;
        this.roundTrips = roundTrips;
        sockets = new Sockets(port);
        length = dialogue.answerLength();
        // At least one byte more than the answers need, so that a longer answer is noticed.
        kept = dialogue.keptLength();
        slot = (kept / CACHE_LINE + 1) * CACHE_LINE;
        received = new int[capacity];
        welcomed = new boolean[capacity];
        Arrays.fill(welcomed, !dialogue.isWelcomed());
        sentAt = new long[capacity];
        answers = arena.allocate((long) capacity * slot, CACHE_LINE);
    }

    /** Opens all connections, and completes one exchange on each. */
    public void open() throws IOException {
        while (sockets.opened() < capacity) {
            int first = sockets.opened();
            int end = Math.min(first + BATCH, capacity);
            while (sockets.opened() < end) {
                sockets.connect();
                open++;
            }
            for (int i = first; i < end; i++) {
                send(i, System.nanoTime());
            }
            await(() -> outstanding == 0);
        }
    }

    /** Sends a question on each connection; from now on each answer is followed by the next question. */
    public void start() throws IOException {
        repeating = true;
        for (int i = 0; i < capacity; i++) {
            send(i, System.nanoTime());
        }
    }

    /** Completes exactly this many exchanges, including those of {@link #open}. */
    void runFor(long questions) throws IOException {
        mayAsk = questions;
        open();
        start();
        long lastSign = System.nanoTime();
        while (outstanding > 0) {
            long before = System.nanoTime();
            if (poll() > 0) {
                lastSign = before;
            } else {
                waited += System.nanoTime() - before;
            }
            if (before - lastSign > TIMEOUT) {
                throw silent();
            }
        }
    }

    /** Runs exchanges until this instant of {@link System#nanoTime}. */
    void runUntil(long instant) throws IOException {
        long lastSign = System.nanoTime();
        long now = lastSign;
        while (now - instant < 0) {
            boolean answered = poll() > 0;
            long before = now;
            now = System.nanoTime();
            if (answered) {
                lastSign = now;
                continue;
            }
            waited += now - before;
            if (now - lastSign > TIMEOUT) {
                throw silent();
            }
        }
    }

    /** The number of answers in each round trip. */
    public int answersPerTrip() {
        return dialogue.answers();
    }

    /** The time in {@link #runUntil} during which there was nothing to read, in nanoseconds. */
    long waited() {
        return waited;
    }

    /** Reads the last answers, ends the output of every connection, and returns when the server has closed them all. */
    public void end() throws IOException {
        repeating = false;
        await(() -> outstanding == 0);
        for (int i = 0; i < capacity; i++) {
            sockets.endOutput(i);
        }
        await(() -> open == 0);
    }

    @Override
    public void close() {
        sockets.close();
        arena.close();
    }

    private interface Condition {
        boolean holds();
    }

    private void await(Condition condition) throws IOException {
        long end = System.nanoTime() + TIMEOUT;
        while (!condition.holds()) {
            var _ = poll();
            if (System.nanoTime() - end > 0) {
                throw silent();
            }
        }
    }

    private int poll() throws IOException {
        return sockets.poll(ready);
    }

    private void receive(int connection) throws IOException {
        int had = received[connection];
        long target = answers.address() + (long) connection * slot;
        boolean discards = kept < length && had >= kept;
        long count = discards
                ? sockets.discard(connection, length - had + 1L)
                : sockets.receive(connection, target + had, kept < length ? kept - had : slot - had);
        if (count <= 0) {
            ended(connection, count);
            return;
        }
        received[connection] = had + (int) count;
        if (!welcomed[connection]) {
            skipWelcome(connection);
        }
        if (received[connection] >= length) {
            complete(connection);
        }
    }

    /** Discards the received bytes up to the end of the first line. */
    private void skipWelcome(int connection) {
        long start = (long) connection * slot;
        int length = received[connection];
        int skipped = 0;
        while (skipped < length && !welcomed[connection]) {
            welcomed[connection] = answers.get(JAVA_BYTE, start + skipped) == '\n';
            skipped++;
        }
        received[connection] = length - skipped;
        MemorySegment.copy(answers, start + skipped, answers, start, length - skipped);
    }

    private void complete(int connection) throws IOException {
        verify(connection);
        received[connection] = 0;
        outstanding--;
        long now = System.nanoTime();
        roundTrips.add(now - sentAt[connection]);
        if (repeating && mayAsk > 0) {
            send(connection, now);
        }
    }

    private void verify(int connection) throws IOException {
        long offset = (long) connection * slot;
        boolean right = received[connection] == length && dialogue.looksRight(answers, offset);
        if (right && checked++ % SAMPLE == 0) {
            right = dialogue.isRight(connection, answers, offset);
        }
        if (!right) {
            int here = Math.min(received[connection], slot);
            byte[] bytes = answers.asSlice(offset, here).toArray(JAVA_BYTE);
            throw new IOException("expected \"" + dialogue.expected(connection) + "\" on connection " + connection
                    + " but was, of " + received[connection] + " bytes, \""
                    + new String(bytes, StandardCharsets.ISO_8859_1) + "\"");
        }
    }

    private void ended(int connection, long count) throws IOException {
        if (count < 0 || outstanding > 0) {
            throw new IOException("expected an answer on connection " + connection + " but the server "
                    + (count < 0 ? "reset it" : "ended it"));
        }
        sockets.close(connection);
        open--;
    }

    private void send(int connection, long now) throws IOException {
        sentAt[connection] = now;
        outstanding++;
        mayAsk--;
        sockets.send(connection, dialogue.question(connection), dialogue.questionLength());
    }

    private IOException silent() {
        return new IOException("expected answers on " + open + " connections but nothing arrived for "
                + Duration.ofNanos(TIMEOUT).toSeconds() + " s: the server hangs");
    }
}
