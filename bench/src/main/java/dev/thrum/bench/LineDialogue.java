package dev.thrum.bench;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A line of 32 bytes, another one for each connection, which is answered {@code Echo: } and the line. */
final class LineDialogue implements Dialogue {
    static final String PREFIX = "Echo: ";

    private static final int LINE = 32;
    private static final int ANSWER = PREFIX.length() + LINE;
    private static final int SLOT = 64;

    private final MemorySegment lines;
    private final MemorySegment expected;

    LineDialogue(int connections) {
        Arena arena = Arena.ofAuto();
        lines = arena.allocate((long) connections * SLOT, SLOT);
        expected = arena.allocate((long) connections * SLOT, SLOT);
        for (int i = 0; i < connections; i++) {
            String line = String.format(Locale.ROOT, "connection %08d says hello\n", i);
            put(lines, i, String.format(Locale.ROOT, "%32s", line));
            put(expected, i, String.format(Locale.ROOT, PREFIX + "%32s", line));
        }
    }

    static byte[] prefix() {
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
        return ANSWER;
    }

    @Override
    public boolean looksRight(MemorySegment received, long offset) {
        return received.get(JAVA_BYTE, offset + ANSWER - 1) == '\n';
    }

    @Override
    public boolean isRight(int connection, MemorySegment received, long offset) {
        long slot = (long) connection * SLOT;
        return MemorySegment.mismatch(received, offset, offset + ANSWER, expected, slot, slot + ANSWER) < 0;
    }

    @Override
    public String expected(int connection) {
        byte[] bytes = expected.asSlice((long) connection * SLOT, ANSWER).toArray(JAVA_BYTE);
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    private static void put(MemorySegment slots, int index, String text) {
        MemorySegment bytes = MemorySegment.ofArray(text.getBytes(StandardCharsets.US_ASCII));
        MemorySegment.copy(bytes, 0, slots, (long) index * SLOT, text.length());
    }
}
