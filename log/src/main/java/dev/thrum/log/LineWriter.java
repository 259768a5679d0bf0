package dev.thrum.log;

/** Formats records as lines. Owned by the thread that writes. */
interface LineWriter {
    void add(RequestRecord record, LineBuffer to);

    void add(LogSink.Gap gap, LineBuffer to);
}
