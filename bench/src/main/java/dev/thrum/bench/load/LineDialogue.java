package dev.thrum.bench.load;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A line of 32 bytes, different on each connection, which is answered with {@code Echo: } and the line. */
public final class LineDialogue implements Dialogue {
    public static final String PREFIX = "Echo: ";

    private static final int LINE = 32;
    private static final int SLOT = 64;

    private final boolean welcomed;
    private final int answer;
    private final MemorySegment lines;
    private final MemorySegment expected;

    private LineDialogue(int connections, String terminator, boolean welcomed) {
        this.welcomed = welcomed;
        answer = PREFIX.length() + LINE - 1 + terminator.length();
        Arena arena = Arena.ofAuto();
        lines = arena.allocate((long) connections * SLOT, SLOT);
        expected = arena.allocate((long) connections * SLOT, SLOT);
        for (int i = 0; i < connections; i++) {
            String line = String.format(Locale.ROOT, "connection %09d says hello", i);
            put(lines, i, line + '\n');
            put(expected, i, PREFIX + line + terminator);
        }
    }

    /** With a server that sends no welcome and ends its lines with a line feed. */
    public static LineDialogue plain(int connections) {
        return new LineDialogue(connections, "\n", false);
    }

    /** With a server that sends a welcome and ends its lines with this terminator. */
    static LineDialogue welcomed(int connections, String terminator) {
        return new LineDialogue(connections, terminator, true);
    }

    public static byte[] prefix() {
        return PREFIX.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public long question(int connection) {
        return lines.address() + (long) connection * SLOT;
    }

    @Override
    public int questionLength() {
        return LINE;
    }

    @Override
    public int answers() {
        return 1;
    }

    @Override
    public int answerLength() {
        return answer;
    }

    @Override
    public boolean isWelcomed() {
        return welcomed;
    }

    @Override
    public boolean looksRight(MemorySegment received, long offset) {
        return received.get(JAVA_BYTE, offset + answer - 1) == '\n';
    }

    @Override
    public boolean isRight(int connection, MemorySegment received, long offset) {
        long slot = (long) connection * SLOT;
        return MemorySegment.mismatch(received, offset, offset + answer, expected, slot, slot + answer) < 0;
    }

    @Override
    public String expected(int connection) {
        byte[] bytes = expected.asSlice((long) connection * SLOT, answer).toArray(JAVA_BYTE);
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    private static void put(MemorySegment slots, int index, String text) {
        MemorySegment bytes = MemorySegment.ofArray(text.getBytes(StandardCharsets.US_ASCII));
        MemorySegment.copy(bytes, 0, slots, (long) index * SLOT, text.length());
    }
}
