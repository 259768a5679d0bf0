package dev.thrum.bench.load;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
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

    private static final int EVENTS = 1_024;
    private static final long TIMEOUT = Duration.ofSeconds(10).toNanos();

    private static final int INET = 2;
    private static final int STREAM = 1;
    private static final int TCP = 6;
    private static final int NODELAY = 1;
    private static final int ADDRESS = 16;
    private static final int SHUT_WRITING = 1;
    private static final int EPOLL_ADD = 1;
    private static final int EPOLL_IN = 1;

    /** Linux packs the structure only on this processor. */
    private static final boolean PACKED = System.getProperty("os.arch", "").equals("amd64");

    private static final int EVENT = PACKED ? 12 : 16;
    private static final int EVENT_DATA = PACKED ? 4 : 8;

    private final Arena arena = Arena.ofConfined();
    private final int epoll = Libc.epollCreate();
    private final MemorySegment events = arena.allocate((long) EVENT * EVENTS, 8);
    private final MemorySegment address = arena.allocate(ADDRESS, 8);
    private final MemorySegment one = arena.allocate(JAVA_INT);
    private final Dialogue dialogue;
    private final int length;
    private final int kept;
    private final int slot;
    private final MemorySegment answers;
    private final RoundTrips roundTrips;

    // This field and those below are owned by the calling thread.
    private final int[] sockets;
    private final int[] received;
    private final boolean[] welcomed;
    private final long[] sentAt;
    private int opened;
    private int open;
    private int outstanding;
    private boolean repeating;
    private long mayAsk = Long.MAX_VALUE;
    private long checked;
    private long waited;

    /** At most {@code capacity} connections to this port of 127.0.0.1; none is open yet. */
    public Clients(Dialogue dialogue, int port, int capacity, RoundTrips roundTrips) {
        this.dialogue = dialogue;
        this.roundTrips = roundTrips;
        length = dialogue.answerLength();
        // At least one byte more than the answers need, so that a longer answer is noticed.
        kept = dialogue.keptLength();
        slot = (kept / CACHE_LINE + 1) * CACHE_LINE;
        sockets = new int[capacity];
        received = new int[capacity];
        welcomed = new boolean[capacity];
        Arrays.fill(welcomed, !dialogue.isWelcomed());
        sentAt = new long[capacity];
        answers = arena.allocate((long) capacity * slot, CACHE_LINE);
        address.set(JAVA_SHORT, 0, (short) INET);
        address.asByteBuffer()
                .order(ByteOrder.BIG_ENDIAN)
                .putShort(2, (short) port)
                .putInt(4, 0x7f00_0001);
        one.set(JAVA_INT, 0, 1);
    }

    /** Opens all connections, and completes one exchange on each. */
    public void open() throws IOException {
        while (opened < sockets.length) {
            int first = opened;
            int end = Math.min(first + BATCH, sockets.length);
            while (opened < end) {
                connect();
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
        for (int i = 0; i < sockets.length; i++) {
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
        for (int i = 0; i < sockets.length; i++) {
            check(Libc.shutdown(sockets[i], SHUT_WRITING), "to end connection " + i);
        }
        await(() -> open == 0);
    }

    @Override
    public void close() {
        for (int i = 0; i < opened; i++) {
            if (sockets[i] >= 0) {
                var _ = Libc.close(sockets[i]);
            }
        }
        var _ = Libc.close(epoll);
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
        int count = Libc.epollPoll(epoll, events.address(), EVENTS);
        for (int i = 0; i < count; i++) {
            receive(events.get(JAVA_INT_UNALIGNED, (long) i * EVENT + EVENT_DATA));
        }
        return count;
    }

    private void receive(int connection) throws IOException {
        int had = received[connection];
        long target = answers.address() + (long) connection * slot;
        boolean discards = kept < length && had >= kept;
        long count = discards
                ? Libc.discard(sockets[connection], length - had + 1L)
                : Libc.recv(sockets[connection], target + had, kept < length ? kept - had : slot - had);
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
        var _ = Libc.close(sockets[connection]);
        sockets[connection] = -1;
        open--;
    }

    private void send(int connection, long now) throws IOException {
        sentAt[connection] = now;
        outstanding++;
        mayAsk--;
        int question = dialogue.questionLength();
        long sent = Libc.send(sockets[connection], dialogue.question(connection), question);
        if (sent != question) {
            throw new IOException("expected to send " + question + " bytes on connection " + connection + " but sent "
                    + sent + ": the server has closed it");
        }
    }

    private void connect() throws IOException {
        int socket = Libc.socket(INET, STREAM, 0);
        check(socket, "a socket: raise the limit of open files (ulimit -n)");
        sockets[opened] = socket;
        opened++;
        check(Libc.connect(socket, address.address(), ADDRESS), "to connect number " + opened);
        check(Libc.setsockopt(socket, TCP, NODELAY, one.address(), Integer.BYTES), "to set TCP_NODELAY");
        events.set(JAVA_INT_UNALIGNED, 0, EPOLL_IN);
        events.set(JAVA_INT_UNALIGNED, EVENT_DATA, opened - 1);
        check(Libc.epollCtl(epoll, EPOLL_ADD, socket, events.address()), "to watch connection number " + opened);
        open++;
    }

    private IOException silent() {
        return new IOException("expected answers on " + open + " connections but nothing arrived for "
                + Duration.ofNanos(TIMEOUT).toSeconds() + " s: the server hangs");
    }

    private static void check(int result, String expectation) throws IOException {
        if (result < 0) {
            throw new IOException("expected " + expectation + " but the system refused");
        }
    }
}
