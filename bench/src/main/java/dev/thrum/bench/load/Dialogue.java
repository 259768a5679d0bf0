package dev.thrum.bench.load;

import java.lang.foreign.MemorySegment;

/** What each connection of the generator says again and again, and what it has to be answered. */
public interface Dialogue {
    /** The address of what this connection says. */
    long question(int connection);

    /** How long that is, in bytes; the same on each connection. */
    int questionLength();

    /** How many answers it brings, which come one after the other. */
    int answers();

    /** How long these are together, in bytes; the same on each connection. */
    int answerLength();

    /** How much of that is kept to be looked at, from its beginning; the rest is counted and thrown away. */
    default int keptLength() {
        return answerLength();
    }

    /** Whether the server speaks first on a new connection, with one line that is not an answer. */
    default boolean isWelcomed() {
        return false;
    }

    /** Whether the answers that lie there, as long as they should be, look right; it costs next to nothing. */
    boolean looksRight(MemorySegment received, long offset);

    /** Whether they are right, byte by byte. */
    boolean isRight(int connection, MemorySegment received, long offset);

    /** What they should be, to be told when they are not. */
    String expected(int connection);
}
