package dev.thrum.pipeline.kafka;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.base.Clock;
import dev.thrum.base.Deadline;
import dev.thrum.base.FaultReports;
import dev.thrum.pipeline.Item;
import dev.thrum.pipeline.PipelineQueue;
import dev.thrum.pipeline.QueueFullException;
import dev.thrum.work.QueueClosedException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * The queue of a stage, on a topic that other processes read and write, too. A {@link Feed} fills it with what this
 * process has been given, and tells the broker what is done.
 *
 * <p>How many items wait is known exactly for what this process puts and takes, and as of the last look at the broker
 * for the others.
 */
final class TopicQueue<T> implements PipelineQueue<T> {
    private static final Duration LOOK = Duration.ofMillis(20);

    private final ItemFormat<T> format;
    private final RecordLog log;
    private final TopicCounts counts;
    private final int capacity;
    private final int prefetch;
    private final Clock clock;
    private final FaultReports faults;

    /** Guards what follows and the counts; not held while anything is sent, or the listener is called. */
    private final ReentrantLock lock = new ReentrantLock();

    /** Signalled when there may be room, and at the end. */
    private final Condition room = lock.newCondition();

    /** Signalled for the feed: an attempt has ended, items were taken, or the queue is closed. */
    private final Condition changed = lock.newCondition();

    @GuardedBy("lock")
    private final Deque<TopicDelivery<T>> waiting = new ArrayDeque<>();

    /** Puts that wait for the broker's answer. */
    @GuardedBy("lock")
    private int sending;

    /** Puts that wait for room. */
    @GuardedBy("lock")
    private int blocked;

    /** Nothing is delivered any more, and no put waits for room. Written under the lock. */
    private volatile boolean stopped;

    @GuardedBy("lock")
    private boolean closed;

    /** Whether the feed waits for a change; written by the feed's thread under the lock, before it looks. */
    private volatile boolean awaited;

    /** Set once, before the first item arrives. */
    private volatile Runnable arrived = () -> {};

    /** Set once, before the queue is used. */
    private volatile Runnable closer = () -> {};

    TopicQueue(ItemFormat<T> format, RecordLog log, TopicCounts counts, int capacity, int prefetch, Clock clock) {
        this.format = format;
        this.log = log;
        this.counts = counts;
        this.capacity = capacity;
        this.prefetch = prefetch;
        this.clock = clock;
        this.faults = new FaultReports(System.getLogger(KafkaQueues.class.getName()), clock);
    }

    /** What ends the feed; called once, by {@link #close}. */
    void closer(Runnable endOfFeed) {
        closer = endOfFeed;
    }

    ItemFormat<T> format() {
        return format;
    }

    FaultReports faults() {
        return faults;
    }

    Clock clock() {
        return clock;
    }

    @Override
    public boolean waitsForRoom() {
        return true;
    }

    @Override
    public void listen(Runnable listener) {
        arrived = listener;
    }

    @Override
    public void put(Item<T> item) throws InterruptedException {
        put(item, capacity, true);
    }

    /** Puts an item that was sent backwards: refuses it, rather than wait, when this many wait. */
    void putBackwards(Item<T> item, int limit) throws InterruptedException {
        put(item, limit, false);
    }

    private void put(Item<T> item, int limit, boolean waits) throws InterruptedException {
        ProducerRecord<byte[], byte[]> written = format.encode(item);
        enter(limit, waits);
        RecordMetadata where = null;
        try {
            where = log.append(written);
        } finally {
            lock.lock();
            try {
                sending--;
                if (where != null) {
                    counts.created(where.partition(), where.offset() + 1);
                } else {
                    room.signalAll();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private void enter(int limit, boolean waits) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            blocked++;
            try {
                while (!closed && !stopped && isFull(limit)) {
                    if (!waits) {
                        throw new QueueFullException("expected at most " + limit
                                + " items sent backwards to wait in topic " + format.topic()
                                + " but they are all waiting: raise the backlog of the stage, or send less");
                    }
                    Deadline.in(LOOK, clock).await(room);
                }
            } finally {
                blocked--;
            }
            if (closed) {
                throw new QueueClosedException("the queue on topic " + format.topic() + " is closed");
            }
            sending++;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private boolean isFull(int limit) {
        return counts.waiting() + sending >= limit;
    }

    /** Whether somebody waits for room, so that the broker should be looked at often. */
    boolean isBlocked() {
        lock.lock();
        try {
            return blocked > 0;
        } finally {
            lock.unlock();
        }
    }

    /** Takes what a look at the broker has found. */
    void looked(Consumer<TopicCounts> update) {
        lock.lock();
        try {
            update.accept(counts);
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int poll(int most, Consumer<? super Delivery<T>> to) {
        List<TopicDelivery<T>> taken = new ArrayList<>();
        lock.lock();
        try {
            while (!stopped && taken.size() < most && !waiting.isEmpty()) {
                TopicDelivery<T> next = waiting.removeFirst();
                counts.taken(next.partition(), next.offset() + 1);
                taken.add(next);
            }
            if (!taken.isEmpty()) {
                room.signalAll();
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
        taken.forEach(to);
        return taken.size();
    }

    @Override
    public void done(Delivery<T> delivery) {
        ((TopicDelivery<T>) delivery).done();
    }

    @Override
    public long size() {
        lock.lock();
        try {
            return counts.waiting();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<Delivery<T>> peek() {
        lock.lock();
        try {
            return Optional.ofNullable(waiting.peekFirst());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isDurable() {
        return true;
    }

    @Override
    public void stopDelivering() {
        lock.lock();
        try {
            stopped = true;
            room.signalAll();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        boolean first;
        lock.lock();
        try {
            first = !closed;
            closed = true;
            stopped = true;
            room.signalAll();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (first) {
            closer.run();
        }
    }

    boolean isStopped() {
        return stopped;
    }

    /** Adds what the broker has delivered; called by the feed. */
    void arrive(List<TopicDelivery<T>> deliveries) {
        if (deliveries.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            waiting.addAll(deliveries);
        } finally {
            lock.unlock();
        }
        // One call for each item: each may find another worker asleep.
        for (int i = 0; i < deliveries.size(); i++) {
            arrived.run();
        }
    }

    /** How many more items the feed should fetch; 0 or less for none. */
    int wanted() {
        lock.lock();
        try {
            return stopped ? 0 : prefetch - waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing is here for the workers, though they may have something. */
    boolean isIdle() {
        lock.lock();
        try {
            return !stopped && waiting.isEmpty() && counts.waiting() > 0;
        } finally {
            lock.unlock();
        }
    }

    /** Forgets items that are lost. */
    void forget(Predicate<TopicDelivery<T>> lost) {
        lock.lock();
        try {
            waiting.removeIf(lost);
        } finally {
            lock.unlock();
        }
    }

    /** Called by a delivery whose attempt has ended. */
    void changed() {
        if (awaited) {
            lock.lock();
            try {
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * Lets the feed wait for a change, at most this long.
     *
     * @param isOver looked at after every change; ends the wait
     */
    void await(Duration patience, BooleanSupplier isOver) {
        Deadline deadline = Deadline.in(patience, clock);
        lock.lock();
        try {
            awaited = true;
            while (!closed && !isOver.getAsBoolean() && deadline.nanosLeft() > 0) {
                deadline.await(changed);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            awaited = false;
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return "TopicQueue[" + format.topic() + "]";
    }
}
