package dev.thrum.crawl.shared;

import dev.thrum.base.Clock;
import dev.thrum.base.Deadline;
import dev.thrum.crawl.frontier.NewUrl;
import dev.thrum.crawl.shared.OwnedPartition.State;
import dev.thrum.pipeline.partitions.PartitionEntry;
import dev.thrum.pipeline.partitions.PartitionOwner;
import dev.thrum.pipeline.partitions.Partitions;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The part of a process in a shared crawl: one thread reads the log, opens and closes partitions, writes what was found and done, and finds the
 * end. See decision 57.
 *
 * <p>A commit first makes the files of this process durable, then the log. So what is done in the log is in the files of some process; what was in hand
 * when a process was killed may be in two.
 */
public final class SharedRun {
    /** What the key of a notice about a process begins with; the name of the process follows. */
    public static final String PROCESS = "process/";

    /** The key of the notice that a crawl has ended. */
    public static final String END = "end";

    private static final System.Logger LOG = System.getLogger(SharedRun.class.getName());

    /** Between two commits at most, as long as the log can be reached: well below the lease. */
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration REPORT = Duration.ofSeconds(2);

    /** How long what runs may take to end when a partition goes to another process. */
    private static final Duration GOODBYE = Duration.ofSeconds(30);

    private static final long MOST_PENDING = 1 << 18;

    private final Partitions log;
    private final SharedUrls urls;
    private final LocalCrawl crawl;
    private final Path folder;
    private final Clock clock;
    private final SharedEnd end;
    private final ProcessReport report;
    private final PartitionOwner owner = new Owner();
    private final Thread thread;

    private volatile boolean isStopping;

    // The fields below belong to the thread.

    private long committedAt;
    private long reportedAt;

    /** For each partition, the offset up to which this run has learned what is done. */
    private final Map<Integer, Long> learnedTo = new HashMap<>();

    /** What was learned under the lock, and the crawl is still to be told. */
    private final List<Lesson> lessons = new ArrayList<>();

    /** Authorities that have new URLs. */
    private final Set<String> news = new LinkedHashSet<>();

    @SuppressWarnings("ArrayRecordComponent")
    private record Lesson(byte[] note, SharedPlace place) {}

    /** @param folder where the partitions of this process are kept */
    public SharedRun(Partitions log, SharedUrls urls, LocalCrawl crawl, Path folder, Clock clock) {
        this.log = log;
        this.urls = urls;
        this.crawl = crawl;
        this.folder = folder;
        this.clock = clock;
        this.end = new SharedEnd(log, urls);
        this.report = new ProcessReport(log, urls, crawl, clock);
        this.thread = Thread.ofPlatform().name("crawl-log").daemon().unstarted(this::run);
    }

    /** Begins. What was {@linkplain SharedUrls#found found} before, such as the seeds, is in the log before anything can end. */
    public void start() {
        committedAt = clock.nanoTime() - PERIOD.toNanos();
        reportedAt = clock.nanoTime() - REPORT.toNanos();
        thread.start();
    }

    private void run() {
        try {
            while (!isStopping) {
                turn();
            }
            giveAway(urls.owned(), Duration.ZERO);
            report.tell(true);
        } catch (IOException e) {
            crawl.failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            crawl.failed(new IOException("expected to crawl to the end but was interrupted", e));
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "The log of the crawl can't be followed", e);
            crawl.failed(new IOException("expected to follow the log of the crawl but: " + e, e));
        } finally {
            closeAll();
        }
    }

    private void turn() throws IOException, InterruptedException {
        log.poll(POLL, owner);
        news.forEach(crawl::waits);
        news.clear();
        long now = clock.nanoTime();
        for (OwnedPartition partition : urls.owned()) {
            if (partition.state == State.READ && !urls.isFormer(partition.number)) {
                beginToOpen(partition);
            }
        }
        if (now - committedAt >= PERIOD.toNanos() || urls.isStarving() || urls.pendingBytes() > MOST_PENDING) {
            boolean _ = commit();
        }
        if (now - reportedAt >= REPORT.toNanos()) {
            reportedAt = now;
            report.tell(false);
            crawl.noticed(log.notices());
        }
        if (end.isReached()) {
            crawl.ended();
        }
    }

    /** Tells the crawl what was learned, without the lock: the crawl has locks of its own, which come first. */
    private void teach() {
        lessons.forEach(lesson -> crawl.learned(lesson.note(), lesson.place()));
        lessons.clear();
    }

    private void beginToOpen(OwnedPartition partition) throws IOException {
        urls.lock.lock();
        try {
            partition.read();
            partition.opening();
        } finally {
            urls.lock.unlock();
        }
        teach();
        urls.add(PartitionEntry.record(partition.number, new SharedRecord.Opened(log.member()).encode()));
    }

    /** Makes durable what was recorded, then that it is done; returns whether that has succeeded. */
    private boolean commit() throws IOException, InterruptedException {
        committedAt = clock.nanoTime();
        List<OwnedPartition> opening = urls.owned().stream()
                .filter(partition -> partition.state == State.OPENING)
                .toList();
        // Before the files: what is in the list is recorded, and what is recorded meanwhile is not in the list.
        List<PartitionEntry> entries = urls.pending();
        crawl.commit();
        Lease.Moment begun = urls.now();
        if (!log.commit(entries)) {
            return false;
        }
        urls.written(entries.size(), begun);
        end.wrote();
        for (OwnedPartition partition : opening) {
            open(partition);
        }
        return true;
    }

    private void open(OwnedPartition partition) {
        List<String> authorities = new ArrayList<>();
        urls.lock.lock();
        try {
            partition.open(SharedUrls.LEASE);
            authorities.addAll(partition.frontier.hosts().keySet());
            authorities.addAll(partition.authoritiesWithFacts());
        } finally {
            urls.lock.unlock();
        }
        // What was asked about them before they were this process's own.
        crawl.dropped(urls.isOf(partition.number));
        authorities.forEach(crawl::waits);
    }

    /** Is told of partitions and records by the log. */
    private final class Owner implements PartitionOwner {
        @Override
        public long assigned(int partition) throws IOException {
            long before = learnedTo.getOrDefault(partition, 0L);
            OwnedPartition owned =
                    OwnedPartition.of(partition, folder.resolve(Integer.toString(partition)), clock, learned -> {
                        if (learned.offset() >= before) {
                            lessons.add(new Lesson(learned.note(), new SharedPlace(partition, learned.offset())));
                        }
                    });
            learnedTo.merge(partition, owned.position(), Math::max);
            urls.own(owned);
            teach();
            return owned.position();
        }

        @Override
        public void fact(int partition, String key, byte[] value, Duration age) throws IOException {
            HostFacts facts = HostFacts.decode(value);
            urls.lock.lock();
            try {
                require(partition).recalled(key, facts, age);
            } finally {
                urls.lock.unlock();
            }
        }

        @Override
        public void record(int partition, long offset, byte[] value) throws IOException {
            SharedRecord record = SharedRecord.decode(value);
            Optional<NewUrl> added;
            urls.lock.lock();
            try {
                OwnedPartition owned = require(partition);
                added = owned.apply(offset, record);
                if (owned.state == State.OPEN) {
                    added.ifPresent(url -> news.add(url.host()));
                }
            } finally {
                urls.lock.unlock();
            }
            added.ifPresent(crawl::found);
            teach();
            learnedTo.merge(partition, offset + 1, Math::max);
        }

        private OwnedPartition require(int partition) {
            OwnedPartition owned = urls.owned(partition);
            if (owned == null) {
                throw new IllegalStateException("expected a partition of this process but was " + partition);
            }
            return owned;
        }

        @Override
        public void caughtUp(int partition) {
            require(partition).state = State.READ;
        }

        @Override
        public void revoked(int partition) throws IOException, InterruptedException {
            OwnedPartition owned = urls.owned(partition);
            if (owned != null) {
                giveAway(List.of(owned), GOODBYE);
            }
        }

        @Override
        public void lost(int partition) throws IOException {
            OwnedPartition owned = urls.owned(partition);
            if (owned != null) {
                LOG.log(Level.WARNING, "Partition {0} was taken from this process, which was not heard of", partition);
                urls.cut(owned);
                drop(owned);
            }
        }
    }

    /**
     * Lets what runs of partitions end, tells the next owner what it must know, and drops them.
     *
     * @param patience how long to wait for what runs; the next owner waits for the lease of what runs longer
     */
    private void giveAway(List<OwnedPartition> partitions, Duration patience) throws IOException, InterruptedException {
        List<OwnedPartition> open = partitions.stream()
                .filter(partition -> partition.state == State.OPEN)
                .toList();
        urls.lock.lock();
        try {
            open.forEach(partition -> partition.state = State.LEAVING);
        } finally {
            urls.lock.unlock();
        }
        Deadline deadline = Deadline.in(patience, clock);
        for (OwnedPartition partition : open) {
            if (isQuiet(partition, deadline)) {
                crawl.facts(urls.isOf(partition.number))
                        .forEach((authority, facts) ->
                                urls.add(PartitionEntry.fact(partition.number, authority, facts.encode())));
                urls.add(PartitionEntry.record(partition.number, new SharedRecord.Closed(log.member()).encode()));
            }
        }
        if (!open.isEmpty()) {
            boolean _ = commit();
        }
        for (OwnedPartition partition : partitions) {
            // What runs longer than that.
            urls.cut(partition);
            drop(partition);
        }
    }

    /** Waits until nothing of a partition is under way; returns whether that is so. */
    private boolean isQuiet(OwnedPartition partition, Deadline deadline) throws IOException, InterruptedException {
        while (true) {
            crawl.putBackNow(urls.isOf(partition.number));
            if (urls.awaitQuiet(partition, POLL)) {
                return true;
            }
            if (deadline.nanosLeft() <= 0) {
                return false;
            }
            if (clock.nanoTime() - committedAt >= PERIOD.toNanos()) {
                // What runs needs the lease.
                boolean _ = commit();
            }
        }
    }

    private void drop(OwnedPartition partition) throws IOException {
        urls.disown(partition);
        crawl.dropped(urls.isOf(partition.number));
    }

    private void closeAll() {
        try {
            for (OwnedPartition partition : urls.owned()) {
                drop(partition);
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "A partition can''t be closed", e);
        } finally {
            log.close();
        }
    }

    /** Tells all processes something. */
    public void tell(String key, String value) {
        log.tell(key, value);
    }

    /** Whether this process is sure to own its hosts, as far as it has some. */
    public boolean isInTouch() {
        return urls.isLeaseValid();
    }

    /** Why the log is out of reach; empty if it isn't. */
    public Optional<String> trouble() {
        return log.trouble();
    }

    /** Gives the partitions to other processes, and leaves. Idempotent. */
    public void leave() throws InterruptedException {
        isStopping = true;
        if (thread.getState() == Thread.State.NEW) {
            log.close();
        } else {
            thread.join();
        }
    }

    /** The URL of a record that says that it is done; empty if the record says something else. */
    public Optional<String> urlAt(SharedPlace place) throws IOException, InterruptedException {
        return SharedRecord.decode(log.read(place.partition(), place.offset())) instanceof SharedRecord.Done done
                ? Optional.of(done.url())
                : Optional.empty();
    }
}
