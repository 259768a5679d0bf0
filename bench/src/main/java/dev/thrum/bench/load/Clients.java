package dev.thrum.bench.load;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.thrum.measure.Schedule;
import dev.thrum.measure.Sockets;
import dev.thrum.measure.Wires;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Connections to one server, with at most one request in flight on each; all on the calling thread.
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

    /** The time between two questions of a client that is paced, in nanoseconds. */
    private static final long PERIOD = Duration.ofSeconds(1).toNanos();

    private static final double NANOS_PER_SECOND = 1e9;

    private static final long TIMEOUT = Duration.ofSeconds(10).toNanos();

    private final Arena arena = Arena.ofConfined();
    private final Sockets sockets;
    private final int capacity;
    private final Dialogue dialogue;
    private final int length;
    private final int kept;
    private final int slot;
    private final MemorySegment answers;
    private final Histogram roundTrips;

    /** Kept, so that polling makes no object. */
    private final Wires.Ready ready = this::receive;

    // This field and those below are owned by the calling thread.
    private final int[] received;
    private final boolean[] welcomed;
    private final boolean[] asking;

    /** When the question was sent or, of a client that is paced, when it was due. */
    private final long[] sentAt;

    /** The questions that are due but wait for the answer to an earlier one. */
    private final int[] owed;

    private @Nullable Schedule schedule;
    private boolean countsClosed;
    private boolean ending;
    private long closed;
    private int open;
    private int outstanding;
    private boolean repeating;
    private long mayAsk = Long.MAX_VALUE;
    private long checked;
    private long waited;

    /** At most {@code capacity} connections to this port of 127.0.0.1; none is open yet. */
    public Clients(Dialogue dialogue, int port, int capacity, Histogram roundTrips) {
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
        asking = new boolean[capacity];
        sentAt = new long[capacity];
        owed = new int[capacity];
        answers = arena.allocate((long) capacity * slot, CACHE_LINE);
    }

    /** From now on a connection that the server closes is counted, and doesn't end the measurement. */
    void countClosed() {
        countsClosed = true;
    }

    /** Opens all connections, and completes one exchange on each. */
    public void open() throws IOException {
        int first = sockets.opened();
        while (connect()) {
            for (int i = first; i < sockets.opened(); i++) {
                send(i, System.nanoTime());
            }
            await(() -> outstanding == 0);
            first = sockets.opened();
        }
    }

    /** Opens a batch of connections, on which nothing is sent; returns false if all are open already. */
    boolean connect() throws IOException {
        int end = Math.min(sockets.opened() + BATCH, capacity);
        boolean some = sockets.opened() < end;
        while (sockets.opened() < end) {
            sockets.connect();
            open++;
        }
        return some;
    }

    /** Sends a question on each connection; from now on each answer is followed by the next question. */
    public void start() throws IOException {
        repeating = true;
        for (int i = 0; i < capacity; i++) {
            if (!countsClosed || sockets.isOpen(i)) {
                send(i, System.nanoTime());
            }
        }
    }

    /** From now on each connection sends a question once a second; they are spread evenly over it. */
    void pace() {
        schedule = new Schedule(capacity * NANOS_PER_SECOND / PERIOD, 0, System.nanoTime());
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
            boolean asked = askDue(now);
            boolean answered = poll() > 0;
            long before = now;
            now = System.nanoTime();
            if (answered) {
                lastSign = now;
                continue;
            }
            waited += asked ? 0 : now - before;
            if (now - lastSign > TIMEOUT) {
                throw silent();
            }
        }
    }

    /** Sends the questions that are due; returns whether there were any. */
    private boolean askDue(long now) throws IOException {
        if (schedule == null) {
            return false;
        }
        boolean any = schedule.isDue(now);
        while (schedule.isDue(now)) {
            int connection = (int) (schedule.number() % capacity);
            if (asking[connection]) {
                owed[connection]++;
            } else if (sockets.isOpen(connection)) {
                send(connection, schedule.due());
            }
            schedule.advance();
        }
        return any;
    }

    /** The number of connections that the server has closed. */
    long closed() {
        return closed;
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
        schedule = null;
        Arrays.fill(owed, 0);
        await(() -> outstanding == 0);
        ending = true;
        for (int i = 0; i < capacity; i++) {
            endOutput(i);
        }
        await(() -> open == 0);
    }

    private void endOutput(int connection) throws IOException {
        if (!countsClosed) {
            sockets.endOutput(connection);
        } else if (!sockets.tryEndOutput(connection) && sockets.isOpen(connection)) {
            lost(connection);
        }
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
        asking[connection] = false;
        outstanding--;
        long now = System.nanoTime();
        roundTrips.recordValue(now - sentAt[connection]);
        if (repeating && mayAsk > 0) {
            send(connection, now);
        } else if (owed[connection] > 0) {
            owed[connection]--;
            send(connection, sentAt[connection] + PERIOD);
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
        if (countsClosed && (!ending || count < 0)) {
            lost(connection);
            return;
        }
        if (count < 0 || outstanding > 0) {
            throw new IOException("expected an answer on connection " + connection + " but the server "
                    + (count < 0 ? "reset it" : "ended it"));
        }
        sockets.close(connection);
        open--;
    }

    private void lost(int connection) {
        sockets.close(connection);
        open--;
        closed++;
        outstanding -= asking[connection] ? 1 : 0;
        asking[connection] = false;
    }

    private void send(int connection, long now) throws IOException {
        sentAt[connection] = now;
        asking[connection] = true;
        outstanding++;
        mayAsk--;
        long question = dialogue.question(connection);
        if (!countsClosed) {
            sockets.send(connection, question, dialogue.questionLength());
        } else if (!sockets.offer(connection, question, dialogue.questionLength())) {
            lost(connection);
        }
    }

    private IOException silent() {
        return new IOException("expected answers on " + open + " connections but nothing arrived for "
                + Duration.ofNanos(TIMEOUT).toSeconds() + " s: the server hangs");
    }
}
