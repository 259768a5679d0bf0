package dev.thrum.log;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** The destination of records: a file or a database, for example. Owned by the one thread that writes the log. */
public interface LogSink extends Closeable {
    /**
     * A report of missing records.
     *
     * @param time when they were found to be missing, in milliseconds since the epoch
     * @param dropped the number of missing records since the previous report
     */
    record Gap(long time, long dropped) {}

    /**
     * Writes the first of these records: at least one, and as many as the sink chooses.
     *
     * @return the number of records written
     * @throws IOException if none was written; the call is repeated later with the same records
     */
    int write(List<RequestRecord> records) throws IOException;

    /** Writes a report of missing records, in the place of the records. */
    void write(Gap gap) throws IOException;

    /** Called about once a second while there is nothing to write. */
    default void idle() throws IOException {}

    /** The destination, for messages. */
    @Override
    String toString();
}
