package dev.thrum.app.crawl;

import dev.thrum.crawl.fetch.FetchWatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What is known about a download while it runs. Written by the thread that downloads, read by the one that draws; the fields
 * don't belong together, so each is published by itself.
 */
final class Transfer implements FetchWatch {
    private final String url;
    private volatile String name = "";
    private volatile long total = -1;
    private final AtomicLong bytes = new AtomicLong();

    Transfer(String url) {
        this.url = url;
    }

    @Override
    public void started(String proposed, long whole, long already) {
        name = proposed;
        total = whole;
        bytes.set(already);
    }

    @Override
    public void advanced(long more) {
        bytes.addAndGet(more);
    }

    /** The name of the file; before it is known, the URL. */
    String title() {
        String known = name;
        return known.isEmpty() ? url : known;
    }

    /** Bytes of the whole file; -1 if not known. */
    long total() {
        return total;
    }

    /** Bytes of the file so far. */
    long bytes() {
        return bytes.get();
    }
}
