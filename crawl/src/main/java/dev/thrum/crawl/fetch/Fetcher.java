package dev.thrum.crawl.fetch;

import dev.thrum.base.Clock;

/**
 * Fetches files into a folder. A file gets its name when it is complete and durable, and not before; see {@link FetchResult}. Safe for
 * concurrent use.
 */
public final class Fetcher {
    private final FetchNetwork network;
    private final DownloadFolder folder;
    private final Clock clock;

    /** A fetcher; closes neither the network nor the folder. */
    public Fetcher(FetchNetwork network, DownloadFolder folder, Clock clock) {
        this.network = network;
        this.folder = folder;
        this.clock = clock;
    }

    /**
     * Makes one attempt to fetch a file: resumes what an earlier attempt or run has left, or begins. Blocks.
     *
     * @throws InterruptedException if the thread was interrupted; the part is kept
     */
    public FetchResult fetch(FetchRequest request, FetchWatch watch) throws InterruptedException {
        throw new InterruptedException(network + " " + folder + " " + clock + " " + request + " " + watch);
    }
}
