package dev.thrum.log;

/** Puts records into lines. Owned by the thread that writes. */
interface LineWriter {
    void add(RequestRecord record, LineBuffer to);

    void add(LogSink.Gap gap, LineBuffer to);
}
