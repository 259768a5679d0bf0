package dev.thrum.crawl.mine;

import dev.thrum.base.Clock;
import dev.thrum.http.client.url.Url;
import dev.thrum.http.client.url.UrlException;
import dev.thrum.pipeline.DeadLetter;
import dev.thrum.pipeline.Item;
import dev.thrum.pipeline.Pipeline;
import dev.thrum.pipeline.RetryPolicy;
import dev.thrum.pipeline.StageName;
import dev.thrum.pipeline.StageOptions;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Takes values from pages of the web: fetchers, a queue, and parsers. Pages are fetched by virtual threads, which wait most
 * of the time, and parsed by platform threads, which don't. When the parsers fall behind, the queue fills and the fetchers
 * wait; when the fetchers fall behind, whoever supplies URLs waits. Safe for concurrent use.
 */
public final class Miner {
    private static final StageName<GivenUrl> FETCH = StageName.of("fetch", GivenUrl.class);
    private static final StageName<FetchedPage> PARSE = StageName.of("parse", FetchedPage.class);
    /** URLs that wait to be fetched: enough that a slow host does not keep others waiting. */
    private static final int URLS = 1024;

    private final PageSource source;
    private final List<Selection> selections;
    private final MinerOptions options;
    private final Clock clock;

    Miner(PageSource source, List<Selection> selections, MinerOptions options, Clock clock) {
        if (selections.isEmpty()) {
            throw new IllegalArgumentException("expected at least one selection but there is none");
        }
        this.source = source;
        this.selections = List.copyOf(selections);
        this.options = options;
        this.clock = clock;
    }

    /** A URL as it was given, and as it was understood. */
    private record GivenUrl(String text, String href) implements Serializable {}

    /**
     * How many pages there were.
     *
     * @param pages that were received and parsed, with or without a match
     * @param failed of which there is none
     */
    public record Summary(long pages, long failed) {}

    /**
     * Mines pages until there are no more URLs and nothing waits, runs or is to be retried. A malformed URL is a failure
     * like any other.
     *
     * @param urls are taken one by one, as there is room
     * @param listener gets one result for each URL, in the order in which they are ready; called by several threads, but
     *     by one at a time. If it throws, the page counts as failed
     * @throws InterruptedException if the thread was interrupted; whatever runs has been stopped
     */
    public Summary mine(Iterator<String> urls, Consumer<? super Mined> listener) throws InterruptedException {
        return new Run(listener).mine(urls);
    }

    /** One call of {@link Miner#mine}. */
    private final class Run {
        private final LongAdder pages = new LongAdder();
        private final LongAdder failed = new LongAdder();
        private final Consumer<? super Mined> listener;

        Run(Consumer<? super Mined> listener) {
            this.listener = listener;
        }

        Summary mine(Iterator<String> urls) throws InterruptedException {
            StageOptions fetchers = StageOptions.workers(options.parallel())
                    .virtual()
                    .capacity(URLS)
                    .perKey(options.perHost())
                    .retry(options.retryPolicy())
                    .sendsTo(PARSE);
            // No more pages than this are in memory, apart from those in the hands of a fetcher or a parser.
            StageOptions parsers = StageOptions.workers(options.parsers())
                    .capacity(Math.max(2 * options.parsers(), 8))
                    .retry(RetryPolicy.never());
            try (Pipeline pipeline = Pipeline.named("mine")
                    .stage(FETCH, fetchers, (item, run) -> {
                        FetchedPage page = source.get(
                                item.value().text(), Url.parse(item.value().href()));
                        run.emit(PARSE, Item.of(item.id(), page));
                    })
                    .stage(PARSE, parsers, (item, _) -> {
                        report(item.value().values(selections));
                        pages.increment();
                    })
                    .deadLetters(this::dead)
                    .clock(clock)
                    .start()) {
                feed(urls, pipeline);
                pipeline.noMoreInput();
                pipeline.join();
            }
            return new Summary(pages.sum(), failed.sum());
        }

        private void feed(Iterator<String> urls, Pipeline pipeline) throws InterruptedException {
            for (long number = 1; urls.hasNext(); number++) {
                String text = urls.next();
                try {
                    Url url = Url.parse(text);
                    GivenUrl given = new GivenUrl(url.username().isEmpty() && url.password().isEmpty() ? text : url.toString(), url.href());
                    pipeline.put(FETCH, Item.of(Long.toString(number), url.hostAndPort(), given));
                } catch (UrlException e) {
                    fail(new Mined.Failed(text, null, 0, String.valueOf(e.getMessage())));
                }
            }
        }

        private void dead(DeadLetter<?> letter) {
            String url = switch (letter.item().value()) {
                case GivenUrl given -> given.text();
                case FetchedPage page -> page.url();
                default -> letter.item().id();
            };
            fail(letter.reason() instanceof PageException page
                    ? page.toMined(url)
                    : new Mined.Failed(url, null, 0, String.valueOf(letter.reason())));
        }

        private void fail(Mined.Failed result) {
            failed.increment();
            report(result);
        }

        private synchronized void report(Mined result) {
            listener.accept(result);
        }
    }
}
