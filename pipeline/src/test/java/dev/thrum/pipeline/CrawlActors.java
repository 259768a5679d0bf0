package dev.thrum.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.base.Clock;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * The actors of a small crawl: two stages in a cycle, one that fetches pages and one that sends the links of each page
 * back. They are plain code that gets its time and its chance from outside, so a simulation or an explorer can run them.
 *
 * <p>The pages are a tree of numbers: a page has the links {@code 2n} and {@code 2n + 1}, up to {@code pages}.
 */
final class CrawlActors implements AutoCloseable {
    static final StageName<Integer> FETCH = StageName.of("fetch", Integer.class);
    static final StageName<Integer> PARSE = StageName.of("parse", Integer.class);

    /** More than any run fails in a row, so that no item is lost. */
    private static final int ENOUGH_ATTEMPTS = 1_000;

    private static final Duration LONG = Duration.ofMinutes(1);

    private final int pages;
    private final Clock clock;
    private final RandomGenerator random;
    private final Pipeline pipeline;
    private final Set<Integer> fetched = ConcurrentHashMap.newKeySet();
    private final Set<Integer> parsed = ConcurrentHashMap.newKeySet();
    private final AtomicInteger running = new AtomicInteger();

    /** How many items of each key run. */
    private final ConcurrentHashMap<String, AtomicInteger> perKey = new ConcurrentHashMap<>();

    private volatile boolean hasEnded;

    CrawlActors(int pages, Clock clock, RandomGenerator random) {
        this.pages = pages;
        this.clock = clock;
        this.random = random;
        RetryPolicy retry = new RetryPolicy(ENOUGH_ATTEMPTS, LONG, LONG, failure -> failure instanceof IOException);
        PipelineQueue<Integer> slow = new UnsteadyQueue<>(PipelineQueue.bounded(2, clock), clock, random);
        pipeline = Pipeline.named("crawl")
                .clock(clock)
                .random(random)
                .stage(FETCH, fetching(retry), this::fetch)
                .stage(PARSE, StageOptions.workers(2).sendsTo(FETCH).retry(retry), slow, this::parse)
                .start();
    }

    private static StageOptions fetching(RetryPolicy retry) {
        return StageOptions.workers(3)
                .virtual()
                .capacity(2)
                .backlog(1_000)
                .perKey(1)
                .sendsTo(PARSE)
                .retry(retry);
    }

    private static Item<Integer> item(int page) {
        return Item.of("page-" + page, "host-" + page % 3, page);
    }

    private void fetch(Item<Integer> page, StageRun run) throws Exception {
        AtomicInteger ofKey = perKey.computeIfAbsent(page.key(), key -> new AtomicInteger());
        assertThat(ofKey.incrementAndGet())
                .as("items of %s at once", page.key())
                .isOne();
        begin();
        try {
            stumble();
            if (random.nextInt(4) == 0) {
                run.holdKey(Duration.ofSeconds(random.nextInt(5)));
            }
            if (random.nextInt(8) == 0) {
                throw new RetryAfterException("busy", Duration.ofSeconds(random.nextInt(60)), random.nextBoolean());
            }
            run.emit(PARSE, page);
            pauseAtTimes();
            fetched.add(page.value());
        } finally {
            ofKey.decrementAndGet();
            running.decrementAndGet();
        }
    }

    private void parse(Item<Integer> page, StageRun run) throws Exception {
        begin();
        try {
            stumble();
            for (int link = 2 * page.value(); link <= Math.min(2 * page.value() + 1, pages); link++) {
                run.emit(FETCH, item(link));
                pauseAtTimes();
            }
            parsed.add(page.value());
        } finally {
            running.decrementAndGet();
        }
    }

    private void begin() {
        assertThat(hasEnded).as("the pipeline has ended").isFalse();
        running.incrementAndGet();
    }

    private void stumble() throws IOException, InterruptedException {
        pauseAtTimes();
        if (random.nextInt(5) == 0) {
            throw new IOException("lost the connection");
        }
    }

    private void pauseAtTimes() throws InterruptedException {
        if (random.nextInt(3) == 0) {
            clock.sleep(Duration.ofMillis(random.nextInt(2_000)));
        }
    }

    /** Puts the first page. */
    void feed() throws InterruptedException {
        pipeline.put(FETCH, item(1));
        pauseAtTimes();
        pipeline.noMoreInput();
    }

    /** Waits for the end, which must come when everything is done and not before. */
    void awaitEnd() throws InterruptedException {
        PipelineResult result = pipeline.join();
        hasEnded = true;

        assertThat(running).as("functions that run after the end").hasValue(0);
        assertThat(result.deadLetters()).isEmpty();
        assertThat(result.isComplete()).isTrue();
        assertThat(fetched).hasSize(pages);
        assertThat(parsed).hasSize(pages);
        assertThat(result.stages()).allSatisfy(stage -> {
            assertThat(stage.unfinished()).isZero();
            assertThat(stage.oldest()).isZero();
        });
    }

    /** Pauses the pipeline a few times; while it is paused and nothing runs any more, nothing may be done. */
    void pauseNowAndThen() throws InterruptedException {
        for (int i = 0; i < 4; i++) {
            clock.sleep(Duration.ofMillis(random.nextInt(5_000)));
            pipeline.pause();
            clock.sleep(LONG);
            long done = done();
            clock.sleep(Duration.ofHours(1));
            assertThat(done()).as("items done in a pause").isEqualTo(done);
            pipeline.resume();
        }
    }

    private long done() {
        return pipeline.progress().stream().mapToLong(StageProgress::done).sum();
    }

    /** Stops the pipeline at some time; everything that is not done must be handed back, and nothing may begin again. */
    void stopAtSomeTime() throws InterruptedException {
        clock.sleep(Duration.ofMillis(random.nextInt(60_000)));
        long start = clock.nanoTime();
        List<Waiting<?>> left = pipeline.stop(LONG);
        hasEnded = true;
        assertThat(Duration.ofNanos(clock.nanoTime() - start))
                .as("the wait for functions that end by themselves")
                .isLessThan(LONG.dividedBy(2));

        assertThat(running).as("functions that run after the stop").hasValue(0);
        assertThat(pipeline.stop(LONG)).isEqualTo(left);
        Set<Object> waiting = ConcurrentHashMap.newKeySet();
        left.forEach(item -> waiting.add(item.item().value()));
        // The links of a page that is parsed are fetched, parsed, or handed back; none is lost.
        for (int page : parsed) {
            for (int link = 2 * page; link <= Math.min(2 * page + 1, pages); link++) {
                assertThat(parsed.contains(link) || waiting.contains(link))
                        .as("page %d is parsed or handed back", link)
                        .isTrue();
            }
        }
        // Timers that were set before must not begin anything.
        clock.sleep(Duration.ofHours(1));
    }

    @Override
    public void close() {
        pipeline.close();
    }
}
