package dev.thrum.services.data;

import dev.thrum.base.AddressText;
import dev.thrum.base.Printable;
import dev.thrum.database.DatabaseException;
import dev.thrum.log.LogSink;
import dev.thrum.log.RequestRecord;
import dev.thrum.log.RequestRecord.Head;
import dev.thrum.services.web.StoreFaults;
import dev.thrum.store.RequestEntries;
import dev.thrum.store.RequestEntry;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The access log in the database. Owned by the thread that writes the log. */
public final class LogTable implements LogSink {
    /** Few, so that other writes don't wait long. */
    private static final int AT_ONCE = 256;

    private static final int NANOS_PER_MICRO = 1_000;

    private final RequestEntries entries;
    private final String writer;

    /** Number of written records, which distinguishes them when a write is tried again. */
    private long number;

    /**
     * A log in this database.
     *
     * @param writer a name that no other program that writes to this database has or had
     */
    public LogTable(RequestEntries entries, String writer) {
        this.entries = entries;
        this.writer = writer;
    }

    @Override
    public int write(List<RequestRecord> records) throws IOException {
        int count = Math.min(AT_ONCE, records.size());
        List<RequestEntry> rows = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            rows.add(entry(records.get(i)));
        }
        done(() -> StoreFaults.await(entries.add(writer, number, rows)));
        number += count;
        return count;
    }

    @Override
    public void write(Gap gap) throws IOException {
        done(() -> StoreFaults.await(entries.addGap(writer, Instant.ofEpochMilli(gap.time()), gap.dropped())));
    }

    private interface Write {
        Object run() throws InterruptedException;
    }

    private static void done(Write write) throws IOException {
        try {
            Object _ = write.run();
        } catch (DatabaseException e) {
            throw new IOException(e.getMessage(), e);
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }

    private static RequestEntry entry(RequestRecord record) {
        Head head = record.head();
        InetAddress client = record.client();
        return new RequestEntry(
                Instant.ofEpochMilli(record.time()),
                record.id(),
                AddressText.of(client),
                head == null
                        ? null
                        : new RequestEntry.Head(
                                shown(head.method()),
                                shown(head.query() == null ? head.path() : head.path() + "?" + head.query()),
                                head.http11() ? "1.1" : "1.0",
                                optional(head.referer()),
                                optional(head.agent()),
                                head.secure() ? "https" : "http",
                                head.tls()),
                record.status(),
                record.bytes(),
                record.nanos() / NANOS_PER_MICRO);
    }

    private static @Nullable String optional(@Nullable String text) {
        return text == null ? null : shown(text);
    }

    /** The text without characters that a database can't store, or that could move the cursor of a terminal. */
    private static String shown(String text) {
        return Printable.of(text);
    }

    @Override
    public void close() {
        // The owner of the database closes it.
    }

    @Override
    public String toString() {
        return "the database";
    }
}
