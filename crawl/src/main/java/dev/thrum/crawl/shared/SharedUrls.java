package dev.thrum.crawl.shared;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.base.Clock;
import dev.thrum.base.Deadline;
import dev.thrum.crawl.frontier.Fingerprint;
import dev.thrum.crawl.frontier.KnownUrl;
import dev.thrum.crawl.frontier.NewUrl;
import dev.thrum.crawl.frontier.UrlsByHost;
import dev.thrum.crawl.shared.OwnedPartition.State;
import dev.thrum.crawl.shared.SharedRecord.Done;
import dev.thrum.crawl.shared.SharedRecord.Found;
import dev.thrum.pipeline.partitions.PartitionEntry;
import dev.thrum.pipeline.partitions.Partitions;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The URLs of a crawl that several processes share. Each URL belongs to the partition of its host, and each partition to one process. What is found and
 * what is done is written to the log of the partition, and counts when it is read from there: so whoever owns the partition next knows the same.
 *
 * <p>{@link SharedRun} reads and writes the log; everything else may be called by any thread. The lock is taken for a short time, while the
 * frontiers of partitions are used, and after that of whoever calls.
 */
public final class SharedUrls implements UrlsByHost, HostMemory {
    /**
     * How long hosts may be asked after this process was sure to own them. A new owner waits for as long, unless the one before has told it
     * everything.
     */
    static final Duration LEASE = Duration.ofSeconds(3);

    private final int count;
    private final Clock clock;

    /** The delay of a host of which nothing is known. */
    private final Duration delay;

    final ReentrantLock lock = new ReentrantLock();

    /** The lease was renewed, a partition has gone, or nothing of it runs any more. */
    private final Condition changed = lock.newCondition();

    @GuardedBy("lock")
    private final Lease lease;

    @GuardedBy("lock")
    private final Map<Integer, OwnedPartition> owned = new TreeMap<>();

    /** Partitions that have gone while requests of them ran; by number. */
    @GuardedBy("lock")
    private final Map<Integer, OwnedPartition> former = new HashMap<>();

    @GuardedBy("lock")
    private final PendingEntries pending = new PendingEntries();

    @GuardedBy("lock")
    private final SentUrls sent = new SentUrls();

    /** The URLs of no partition. */
    public SharedUrls(Partitions log, Clock clock, Duration delay) {
        this.count = log.count();
        this.clock = clock;
        this.delay = delay;
        this.lease = new Lease(clock, LEASE);
    }

    int partition(String authority) {
        return PartitionKey.of(authority, count);
    }

    Predicate<String> isOf(int partition) {
        return authority -> partition(authority) == partition;
    }

    /** The partition of an authority if its hosts are asked; null otherwise. */
    @GuardedBy("lock")
    private @Nullable OwnedPartition open(String authority) {
        OwnedPartition partition = owned.get(partition(authority));
        return partition != null && partition.state == State.OPEN ? partition : null;
    }

    @Override
    public boolean isShared() {
        return true;
    }

    /** Not called: what is found comes from the log. */
    @Override
    public void add(NewUrl url) {
        throw new UnsupportedOperationException("expected a URL of the log but was " + url.url());
    }

    /** Tells the owner of its host that a URL was found. Does nothing if it is known. */
    public void found(NewUrl url) {
        lock.lock();
        try {
            OwnedPartition partition = open(url.host());
            if (partition != null) {
                int depth = partition.frontier.depth(url.fingerprint());
                if (depth >= 0 && depth <= url.depth()) {
                    return;
                }
            }
            if (!sent.knows(url.fingerprint(), url.depth())) {
                pending.add(PartitionEntry.record(partition(url.host()), new Found(url).encode()));
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * A URL is done that was taken. No effect if it is another process's meanwhile.
     *
     * @param note at most 56 bytes
     * @param isContent whether {@link SharedRun#urlAt} is to find the URL
     */
    public void done(KnownUrl url, byte[] note, boolean isContent) {
        lock.lock();
        try {
            if (letGo(url)) {
                Done done = new Done(url.fingerprint(), url.depth(), note, isContent ? url.url() : "");
                pending.add(PartitionEntry.record(partition(url.host()), done.encode()));
            }
        } finally {
            lock.unlock();
        }
    }

    /** A URL that was taken isn't any more; returns whether its partition is still this process's own. */
    @GuardedBy("lock")
    private boolean letGo(KnownUrl url) {
        int number = partition(url.host());
        OwnedPartition gone = former.get(number);
        if (gone != null && gone.inHand.remove(url.fingerprint())) {
            if (gone.inHand.isEmpty()) {
                former.remove(number);
                changed.signalAll();
            }
            return false;
        }
        OwnedPartition partition = owned.get(number);
        if (partition == null || !partition.inHand.remove(url.fingerprint())) {
            return false;
        }
        if (partition.inHand.isEmpty()) {
            changed.signalAll();
        }
        return true;
    }

    @Override
    public Optional<KnownUrl> next(String authority) {
        lock.lock();
        try {
            OwnedPartition partition = open(authority);
            if (partition == null) {
                return Optional.empty();
            }
            Optional<KnownUrl> url = partition.frontier.next(authority);
            url.ifPresent(taken -> partition.inHand.add(taken.fingerprint()));
            return url;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void putBack(KnownUrl url) {
        lock.lock();
        try {
            if (letGo(url)) {
                OwnedPartition partition = owned.get(partition(url.host()));
                if (partition != null) {
                    partition.frontier.putBack(url);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long waiting() {
        lock.lock();
        try {
            return owned.values().stream()
                    .filter(partition -> partition.state == State.OPEN)
                    .mapToLong(partition -> partition.frontier.waiting())
                    .sum();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long waiting(String authority) {
        lock.lock();
        try {
            OwnedPartition partition = open(authority);
            return partition == null ? 0 : partition.frontier.waiting(authority);
        } finally {
            lock.unlock();
        }
    }

    /** Those of this process, which has none when it begins. */
    @Override
    public Map<String, Long> hosts() {
        lock.lock();
        try {
            Map<String, Long> hosts = new HashMap<>();
            for (OwnedPartition partition : owned.values()) {
                if (partition.state == State.OPEN) {
                    hosts.putAll(partition.frontier.hosts());
                }
            }
            return hosts;
        } finally {
            lock.unlock();
        }
    }

    /** Whether a URL is known in one of the partitions that this process owns. */
    public boolean knows(Fingerprint fingerprint) {
        lock.lock();
        try {
            return owned.values().stream().anyMatch(partition -> partition.frontier.knows(fingerprint));
        } finally {
            lock.unlock();
        }
    }

    /** The known URLs of the partitions that this process owns. */
    public long known() {
        lock.lock();
        try {
            return owned.values().stream()
                    .mapToLong(partition -> partition.frontier.known())
                    .sum();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public @Nullable HostFacts recall(String authority) {
        lock.lock();
        try {
            OwnedPartition partition = open(authority);
            return partition == null ? null : partition.recall(authority, delay);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void keep(String authority, HostFacts facts) {
        lock.lock();
        try {
            if (open(authority) != null) {
                pending.add(PartitionEntry.fact(partition(authority), authority, facts.encode()));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Which hosts may be asked now. */
    public RequestPermits permits() {
        return new SharedPermits(this);
    }

    /** Begins a request if its host is this process's own, for certain. Waits while that is not certain, as when the log is out of reach. */
    @Nullable
    OwnedPartition begin(String authority) throws InterruptedException {
        int number = partition(authority);
        lock.lockInterruptibly();
        try {
            while (true) {
                OwnedPartition partition = owned.get(number);
                if (partition == null || (partition.state != State.OPEN && partition.state != State.LEAVING)) {
                    return null;
                }
                if (lease.isValid()) {
                    partition.requests.add(Thread.currentThread());
                    return partition;
                }
                Deadline.in(LEASE, clock).await(changed);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends a request; returns whether it was interrupted because its host is another process's. */
    boolean end(OwnedPartition partition) {
        lock.lock();
        try {
            boolean isCut = !partition.requests.remove(Thread.currentThread()) && partition.isCut;
            if (isCut) {
                // The interrupt was for the request, whether it has met it or not.
                boolean _ = Thread.interrupted();
            }
            return isCut;
        } finally {
            lock.unlock();
        }
    }

    /** Interrupts the requests of a partition: another process may ask its hosts by now. */
    void cut(OwnedPartition partition) {
        lock.lock();
        try {
            partition.isCut = true;
            partition.requests.forEach(Thread::interrupt);
            partition.requests.clear();
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing waits that could be fetched, and something was found or done that is not written yet. */
    boolean isStarving() {
        lock.lock();
        try {
            return !pending.isEmpty() && waiting() == 0;
        } finally {
            lock.unlock();
        }
    }

    long pendingBytes() {
        lock.lock();
        try {
            return pending.bytes();
        } finally {
            lock.unlock();
        }
    }

    /** What is to be written now: a copy. */
    List<PartitionEntry> pending() {
        lock.lock();
        try {
            return pending.all();
        } finally {
            lock.unlock();
        }
    }

    void add(PartitionEntry entry) {
        lock.lock();
        try {
            pending.add(entry);
        } finally {
            lock.unlock();
        }
    }

    Lease.Moment now() {
        lock.lock();
        try {
            return lease.now();
        } finally {
            lock.unlock();
        }
    }

    /** The first entries were written by a commit that began at this moment. */
    void written(int entries, Lease.Moment begun) {
        lock.lock();
        try {
            pending.removeFirst(entries);
            lease.renew(begun);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isLeaseValid() {
        lock.lock();
        try {
            return lease.isValid();
        } finally {
            lock.unlock();
        }
    }

    void own(OwnedPartition partition) {
        lock.lock();
        try {
            owned.put(partition.number, partition);
        } finally {
            lock.unlock();
        }
    }

    /** The partitions of this process: a copy. */
    List<OwnedPartition> owned() {
        lock.lock();
        try {
            return List.copyOf(owned.values());
        } finally {
            lock.unlock();
        }
    }

    @Nullable
    OwnedPartition owned(int number) {
        lock.lock();
        try {
            return owned.get(number);
        } finally {
            lock.unlock();
        }
    }

    /** Whether requests may still run that began when this process owned a partition before. */
    boolean isFormer(int number) {
        lock.lock();
        try {
            return former.containsKey(number);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until nothing of a partition is under way; returns whether that is so. */
    boolean awaitQuiet(OwnedPartition partition, Duration patience) throws InterruptedException {
        Deadline deadline = Deadline.in(patience, clock);
        lock.lockInterruptibly();
        try {
            while (!partition.inHand.isEmpty() && deadline.nanosLeft() > 0) {
                deadline.await(changed);
            }
            return partition.inHand.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** A partition is another process's: what of it was not written counts no more, except for what was found. */
    void disown(OwnedPartition partition) throws IOException {
        lock.lock();
        try {
            owned.remove(partition.number);
            pending.forget(partition.number);
            partition.close();
            if (!partition.inHand.isEmpty()) {
                former.put(partition.number, partition);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * How far a partition is.
     *
     * @param running URLs that were taken, and are neither done nor put back
     * @param isComplete whether everything that was found is done, as far as its log was read
     */
    record Progress(long waiting, int running, long known, boolean isComplete) {}

    Progress progress(OwnedPartition partition) {
        lock.lock();
        try {
            if (partition.state == State.GONE) {
                return new Progress(0, 0, 0, false);
            }
            long waiting = partition.frontier.waiting();
            int running = partition.inHand.size();
            boolean isComplete =
                    partition.state == State.OPEN && waiting == 0 && running == 0 && !pending.has(partition.number);
            return new Progress(waiting, running, partition.frontier.known(), isComplete);
        } finally {
            lock.unlock();
        }
    }
}
