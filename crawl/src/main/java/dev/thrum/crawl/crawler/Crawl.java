package dev.thrum.crawl.crawler;

import static dev.thrum.crawl.crawler.FetchStage.FETCH;
import static dev.thrum.crawl.crawler.FetchStage.RECORD;

import dev.thrum.base.Clock;
import dev.thrum.base.Deadline;
import dev.thrum.base.DurationText;
import dev.thrum.crawl.archive.OutputOptions;
import dev.thrum.crawl.crawler.CrawlTask.Found;
import dev.thrum.crawl.frontier.Fingerprint;
import dev.thrum.crawl.robots.RobotsRules;
import dev.thrum.crawl.shared.HostMemory;
import dev.thrum.crawl.shared.RequestPermits;
import dev.thrum.crawl.url.Scope;
import dev.thrum.engine.AddressRule;
import dev.thrum.engine.Engine;
import dev.thrum.http.client.url.Url;
import dev.thrum.pipeline.Item;
import dev.thrum.pipeline.Pipeline;
import dev.thrum.pipeline.RetryPolicy;
import dev.thrum.pipeline.StageOptions;
import dev.thrum.pipeline.partitions.Partitions;
import dev.thrum.tls.TlsClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A crawl: it fetches pages from its seeds on, and whatever they lead to within its scope, each page once; it records them, and what was left
 * out and why. See the guide {@code docs/crawl.md} for what it writes.
 *
 * <p>Hosts are asked politely: robots.txt first, one request at a time, with a pause. A crawl that was stopped, or has crashed, is {@linkplain #resume
 * resumed}: it goes on as if nothing had happened, except that what was under way is fetched again.
 */
public final class Crawl implements AutoCloseable {
    private static final Duration TICK = Duration.ofSeconds(1);

    /** How long responses that are under way may take when a crawl is stopped. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    /** How many of the hosts that are waited for are named. */
    private static final int NAMED_HOSTS = 3;

    /** Responses that wait to be recorded. */
    private static final int RECORDS = 16;

    private final CrawlOptions options;
    private final CrawlListener listener;
    private final Clock clock;
    private final CrawlFolder folder;
    private final CrawlNetwork network;
    private final Scope scope;
    private final LinkJudge judge;
    private final PoliteQueue queue;
    private final Recorder recorder;
    private final BackOff backOff;

    /** Null unless this is a refresh. */
    private final @Nullable Revisits revisits;

    /** Null unless other processes crawl, too. */
    private final @Nullable Sharing sharing;

    /** Pages whose request was begun, or that were recorded. */
    private final AtomicLong begun = new AtomicLong();

    /** Why it is to end before everything is done; null if it isn't. */
    private final AtomicReference<@Nullable CrawlEnd> early = new AtomicReference<>();

    /** What a crawl works with. */
    public record Surroundings(Engine engine, AddressRule guard, TlsClient tls, RandomGenerator random) {}

    private Crawl(CrawlFolder folder, CrawlOptions options, Surroundings around, CrawlListener listener) {
        this(folder, options, around, listener, null);
    }

    private Crawl(
            CrawlFolder folder,
            CrawlOptions options,
            Surroundings around,
            CrawlListener listener,
            @Nullable Partitions log) {
        this.options = options;
        this.listener = listener;
        this.folder = folder;
        this.clock = around.engine().clock();
        this.backOff = new BackOff(around.random());
        this.network = new CrawlNetwork(around.engine(), options, around.guard(), around.tls());
        CrawlOptions.Reach reach = options.reach();
        this.scope = new Scope(options.seeds(), reach.hosts(), reach.includes(), reach.excludes(), reach.depth());
        Aside.recallAdopted(folder.frontier, scope::adopt);
        this.judge =
                new LinkJudge(scope, folder.memory.traps(), folder.identity, folder.memory.sessions(), this::isKnown);
        this.sharing = log == null
                ? null
                : new Sharing(log, folder, clock, options.pace().delay(), this::adopt);
        this.queue = sharing == null
                ? new PoliteQueue(folder.frontier, HostMemory.none(), clock, backOff, options.pace())
                : new PoliteQueue(sharing.urls(), sharing.urls(), clock, backOff, options.pace());
        LinkRules rules = new LinkRules(judge, options.manners().nofollow());
        EarlierCrawl earlier = folder.memory.earlier();
        this.revisits = earlier == null
                ? null
                : new Revisits(
                        earlier,
                        rules,
                        this::redirected,
                        RobotsRules.productToken(options.manners().agent()),
                        options.outputs().warc() != OutputOptions.Warc.OFF);
        this.recorder = new Recorder(folder, queue, rules, revisits, sharing);
    }

    /**
     * Begins a crawl in a folder without one.
     *
     * @param folder made if it doesn't exist
     * @throws CrawlFolderException if it has a crawl
     * @throws SeedRefusedException if a seed has an address that must not be connected to
     */
    public static Crawl create(Path folder, CrawlOptions options, Surroundings around, CrawlListener listener)
            throws IOException, CrawlFolderException, SeedRefusedException {
        requireSeeds(options.seeds(), around.guard());
        return new Crawl(
                CrawlFolder.create(folder, options, around.engine().clock(), around.random()),
                options,
                around,
                listener);
    }

    /**
     * Opens a crawl that was stopped, or has crashed.
     *
     * @throws CrawlFolderException if the folder has none, or another process crawls into it
     * @throws SeedRefusedException if a seed has an address that must not be connected to
     */
    public static Crawl resume(Path folder, CrawlOptions options, Surroundings around, CrawlListener listener)
            throws IOException, CrawlFolderException, SeedRefusedException {
        requireSeeds(options.seeds(), around.guard());
        requireOwn(folder);
        return new Crawl(
                CrawlFolder.open(folder, options, around.engine().clock(), around.random()), options, around, listener);
    }

    /**
     * Begins a crawl over one that has ended, in its folder: pages that have not changed are not sent again. Its files of lines are set
     * aside and stay there until the next refresh. A refresh that was stopped, or has crashed, is {@linkplain #resume resumed}.
     *
     * @param options with the same {@linkplain CrawlOptions#sortQuery order of parameters} as before
     * @throws CrawlFolderException if the folder has no crawl, or one that has not ended, or another process crawls into it
     * @throws SeedRefusedException if a seed has an address that must not be connected to
     */
    public static Crawl refresh(Path folder, CrawlOptions options, Surroundings around, CrawlListener listener)
            throws IOException, CrawlFolderException, SeedRefusedException {
        requireSeeds(options.seeds(), around.guard());
        requireOwn(folder);
        return new Crawl(
                CrawlFolder.refresh(folder, options, around.engine().clock(), around.random()),
                options,
                around,
                listener);
    }

    /**
     * Crawls together with other processes, whose log is the same. Continues the crawl of the folder if it is this one, and begins it otherwise. A
     * process may come at any time, and leave; each writes what it has fetched into a folder of its own.
     *
     * @param log closed by this crawl
     * @throws CrawlFolderException if the processes have other options, or the folder another crawl
     * @throws SeedRefusedException if a seed has an address that must not be connected to
     * @throws IOException if the log is out of reach, or the disk fails
     * @throws InterruptedException if the thread was interrupted
     */
    public static Crawl join(
            Path folder, CrawlOptions options, Surroundings around, CrawlListener listener, Partitions log)
            throws IOException, CrawlFolderException, SeedRefusedException, InterruptedException {
        requireSeeds(options.seeds(), around.guard());
        SharedTerms terms = SharedTerms.propose(options, around.random());
        String agreed = log.agree(terms.text());
        Optional<String> difference = terms.difference(agreed);
        if (difference.isPresent()) {
            throw new CrawlFolderException("expected the options with which this crawl was begun, which has "
                    + difference.get() + ": use the same, or choose another name for another crawl");
        }
        return new Crawl(
                CrawlFolder.join(
                        folder,
                        SharedTerms.key(agreed),
                        options,
                        around.engine().clock(),
                        around.random()),
                options,
                around,
                listener,
                log);
    }

    /** Whether a folder has a crawl that can be resumed. */
    public static boolean isIn(Path folder) {
        return CrawlFolder.isCrawl(folder);
    }

    /** Why a folder has no crawl that can be resumed, and what to do, without a subject; empty if it has one. */
    public static Optional<String> fault(Path folder) throws IOException {
        return CrawlFolder.fault(folder);
    }

    private static void requireOwn(Path folder) throws CrawlFolderException {
        if (CrawlFolder.isShared(folder)) {
            throw new CrawlFolderException("expected a crawl of one process but " + folder
                    + " has a part of one with --queue: continue it with the command that has begun it");
        }
    }

    private static void requireSeeds(List<Url> seeds, AddressRule guard) throws SeedRefusedException {
        for (Url seed : seeds) {
            for (InetAddress address : addresses(seed)) {
                Optional<String> refusal = guard.refusal(new InetSocketAddress(address, seed.port()));
                if (refusal.isPresent()) {
                    throw new SeedRefusedException("expected a seed with a public address but " + seed + " has none: "
                            + refusal.get() + "; to crawl it nevertheless, allow its addresses with --allow-private");
                }
            }
        }
    }

    private static List<InetAddress> addresses(Url seed) {
        Optional<InetAddress> literal = seed.address();
        if (literal.isPresent()) {
            return List.of(literal.get());
        }
        try {
            return List.of(InetAddress.getAllByName(seed.host()));
        } catch (UnknownHostException e) {
            // It has none that could be refused; the fetch will say so.
            return List.of();
        }
    }

    /**
     * Crawls until everything is fetched, a limit is reached, or the crawl is stopped. Blocks.
     *
     * @throws InterruptedException if the thread was interrupted; the crawl can be resumed
     */
    public CrawlResult run() throws InterruptedException {
        FetchStage fetch = new FetchStage(
                options,
                queue,
                network,
                judge,
                new FetchStage.Surroundings(
                        clock,
                        backOff,
                        this::mayFetch,
                        begun::decrementAndGet,
                        sharing == null
                                ? RequestPermits.always()
                                : sharing.urls().permits(),
                        this::redirected,
                        revisits));
        StageOptions fetchers = StageOptions.workers(options.pace().parallel())
                .virtual()
                .retry(RetryPolicy.never())
                .sendsTo(FETCH, RECORD);
        StageOptions recorders = StageOptions.workers(1)
                .virtual()
                .capacity(RECORDS)
                .retry(RetryPolicy.never())
                .sendsTo(FETCH);
        CrawlEnd end;
        try (Pipeline pipeline = Pipeline.named("crawl")
                .stage(FETCH, fetchers, queue, fetch::fetch)
                .stage(RECORD, recorders, recorder::record)
                .clock(clock)
                .start()) {
            end = run(pipeline);
        } catch (IOException e) {
            end = new CrawlEnd.Failed(e);
        }
        return new CrawlResult(end, recorder.counts(), recorder.failedSeeds());
    }

    private CrawlEnd run(Pipeline pipeline) throws IOException, InterruptedException {
        try {
            return runUntilEnd(pipeline);
        } finally {
            // Before the pipeline is closed: what runs then sends its links nowhere, and must not be committed.
            recorder.end();
        }
    }

    private CrawlEnd runUntilEnd(Pipeline pipeline) throws IOException, InterruptedException {
        recorder.commit();
        for (Url seed : options.seeds()) {
            Candidate candidate = judge.candidate(seed, 0, "", Kind.SEED);
            if (sharing != null) {
                sharing.urls().found(candidate.url());
            } else if (folder.frontier.claim(candidate.url().fingerprint())) {
                pipeline.put(FETCH, Item.of(seed.href(), candidate.url().host(), new Found(candidate.url())));
            }
        }
        if (sharing == null) {
            pipeline.noMoreInput();
        } else {
            sharing.start(queue, recorder);
        }
        CrawlEnd end = await(pipeline);
        queue.endDelivery();
        if (end instanceof CrawlEnd.Finished) {
            recorder.recordEnd();
        } else {
            boolean _ = queue.inHand().awaitNone(Deadline.in(GRACE, clock));
        }
        recorder.commit();
        if (sharing != null) {
            sharing.leave();
        }
        return end;
    }

    /** Waits until the pipeline is done, or something ends the crawl early; commits meanwhile. */
    private CrawlEnd await(Pipeline pipeline) throws IOException, InterruptedException {
        CrawlCounts last = recorder.counts();
        Deadline patience = patience();
        while (!queue.awaitOver(Deadline.in(TICK, clock))) {
            if (sharing == null) {
                recorder.commit();
            } else {
                sharing.trouble().ifPresent(listener::outOfReach);
            }
            CrawlCounts counts = recorder.counts();
            List<HostWait> slowest = queue.slowest(NAMED_HOSTS);
            listener.progress(counts, slowest);
            if (counts.pages() != last.pages()
                    || !counts.skipped().equals(last.skipped())
                    || isWaitingForOthers(counts)) {
                last = counts;
                patience = patience();
            } else if (patience.nanosLeft() == 0) {
                return new CrawlEnd.Stuck(slowest.isEmpty() ? counts.waiting() + " URLs" : words(slowest));
            }
        }
        CrawlEnd asked = early.get();
        if (asked != null) {
            return asked;
        }
        Optional<IOException> failure = recorder.failure();
        if (failure.isPresent()) {
            return new CrawlEnd.Failed(failure.get());
        }
        if (sharing != null) {
            return sharing.failure().<CrawlEnd>map(CrawlEnd.Failed::new).orElseGet(CrawlEnd.Finished::new);
        }
        var _ = pipeline.join();
        return new CrawlEnd.Finished();
    }

    /** Whether other processes, or the log, are what this one waits for. */
    private boolean isWaitingForOthers(CrawlCounts counts) {
        return sharing != null && (!sharing.isInTouch() || counts.waiting() + counts.running() == 0);
    }

    private static String words(List<HostWait> hosts) {
        return hosts.stream().map(HostWait::toString).collect(Collectors.joining("; "));
    }

    /** How long nothing may come of a crawl: longer than it waits for any host. */
    private Deadline patience() {
        CrawlOptions.Pace pace = options.pace();
        return Deadline.in(
                pace.maxWait()
                        .multipliedBy(3)
                        .plus(pace.timeout().multipliedBy(4))
                        .plus(pace.delay()),
                clock);
    }

    private boolean mayFetch() {
        long most = options.limits().pages();
        if (begun.incrementAndGet() <= most) {
            return true;
        }
        begun.decrementAndGet();
        end(new CrawlEnd.AtLimit(most + " pages"));
        return false;
    }

    private void redirected(Url seed, Url target) {
        if (adopt(seed, target) && sharing != null) {
            sharing.tellAdopted(seed, target);
        }
    }

    /** Takes the host that a seed redirects to into the crawl if it is of the same domain; returns whether that is new. */
    private boolean adopt(Url seed, Url target) {
        boolean isNew = scope.adopt(seed, target);
        if (isNew) {
            // Before the seed is done: a crawl that is resumed does not ask for it again.
            Aside.keepAdopted(folder.frontier, folder.identity, seed, target);
            listener.adopted(seed, target);
        }
        return isNew;
    }

    private boolean isKnown(Fingerprint fingerprint) {
        return folder.frontier.knows(fingerprint)
                || (sharing != null && sharing.urls().knows(fingerprint));
    }

    /**
     * Stops the crawl: nothing more is requested, what is under way may end within 5 seconds, and {@link #run} returns. Idempotent.
     *
     * @param by what stops it, in words, such as {@code SIGINT}
     */
    public void stop(String by) {
        end(new CrawlEnd.Stopped(by));
    }

    private void end(CrawlEnd end) {
        early.compareAndSet(null, end);
        queue.endDelivery();
    }

    /** How far it is. */
    public CrawlCounts counts() {
        return recorder.counts();
    }

    /** Closes its files and connections. */
    @Override
    public void close() throws IOException {
        try {
            if (sharing != null) {
                sharing.leave();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            network.close();
            folder.close();
        }
    }

    @Override
    public String toString() {
        return "Crawl[" + options.seeds() + ", delay "
                + DurationText.of(options.pace().delay()) + "]";
    }
}
