package dev.thrum.crawl.mine;

import dev.thrum.base.Clock;
import dev.thrum.crawl.fetch.FetchNetwork;
import dev.thrum.http.client.url.Url;
import dev.thrum.pipeline.DeadLetter;
import dev.thrum.pipeline.Item;
import dev.thrum.pipeline.Pipeline;
import dev.thrum.pipeline.RetryAfterException;
import dev.thrum.pipeline.RetryPolicy;
import dev.thrum.pipeline.StageName;
import dev.thrum.pipeline.StageOptions;
import dev.thrum.pipeline.StageRun;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Takes values from pages of the web: fetchers, a queue, and parsers. Pages are fetched by virtual threads, which wait most
 * of the time, and parsed by platform threads, which don't. If the parsers fall behind, the queue fills and the fetchers
 * wait; if the fetchers fall behind, whoever supplies URLs waits. Immutable, and safe for concurrent use.
 */
public final class Miner {
    private static final StageName<PageRequest> FETCH = StageName.of("fetch", PageRequest.class);
    private static final StageName<FetchedPage> PARSE = StageName.of("parse", FetchedPage.class);
    /** URLs that wait to be fetched: enough that a slow host does not keep the others waiting. */
    private static final int URLS = 1024;
    /** Pages that wait for each parser. With those that are being fetched and parsed, they are all that are in memory. */
    private static final int PAGES = 4;

    private final PageSource source;
    private final List<Selection> selections;
    private final MinerOptions options;
    private final Clock clock;

    /**
     * A miner of pages from this network, which must be closed after it.
     *
     * @param selections at least one
     */
    public Miner(FetchNetwork network, List<Selection> selections, MinerOptions options, Clock clock) {
        this(new PageFetcher(network), selections, options, clock);
    }

    Miner(PageSource source, List<Selection> selections, MinerOptions options, Clock clock) {
        if (selections.isEmpty()) {
            throw new IllegalArgumentException("expected at least one selection but there is none");
        }
        this.source = source;
        this.selections = List.copyOf(selections);
        this.options = options;
        this.clock = clock;
    }

    /**
     * Mines pages until all URLs are taken and nothing waits, runs or is to be retried. Blocks.
     *
     * @param urls are taken one by one, by the calling thread, as there is room
     * @param listener gets one result for each URL, in the order in which they are ready; called by several threads, one at a
     *     time
     * @throws InterruptedException if the thread was interrupted; whatever ran has been stopped
     */
    public void mine(Iterator<Url> urls, Consumer<? super Mined> listener) throws InterruptedException {
        Results results = new Results(listener);
        StageOptions fetchers = StageOptions.workers(options.parallel())
                .virtual()
                .capacity(URLS)
                .perKey(options.perHost())
                .retry(options.retryOfPages())
                .sendsTo(PARSE);
        StageOptions parsers = StageOptions.workers(options.parsers())
                .capacity(PAGES * options.parsers())
                .retry(RetryPolicy.never());
        try (Pipeline pipeline = Pipeline.named("mine")
                .stage(FETCH, fetchers, this::fetch)
                .stage(PARSE, parsers, (item, _) -> results.add(item.value().values(selections)))
                .deadLetters(letter -> results.add(failure(letter)))
                .clock(clock)
                .start()) {
            for (long number = 1; urls.hasNext(); number++) {
                Url url = urls.next();
                pipeline.put(FETCH, Item.of(Long.toString(number), url.host(), new PageRequest(url)));
            }
            pipeline.noMoreInput();
            pipeline.join();
        }
    }

    private void fetch(Item<PageRequest> item, StageRun run)
            throws PageException, RetryAfterException, InterruptedException {
        PageRequest request = item.value();
        FetchedPage page;
        try {
            page = source.get(request.url(), request.until(options.maxTime(), clock));
        } catch (PageException e) {
            request.failed(e);
            if (e.next().mayRetry() && e.next().after() != null) {
                throw new RetryAfterException(
                        String.valueOf(e.getMessage()),
                        e.next().after(),
                        e.next().wholeHost());
            }
            throw e;
        }
        run.emit(PARSE, Item.of(item.id(), page));
    }

    private static Mined.Failed failure(DeadLetter<?> letter) {
        String defect = "expected to get and parse the page but was " + letter.reason();
        return switch (letter.item().value()) {
            case PageRequest request -> {
                String url = request.url().toString();
                PageException failure = request.lastFailure();
                yield failure == null ? new Mined.Failed(url, null, 0, defect) : failure.toMined(url);
            }
            case FetchedPage page -> new Mined.Failed(page.url(), page.finalUrl(), page.status(), defect);
            default -> throw new IllegalStateException("expected a page but was " + letter.item());
        };
    }

    /** The results of one call, passed on one at a time. */
    private static final class Results {
        private final ReentrantLock oneAtATime = new ReentrantLock();
        private final Consumer<? super Mined> listener;

        Results(Consumer<? super Mined> listener) {
            this.listener = listener;
        }

        void add(Mined result) {
            oneAtATime.lock();
            try {
                listener.accept(result);
            } finally {
                oneAtATime.unlock();
            }
        }
    }
}
