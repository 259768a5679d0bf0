package dev.thrum.app.crawl;

import dev.thrum.app.cli.StopSignals;
import dev.thrum.base.Clock;
import dev.thrum.base.IoWords;
import dev.thrum.crawl.fetch.FetchResult;
import dev.thrum.pipeline.DeadLetter;
import dev.thrum.pipeline.Item;
import dev.thrum.pipeline.Pipeline;
import dev.thrum.pipeline.RetryAfterException;
import dev.thrum.pipeline.RetryPolicy;
import dev.thrum.pipeline.StageName;
import dev.thrum.pipeline.StageOptions;
import dev.thrum.pipeline.StageRun;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Downloads as a pipeline of one stage: each URL is an item, its host is the key. So a host that wants a pause holds up none but
 * itself, and a download that waits for its next attempt takes no worker.
 */
final class FetchRun {
    private static final StageName<Download> FETCH = StageName.of("fetch", Download.class);

    /** How long running downloads may go on after a signal, before they are interrupted. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final Attempt attempt;
    private final Plan plan;
    private final Tally tally;
    private final FetchOutput output;
    private final Clock clock;

    /** One attempt at a download. */
    @FunctionalInterface
    interface Attempt {
        /** Returns why it has failed, or null after it has reported its success. */
        FetchResult.@Nullable Failed run(Download download, Transfer transfer) throws InterruptedException;
    }

    /**
     * How many at once, and how often.
     *
     * @param parallel how many downloads at once
     * @param perHost how many of them from one host
     */
    record Plan(int parallel, int perHost, RetryPolicy retry) {}

    FetchRun(Attempt attempt, Plan plan, Tally tally, FetchOutput output, Clock clock) {
        this.attempt = attempt;
        this.plan = plan;
        this.tally = tally;
        this.output = output;
        this.clock = clock;
    }

    /** Whether a failure of an attempt may pass. */
    static boolean mayPass(Exception failure) {
        return failure instanceof AttemptFailedException attempt && attempt.mayPass();
    }

    /** Runs all downloads to their end; returns whether none was left because of a signal. */
    boolean run(List<Download> downloads, StopSignals signals) throws InterruptedException {
        StageOptions options = StageOptions.workers(plan.parallel())
                .virtual()
                .perKey(plan.perHost())
                .retry(plan.retry());
        try (Pipeline pipeline = Pipeline.named("fetch")
                .stage(FETCH, options, this::fetch)
                .deadLetters(this::givenUp)
                .clock(clock)
                .start()) {
            signals.afterFirst(() -> stop(pipeline));
            put(downloads, pipeline, signals);
            boolean isComplete = pipeline.join().isComplete();
            return isComplete && !signals.haveArrived();
        }
    }

    private static void put(List<Download> downloads, Pipeline pipeline, StopSignals signals)
            throws InterruptedException {
        int number = 0;
        for (Download download : downloads) {
            if (signals.haveArrived()) {
                return;
            }
            pipeline.put(FETCH, Item.of(Integer.toString(number), download.host(), download));
            number++;
        }
        pipeline.noMoreInput();
    }

    private static void stop(Pipeline pipeline) {
        try {
            var _ = pipeline.stop(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            pipeline.close();
        }
    }

    private void fetch(Item<Download> item, StageRun run) throws Exception {
        Download download = item.value();
        Transfer transfer = tally.begin(download.url());
        long begun = clock.nanoTime();
        FetchResult.Failed failure;
        try {
            failure = attempt.run(download, transfer);
        } finally {
            tally.end(transfer, clock.nanoTime() - begun);
        }
        if (failure != null) {
            download.failed(failure);
            throw failed(download, failure, run);
        }
    }

    private Exception failed(Download download, FetchResult.Failed failure, StageRun run) {
        Duration pause = failure.retryAfter();
        if (pause != null && failure.wholeHost() && failure.mayRetry()) {
            // Also when this was the last attempt: the host wants a pause from everybody.
            run.holdKey(pause);
        }
        boolean isLast = !failure.mayRetry() || run.attempt() >= plan.retry().attempts();
        if (!isLast) {
            output.willRetry(download, failure.reason());
        }
        return pause == null || isLast
                ? new AttemptFailedException(failure.reason(), failure.mayRetry())
                : new RetryAfterException(failure.reason(), pause, failure.wholeHost());
    }

    private void givenUp(DeadLetter<?> letter) {
        // One that a signal has interrupted has not failed.
        if (letter.item().value() instanceof Download download && !(letter.reason() instanceof InterruptedException)) {
            tally.failed();
            output.failed(download, IoWords.of(letter.reason()));
        }
    }
}
