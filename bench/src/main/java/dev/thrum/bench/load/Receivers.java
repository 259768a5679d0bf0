package dev.thrum.bench.load;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.thrum.measure.Sockets;
import dev.thrum.measure.Wires;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.HdrHistogram.Histogram;

/**
 * Connections that receive the lines which one server broadcasts, and one more connection that asks for them; all on the
 * calling thread.
 *
 * <p>Every byte is compared: each line has to arrive at each receiver whole, once, and in order. The next lines are asked
 * for when all receivers have the ones before, so that lines wait for each other only if several are asked for together.
 * Like {@link Clients}, the thread polls without sleeping.
 */
public final class Receivers implements AutoCloseable {
    /** At most this many connections wait to be accepted; no server has a shorter backlog. */
    private static final int BATCH = 32;

    private static final int ASKING = 0;
    private static final int BUFFER = 16_384;
    private static final long TIMEOUT = Duration.ofSeconds(10).toNanos();
    private static final long STREAM = (long) BroadcastLines.PERIOD * BroadcastLines.LENGTH;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment input = arena.allocate(BUFFER, BroadcastLines.LENGTH);
    private final MemorySegment command = arena.allocate(BroadcastLines.LENGTH);

    /** The texts of one period, and as much of the next one as fits into the input. */
    private final MemorySegment lines = arena.allocate(STREAM + BUFFER, BroadcastLines.LENGTH);

    private final Sockets sockets;
    private final Histogram delays;

    // Kept, so that polling makes no object.
    private final Wires.Ready lineReady = this::receiveLines;
    private final Wires.Ready answerReady = this::receiveAnswer;

    // This field and those below are owned by the calling thread.

    /** For each connection, the number of bytes received: of the lines, or of the answer until that is complete. */
    private long[] received = new long[1];

    /** The number of bytes of all lines that were asked for. */
    private long asked;

    /** The receivers are the connections from 1 to this one. */
    private int members;

    /** The answer that connections get when they join or leave. */
    private MemorySegment expected = MemorySegment.NULL;

    private int outstanding;
    private long askedAt;
    private long waited;

    /**
     * Makes no connections to this port of 127.0.0.1 yet.
     *
     * @param delays gets the time from asking for lines until a receiver has them, for each receiver
     */
    public Receivers(int port, Histogram delays) {
        this.delays = delays;
        for (long offset = 0; offset < lines.byteSize(); offset += BroadcastLines.LENGTH) {
            byte[] line =
                    (BroadcastLines.text(offset / BroadcastLines.LENGTH) + '\n').getBytes(StandardCharsets.US_ASCII);
            MemorySegment.copy(line, 0, lines, JAVA_BYTE, offset, line.length);
        }
        sockets = new Sockets(port);
    }

    /** Lets connections join or leave until there are this many receivers; opens connections as needed. */
    public void resize(int receivers) throws IOException {
        if (sockets.opened() == ASKING) {
            sockets.connect();
        }
        received = Arrays.copyOf(received, Math.max(received.length, receivers + 1));
        while (members < receivers) {
            int end = Math.min(members + BATCH, receivers);
            tell(members, end, BroadcastLines.JOIN, BroadcastLines.JOINED);
            members = end;
        }
        while (members > receivers) {
            int start = Math.max(members - BATCH, receivers);
            tell(start, members, BroadcastLines.LEAVE, BroadcastLines.LEFT);
            members = start;
        }
    }

    /** Sends a command on the connections after {@code start}, up to {@code end}, and waits for the answers. */
    private void tell(int start, int end, String text, String answer) throws IOException {
        int length = write(text);
        for (int connection = start + 1; connection <= end; connection++) {
            if (connection == sockets.opened()) {
                sockets.connect();
            }
            received[connection] = 0;
            sockets.send(connection, command.address(), length);
        }
        expected = MemorySegment.ofArray((answer + '\n').getBytes(StandardCharsets.US_ASCII));
        outstanding = end - start;
        await(answerReady);
        Arrays.fill(received, start + 1, end + 1, asked);
    }

    /** Puts a command into the memory that is sent; returns its length. */
    private int write(String text) {
        byte[] bytes = (text + '\n').getBytes(StandardCharsets.US_ASCII);
        MemorySegment.copy(bytes, 0, command, JAVA_BYTE, 0, bytes.length);
        return bytes.length;
    }

    /** Asks for {@code count} lines at a time until this instant of {@link System#nanoTime}; all of them have arrived then. */
    void runUntil(long instant, int count) throws IOException {
        while (System.nanoTime() - instant < 0) {
            broadcast(count);
        }
    }

    /** Asks for this many lines, and returns when all receivers have them. */
    public void broadcast(int count) throws IOException {
        int length = write(BroadcastLines.command(asked / BroadcastLines.LENGTH, count));
        asked += (long) count * BroadcastLines.LENGTH;
        outstanding = members;
        askedAt = System.nanoTime();
        sockets.send(ASKING, command.address(), length);
        await(lineReady);
    }

    /** The time during which there was nothing to read, in nanoseconds. */
    long waited() {
        return waited;
    }

    @Override
    public void close() {
        sockets.close();
        arena.close();
    }

    private void await(Wires.Ready ready) throws IOException {
        long now = System.nanoTime();
        long lastSign = now;
        while (outstanding > 0) {
            boolean arrived = sockets.poll(ready) > 0;
            long before = now;
            now = System.nanoTime();
            if (arrived) {
                lastSign = now;
                continue;
            }
            waited += now - before;
            if (now - lastSign > TIMEOUT) {
                throw new IOException("expected the rest on " + outstanding + " of " + members
                        + " connections but nothing arrived for "
                        + Duration.ofNanos(TIMEOUT).toSeconds() + " s: lines were lost, or the server hangs");
            }
        }
    }

    private void receiveLines(int connection) throws IOException {
        int count = read(connection);
        long had = received[connection];
        received[connection] = had + count;
        boolean member = connection > ASKING && connection <= members;
        if (!member || had + count > asked || !matches(lines, had % STREAM, count)) {
            throw wrong(connection, count, member ? expectedLines(had) : "nothing");
        }
        if (had + count == asked) {
            outstanding--;
            delays.recordValue(System.nanoTime() - askedAt);
        }
    }

    private void receiveAnswer(int connection) throws IOException {
        int count = read(connection);
        long had = received[connection];
        received[connection] = had + count;
        if (had + count > expected.byteSize() || !matches(expected, had, count)) {
            String answer = new String(expected.toArray(JAVA_BYTE), StandardCharsets.US_ASCII);
            throw wrong(connection, count, '"' + answer + '"');
        }
        if (had + count == expected.byteSize()) {
            outstanding--;
        }
    }

    private int read(int connection) throws IOException {
        long count = sockets.receive(connection, input.address(), BUFFER);
        if (count <= 0) {
            throw new IOException("expected more input on connection " + connection + " but the server "
                    + (count < 0 ? "reset it" : "ended it"));
        }
        return (int) count;
    }

    private boolean matches(MemorySegment text, long from, int count) {
        return MemorySegment.mismatch(input, 0, count, text, from, from + count) < 0;
    }

    private String expectedLines(long had) {
        long missing = Math.min(asked - had, BroadcastLines.LENGTH);
        byte[] bytes = lines.asSlice(had % STREAM, missing).toArray(JAVA_BYTE);
        return missing == 0 ? "nothing" : '"' + new String(bytes, StandardCharsets.US_ASCII) + '"';
    }

    private IOException wrong(int connection, int count, String expectation) {
        byte[] bytes = input.asSlice(0, count).toArray(JAVA_BYTE);
        return new IOException("expected " + expectation + " on connection " + connection + " but was \""
                + new String(bytes, StandardCharsets.ISO_8859_1) + "\"");
    }
}
