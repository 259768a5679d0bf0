package dev.thrum.crawl.crawler;

import dev.thrum.base.Clock;
import dev.thrum.base.DurationText;
import dev.thrum.crawl.archive.Exchange;
import dev.thrum.crawl.archive.Truncation;
import dev.thrum.crawl.crawler.Authority.Trouble;
import dev.thrum.crawl.crawler.Candidate.SkipReason;
import dev.thrum.crawl.crawler.CrawlTask.Again;
import dev.thrum.crawl.crawler.Outcome.Found;
import dev.thrum.crawl.crawler.Visit.Answered;
import dev.thrum.crawl.fetch.FetchResult;
import dev.thrum.crawl.fetch.RetryAfter;
import dev.thrum.crawl.frontier.KnownUrl;
import dev.thrum.crawl.robots.RobotsAnswer;
import dev.thrum.crawl.robots.RobotsRules;
import dev.thrum.crawl.shared.RequestPermits;
import dev.thrum.http.Headers;
import dev.thrum.http.client.url.Url;
import dev.thrum.pipeline.Item;
import dev.thrum.pipeline.StageName;
import dev.thrum.pipeline.StageRun;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The stage that fetches: one request for each URL that the queue delivers, and robots.txt before the first of a host. */
final class FetchStage {
    static final StageName<CrawlTask> FETCH = StageName.of("fetch", CrawlTask.class);
    static final StageName<Outcome> RECORD = StageName.of("record", Outcome.class);

    /** Statuses that may be different the next time. */
    private static final Set<Integer> PASSING = Set.of(408, 425, 429, 500, 502, 503, 504);

    /** Statuses by which a server asks for fewer requests. */
    private static final Set<Integer> THROTTLING = Set.of(429, 503);

    private static final int MOST_ATTEMPTS = 5;

    /** How many responses may be read, or wait to be taken by the next stage. */
    private static final int READING = Math.max(16, Runtime.getRuntime().availableProcessors());

    private static final Duration RULES_ARE_VALID = Duration.ofDays(1);
    private static final System.Logger LOG = System.getLogger(FetchStage.class.getName());

    private final CrawlOptions options;
    private final PoliteQueue queue;
    private final CrawlNetwork network;
    private final RobotsRequest robots;
    private final LinkJudge judge;
    private final PageReader reader;
    private final SitemapPages sitemaps;
    private final Surroundings around;

    /** One permit for each response that is read, from the end of its request on. */
    private final Semaphore reading = new Semaphore(READING);

    /**
     * What the stage needs of its crawl.
     *
     * @param mayFetch whether one more page may be fetched, which then counts
     * @param giveBack one page less was fetched
     * @param permits which hosts may be asked now
     * @param revisits what is made of the pages of an earlier crawl; null unless this is a refresh
     */
    record Surroundings(
            Clock clock,
            BackOff backOff,
            BooleanSupplier mayFetch,
            Runnable giveBack,
            RequestPermits permits,
            Scoping scoping,
            @Nullable Revisits revisits) {}

    /** Takes the host that a seed redirects to into the crawl, if it is of the same domain. */
    @FunctionalInterface
    interface Scoping {
        void redirected(Url seed, Url target);
    }

    FetchStage(CrawlOptions options, PoliteQueue queue, CrawlNetwork network, LinkJudge judge, Surroundings around) {
        String agent = options.manners().agent();
        this.options = options;
        this.queue = queue;
        this.network = network;
        this.judge = judge;
        this.around = around;
        this.robots = new RobotsRequest(network, around.permits(), around.clock(), agent);
        this.reader = new PageReader(
                new LinkRules(judge, options.manners().nofollow()),
                RobotsRules.productToken(agent),
                options.isIndexed());
        this.sitemaps = new SitemapPages(judge);
    }

    /** Makes one attempt at a URL. */
    void fetch(Item<CrawlTask> item, StageRun run) throws InterruptedException {
        if (!(item.value() instanceof Again(KnownUrl known, long _))) {
            throw new IllegalStateException("expected a URL of the frontier but was " + item.value());
        }
        String host = known.host();
        Optional<String> givenUp = queue.givenUp(host);
        if (givenUp.isPresent()) {
            queue.unused(host);
            skip(run, known, new SkipReason(SkipReason.HOST, givenUp.get()));
            return;
        }
        Url url = Url.parse(known.url());
        Optional<RobotsRules> rules = rules(url);
        if (rules.isEmpty()) {
            askRobots(known, url, run);
            return;
        }
        Kind kind = Kind.of(known.kind());
        Optional<SkipReason> skip = rules.get().allows(url) ? judge.again(url, kind) : disallowed();
        if (skip.isPresent()) {
            queue.unused(host);
            skip(run, known, skip.get());
        } else if (!kind.isSitemap() && !around.mayFetch().getAsBoolean()) {
            queue.unused(host);
            putBack(run, known, Duration.ZERO);
        } else {
            try {
                visit(known, kind, run);
            } catch (IOException e) {
                run.emit(RECORD, item(known, new Outcome.Unreadable(e)));
            }
        }
    }

    private static Optional<SkipReason> disallowed() {
        return Optional.of(new SkipReason(SkipReason.ROBOTS, "robots.txt disallows it"));
    }

    private Optional<RobotsRules> rules(Url url) {
        String host = LinkJudge.host(url);
        Optional<RobotsRules> rules = queue.rules(host);
        if (rules.isEmpty() && !options.manners().robots()) {
            // Until the queue has rules, it uses one turn of the host only.
            queue.allow(
                    host, RobotsRules.ALLOW_ALL, RULES_ARE_VALID, options.pace().delay());
            return Optional.of(RobotsRules.ALLOW_ALL);
        }
        return rules;
    }

    private void askRobots(KnownUrl known, Url url, StageRun run) throws InterruptedException {
        String host = known.host();
        List<Exchange> exchanges = new ArrayList<>();
        Found named = Found.NOTHING;
        Optional<RobotsAnswer> answer = robots.of(host, url, exchanges::add);
        if (answer.isEmpty()) {
            queue.abandon(known);
            return;
        }
        switch (answer.get()) {
            case RobotsAnswer.Rules(RobotsRules rules) -> {
                queue.answered(host);
                Duration asked = rules.crawlDelay().orElse(Duration.ZERO);
                Duration delay = options.pace().delay();
                queue.allow(host, rules, RULES_ARE_VALID, asked.compareTo(delay) > 0 ? asked : delay);
                if (asked.compareTo(options.pace().maxWait()) > 0) {
                    queue.giveUp(
                            host,
                            "its robots.txt asks for a delay of " + DurationText.of(asked) + ", at most "
                                    + DurationText.of(options.pace().maxWait()) + " is waited for");
                } else if (options.manners().sitemaps()) {
                    named = Found.of(sitemaps.named(url, rules));
                }
            }
            case RobotsAnswer.Unreachable(String reason, Duration asked) -> {
                LOG.log(Level.INFO, "{0}: robots.txt can''t be read: {1}", host, reason);
                boolean _ = queue.failed(host, Trouble.NO_ROBOTS, "robots.txt can't be read: " + reason, asked);
            }
        }
        queue.ended(host);
        queue.inHand().add();
        run.emit(RECORD, Item.of(host, new Outcome.Robots(exchanges, named)));
        putBack(run, known, Duration.ZERO);
    }

    private void visit(KnownUrl found, Kind kind, StageRun run) throws IOException, InterruptedException {
        Revisits revisits = around.revisits();
        EarlierCrawl.Page before = revisits == null ? null : revisits.of(found).orElse(null);
        // The index knows a page by its spelling, and unchanged pages are not added to it again.
        KnownUrl known = before == null ? found : found.withUrl(before.line().url());
        Url url = Url.parse(known.url());
        Headers conditions = revisits == null || before == null ? Headers.none() : revisits.conditions(known, before);
        Optional<Visit> made = around.permits()
                .request(
                        known.host(),
                        () -> network.get(url, conditions, options.limits().size(), fields -> wants(fields, kind)));
        if (made.isEmpty()) {
            giveBack(kind);
            queue.abandon(known);
            return;
        }
        Visit visit = made.get();
        tell(known.host(), visit);
        // Otherwise hosts are asked for more and more pages while those before wait to be recorded.
        reading.acquire();
        try {
            queue.ended(known.host());
            switch (visit) {
                case Visit.Refused refused -> {
                    giveBack(kind);
                    skip(run, known, new SkipReason(SkipReason.GUARD, refused.reason()));
                }
                case Visit.Failed failed -> failed(known, kind, failed, run);
                case Answered answered -> {
                    if (revisits != null
                            && before != null
                            && conditions.size() > 0
                            && Conditions.isAboutConditions(answered)) {
                        conditional(known, answered, revisits, before, run);
                    } else {
                        answered(known, url, kind, answered, run);
                    }
                }
            }
        } finally {
            reading.release();
        }
    }

    /** A response that only a request with conditions gets. */
    private void conditional(
            KnownUrl known, Answered answered, Revisits revisits, EarlierCrawl.Page before, StageRun run)
            throws IOException, InterruptedException {
        if (Conditions.isConfirmed(answered, before.line())) {
            run.emit(RECORD, item(known, revisits.unchanged(known, answered, before)));
        } else {
            LOG.log(Level.INFO, "{0}: status {1} makes no sense; asked for all of it", known.url(), answered.status());
            revisits.askWhole(known);
            giveBack(Kind.of(known.kind()));
            putBack(run, known, Duration.ZERO);
        }
    }

    /** Tells the queue how a host has answered, before the next request of it may begin. */
    private void tell(String host, Visit visit) {
        switch (visit) {
            case Answered answered
            when isThrottling(answered) -> {
                Duration asked = RetryAfter.of(
                                answered.headers(), around.clock().instant())
                        .filter(Duration::isPositive)
                        .orElse(null);
                boolean _ = queue.failed(host, Trouble.THROTTLED, "its status is " + answered.status(), asked);
            }
            case Answered _ -> queue.answered(host);
            case Visit.Failed(Instant _, FetchResult.Failed failure)
            when failure.mayRetry() -> {
                boolean _ = queue.failed(host, Trouble.NO_ANSWER, failure.reason(), null);
            }
            case Visit.Failed _, Visit.Refused _ -> {}
        }
    }

    private boolean wants(Headers fields, Kind kind) {
        return kind.isSitemap()
                || options.types().mayBePage(fields.first("Content-Type").orElse(""));
    }

    private static boolean isThrottling(Answered answered) {
        return THROTTLING.contains(answered.status());
    }

    private void giveBack(Kind kind) {
        if (!kind.isSitemap()) {
            around.giveBack().run();
        }
    }

    private void failed(KnownUrl known, Kind kind, Visit.Failed failed, StageRun run) throws InterruptedException {
        String reason = failed.failure().reason();
        if (failed.failure().mayRetry() && known.attempts() + 1 < MOST_ATTEMPTS) {
            LOG.log(Level.INFO, "{0}: {1}; tried again later", known.url(), reason);
            giveBack(kind);
            putBack(run, known.afterAttempt(), Duration.ZERO);
        } else if (kind.isSitemap()) {
            run.emit(RECORD, item(known, new Outcome.Sitemap(known, null, Found.NOTHING)));
        } else {
            LOG.log(Level.WARNING, "{0}: {1}", known.url(), reason);
            run.emit(RECORD, item(known, PageReader.failed(known, failed)));
        }
    }

    private void answered(KnownUrl known, Url url, Kind kind, Answered answered, StageRun run)
            throws InterruptedException {
        boolean isCut = answered.truncated() != null && answered.truncated() != Truncation.LENGTH;
        if ((PASSING.contains(answered.status()) || isCut) && known.attempts() + 1 < MOST_ATTEMPTS) {
            giveBack(kind);
            later(known, answered, run);
            return;
        }
        Optional<Url> target = RobotsRequest.target(answered, url);
        if (kind.isSitemap()) {
            Found found = target.isPresent()
                    ? redirected(known, url, target.get())
                    : answered.status() == 200 ? sitemaps.read(known, url, answered) : Found.NOTHING;
            run.emit(RECORD, item(known, new Outcome.Sitemap(known, answered.exchange(), found)));
        } else if (target.isPresent()) {
            Found found = redirected(known, url, target.get());
            run.emit(
                    RECORD,
                    item(known, PageReader.other(known, answered, target.get().toString(), null, found)));
        } else {
            run.emit(RECORD, item(known, page(known, url, answered)));
        }
    }

    /** Tries a URL again whose response says that it may be another one later. */
    private void later(KnownUrl known, Answered answered, StageRun run) throws InterruptedException {
        Duration pause =
                isThrottling(answered) ? Duration.ZERO : around.backOff().pause(known.attempts() + 1);
        LOG.log(
                Level.INFO,
                "{0}: status {1}{2}; tried again later",
                known.url(),
                answered.status(),
                answered.truncated() == null ? "" : ", and the body ended early");
        putBack(run, known.afterAttempt(), pause);
    }

    private Found redirected(KnownUrl known, Url url, Url target) {
        return Found.of(redirected(known, url, target, judge, around.scoping()));
    }

    /** What is followed of a redirect: nothing after too many. */
    static List<Candidate> redirected(KnownUrl known, Url url, Url target, LinkJudge judge, Scoping scoping) {
        Kind kind = Kind.of(known.kind());
        if (kind.hops() == Kind.MOST_HOPS) {
            return List.of();
        }
        if (kind.isSeed()) {
            scoping.redirected(url, target);
        }
        return List.of(judge.candidate(target, known.depth(), known.url(), kind.redirected()));
    }

    private Outcome page(KnownUrl known, Url url, Answered answered) {
        String type = answered.field("Content-Type");
        if (answered.status() < 200 || answered.status() > 299) {
            return PageReader.other(
                    known,
                    answered,
                    url.toString(),
                    PASSING.contains(answered.status()) ? "expected a page but was status " + answered.status() : null,
                    Found.NOTHING);
        }
        Optional<String> other = options.types().otherThanPage(type, answered.body());
        if (other.isPresent()) {
            return new Outcome.Skipped(known, new SkipReason(SkipReason.TYPE, other.get()));
        }
        return MediaType.otherThanHtml(type, answered.body()).isEmpty()
                ? reader.page(known, url, answered)
                : PageReader.file(known, url, answered);
    }

    private static Item<Outcome> item(KnownUrl known, Outcome outcome) {
        return Item.of(known.url(), known.host(), outcome);
    }

    private static void skip(StageRun run, KnownUrl known, SkipReason reason) throws InterruptedException {
        run.emit(RECORD, item(known, new Outcome.Skipped(known, reason)));
    }

    private void putBack(StageRun run, KnownUrl known, Duration pause) throws InterruptedException {
        long due = around.clock().nanoTime() + Clock.nanos(pause);
        run.emit(FETCH, Item.of(known.url(), known.host(), new Again(known, due)));
    }
}
