package dev.thrum.measure;

/**
 * When connections send their questions: each once in a period, one after the other at equal distances. Owned by one
 * thread.
 */
public final class Schedule {
    private final int connections;
    private final long period;
    private final long start;

    /** The number of questions before the next one. */
    private long asked;

    /**
     * Creates it.
     *
     * @param period in nanoseconds
     * @param start the instant of the first question, of {@link System#nanoTime}
     */
    public Schedule(int connections, long period, long start) {
        this.connections = connections;
        this.period = period;
        this.start = start;
    }

    /** Whether the next question is due. */
    public boolean isDue(long now) {
        return now - due() >= 0;
    }

    /** The instant of the next question. */
    public long due() {
        return start + asked / connections * period + asked % connections * period / connections;
    }

    /** The connection that sends it. */
    public int connection() {
        return (int) (asked % connections);
    }

    /** Goes on to the question after it. */
    public void advance() {
        asked++;
    }
}
