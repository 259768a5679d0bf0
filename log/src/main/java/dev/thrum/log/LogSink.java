package dev.thrum.log;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** Where records end up: a file, a database. Owned by the one thread that writes the log. */
public interface LogSink extends Closeable {
    /**
     * Records that are missing.
     *
     * @param time when that was found, in milliseconds since the epoch
     * @param dropped how many are missing since the last time this was said
     */
    record Gap(long time, long dropped) {}

    /**
     * Writes some of these records, the first ones: as many as it likes, but at least one.
     *
     * @return how many
     * @throws IOException if none was written; the same records come again later
     */
    int write(List<RequestRecord> records) throws IOException;

    /** Says that records are missing where the others would have been. */
    void write(Gap gap) throws IOException;

    /** Called about once a second while there is nothing to write. */
    default void idle() throws IOException {}

    /** What it writes to, as in messages. */
    @Override
    String toString();
}
