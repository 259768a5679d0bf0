package dev.thrum.crawl.fetch;

import dev.thrum.base.Clock;
import dev.thrum.base.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Fetches files into a folder. A file gets its name when it is complete and durable, and not before; see {@link FetchResult}. Safe for
 * concurrent use.
 */
public final class Fetcher {
    private final FetchNetwork network;
    private final DownloadFolder folder;
    private final Clock clock;
    private final Blocks blocks = new Blocks();

    /** A fetcher; closes neither the network nor the folder. */
    public Fetcher(FetchNetwork network, DownloadFolder folder, Clock clock) {
        this.network = network;
        this.folder = folder;
        this.clock = clock;
    }

    /**
     * Makes one attempt to fetch a file: resumes what an earlier attempt or run has left, or begins. Blocks.
     *
     * @throws InterruptedException if the thread was interrupted; a part that can be resumed is kept
     */
    public FetchResult fetch(FetchRequest request, FetchWatch watch) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before a file was fetched");
        }
        Optional<Duration> time = network.timeFor(request);
        if (time.isEmpty()) {
            return Failures.late();
        }
        FetchRequest bounded = request.with(Deadline.in(time.get(), clock));
        byte[] block = blocks.borrow();
        try {
            return new Download(network, folder, clock, bounded, watch, block).run();
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw FetchNetwork.interrupted(e);
            }
            return network.timeFor(bounded).isEmpty() ? Failures.late() : Failures.of(e);
        } finally {
            blocks.giveBack(block);
        }
    }
}
