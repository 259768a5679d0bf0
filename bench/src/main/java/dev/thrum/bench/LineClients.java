package dev.thrum.bench;

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
import java.util.Locale;

/**
 * Connections to one echo server, with one line of 32 bytes on its way on each; all on the calling thread.
 *
 * <p>The thread does not sleep while it waits: the server need not wake it, so what a wake-up costs on a virtual machine
 * is not in the figures of the server.
 */
final class LineClients implements AutoCloseable {
    static final int LINE = 32;
    private static final int ANSWER = EchoServer.PREFIX.length() + LINE;
    private static final int SLOT = 64;

    /** Every so many answers one is compared byte by byte; of the others the length and the end are looked at. */
    private static final int SAMPLE = 64;

    /** No more connections than this wait to be accepted: no server's line for that is so short. */
    private static final int BATCH = 32;

    private static final int EVENTS = 1_024;
    private static final long PATIENCE = Duration.ofSeconds(10).toNanos();

    private static final int INET = 2;
    private static final int STREAM = 1;
    private static final int TCP = 6;
    private static final int NODELAY = 1;
    private static final int ADDRESS = 16;
    private static final int SHUT_WRITING = 1;
    private static final int EPOLL_ADD = 1;
    private static final int EPOLL_IN = 1;

    /** Linux packs the structure on this processor alone. */
    private static final boolean PACKED = System.getProperty("os.arch", "").equals("amd64");

    private static final int EVENT = PACKED ? 12 : 16;
    private static final int EVENT_DATA = PACKED ? 4 : 8;

    private final Arena arena = Arena.ofConfined();
    private final int epoll = Libc.epollCreate();
    private final MemorySegment events = arena.allocate((long) EVENT * EVENTS, 8);
    private final MemorySegment address = arena.allocate(ADDRESS, 8);
    private final MemorySegment one = arena.allocate(JAVA_INT);
    private final MemorySegment lines;
    private final MemorySegment expected;
    private final MemorySegment answers;
    private final RoundTrips roundTrips;

    // Owned by the calling thread, as all that follows.
    private final int[] sockets;
    private final int[] received;
    private final long[] sentAt;
    private int opened;
    private int open;
    private int outstanding;
    private boolean repeating;
    private long checked;

    /** So many connections at most, to this port of 127.0.0.1; none is open yet. */
    LineClients(int port, int capacity, RoundTrips roundTrips) {
        this.roundTrips = roundTrips;
        sockets = new int[capacity];
        received = new int[capacity];
        sentAt = new long[capacity];
        lines = arena.allocate((long) capacity * SLOT, SLOT);
        expected = arena.allocate((long) capacity * SLOT, SLOT);
        answers = arena.allocate((long) capacity * SLOT, SLOT);
        for (int i = 0; i < capacity; i++) {
            String line = String.format(Locale.ROOT, "connection %08d says hello\n", i);
            put(lines, i, String.format(Locale.ROOT, "%32s", line));
            put(expected, i, String.format(Locale.ROOT, EchoServer.PREFIX + "%32s", line));
        }
        address.set(JAVA_SHORT, 0, (short) INET);
        address.asByteBuffer()
                .order(ByteOrder.BIG_ENDIAN)
                .putShort(2, (short) port)
                .putInt(4, 0x7f00_0001);
        one.set(JAVA_INT, 0, 1);
    }

    /** Opens them all, and has one line answered on each. */
    void open() throws IOException {
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

    /** Sends a line on each; from now on the next one follows each answer. */
    void start() throws IOException {
        repeating = true;
        for (int i = 0; i < sockets.length; i++) {
            send(i, System.nanoTime());
        }
    }

    /** Has lines answered until this instant of {@link System#nanoTime}. */
    void runUntil(long instant) throws IOException {
        long lastSign = System.nanoTime();
        long now = lastSign;
        while (now - instant < 0) {
            if (poll() > 0) {
                lastSign = now;
            } else if (now - lastSign > PATIENCE) {
                throw silent();
            }
            now = System.nanoTime();
        }
    }

    /** Takes the last answers, ends every connection, and returns when the server has done so too. */
    void end() throws IOException {
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
        long end = System.nanoTime() + PATIENCE;
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
        long slot = answers.address() + (long) connection * SLOT;
        long count = Libc.recv(sockets[connection], slot + had, SLOT - had);
        if (count <= 0) {
            ended(connection, count);
            return;
        }
        received[connection] = had + (int) count;
        if (received[connection] >= ANSWER) {
            complete(connection);
        }
    }

    private void complete(int connection) throws IOException {
        verify(connection);
        received[connection] = 0;
        outstanding--;
        long now = System.nanoTime();
        roundTrips.add(now - sentAt[connection]);
        if (repeating) {
            send(connection, now);
        }
    }

    private void verify(int connection) throws IOException {
        long slot = (long) connection * SLOT;
        boolean right = received[connection] == ANSWER && answers.get(JAVA_BYTE, slot + ANSWER - 1) == '\n';
        if (right && checked++ % SAMPLE == 0) {
            right = MemorySegment.mismatch(answers, slot, slot + ANSWER, expected, slot, slot + ANSWER) < 0;
        }
        if (!right) {
            throw new IOException("expected \"" + text(expected, connection, ANSWER) + "\" on connection " + connection
                    + " but was \"" + text(answers, connection, received[connection]) + "\"");
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
        long sent = Libc.send(sockets[connection], lines.address() + (long) connection * SLOT, LINE);
        if (sent != LINE) {
            throw new IOException("expected to send " + LINE + " bytes on connection " + connection + " but sent "
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
        return new IOException("expected answers on " + open + " connections but nothing came for "
                + Duration.ofNanos(PATIENCE).toSeconds() + " s: the server hangs");
    }

    private static void check(int result, String expectation) throws IOException {
        if (result < 0) {
            throw new IOException("expected " + expectation + " but the system refused");
        }
    }

    private static void put(MemorySegment slots, int index, String text) {
        MemorySegment.copy(
                MemorySegment.ofArray(text.getBytes(StandardCharsets.US_ASCII)),
                0,
                slots,
                (long) index * SLOT,
                text.length());
    }

    private static String text(MemorySegment slots, int index, int length) {
        byte[] bytes =
                slots.asSlice((long) index * SLOT, Math.min(length, SLOT)).toArray(JAVA_BYTE);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
