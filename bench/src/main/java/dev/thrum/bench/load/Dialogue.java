package dev.thrum.bench.load;

import java.lang.foreign.MemorySegment;

/** The question that each connection of the generator sends over and over, and the answers that it expects. */
public interface Dialogue {
    /** The address of the next question of this connection. */
    long question(int connection);

    /** The length of a question in bytes; the same on each connection. */
    int questionLength();

    /** The number of answers to a question, which arrive one after the other. */
    int answers();

    /** The length of these answers together, in bytes; the same on each connection. */
    int answerLength();

    /**
     * The number of bytes, from the beginning of the answers, that are kept for the checks; the rest is counted and
     * discarded.
     */
    default int keptLength() {
        return answerLength();
    }

    /** Whether the server first sends a welcome line on a new connection. */
    default boolean isWelcomed() {
        return false;
    }

    /** Quick check of answers that have the expected length; it costs next to nothing. */
    boolean looksRight(MemorySegment received, long offset);

    /** Full check, byte by byte. */
    boolean isRight(int connection, MemorySegment received, long offset);

    /** The expected answers, for messages. */
    String expected(int connection);
}
