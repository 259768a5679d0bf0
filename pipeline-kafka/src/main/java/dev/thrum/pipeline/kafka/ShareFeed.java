package dev.thrum.pipeline.kafka;

import dev.thrum.base.Clock;
import dev.thrum.base.Deadline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * The feed of an unkeyed stage: a member of a share group, so that each item goes to whoever has a free worker. The
 * broker locks an item for whom it was given to, for a time that this feed renews while the item is in hand.
 *
 * <p>Kafka's consumer looks for new items only when all those are concluded that it has delivered before: one that takes
 * long would hold up the stage. So when all consumers of a stage have such items while workers have nothing to do, there
 * will be another one, up to {@link #MOST_CONSUMERS}.
 *
 * <p>The broker drops an item in silence that was delivered too often. So half of the deliveries that it allows are for
 * attempts; with the next one the item becomes a dead letter, and if that fails, too, there are others left.
 */
final class ShareFeed<T> extends Feed<T> {
    /** Locks are renewed after this part of their time. */
    private static final int RENEWALS = 3;

    /** So many consumers a stage may have. */
    static final int MOST_CONSUMERS = 8;

    /** The next consumer, once there is one. Written under the lock of this object. */
    private @Nullable ShareFeed<T> next;

    private final int number;

    ShareFeed(TopicQueue<T> queue, Place place) {
        this(queue, place, 1);
    }

    private ShareFeed(TopicQueue<T> queue, Place place, int number) {
        super(queue, place);
        this.number = number;
    }

    /** Called by a consumer that can't fetch, while workers have nothing to do: lets another one fetch. */
    private synchronized void callNext() {
        if (next == null && number < MOST_CONSUMERS && !isEnding()) {
            next = new ShareFeed<>(queue, place, number + 1);
            next.start();
        }
    }

    private synchronized @Nullable ShareFeed<T> next() {
        return next;
    }

    @Override
    void close() {
        end(false);
        ShareFeed<T> other = next();
        if (other != null) {
            other.close();
        }
        super.close();
    }

    @Override
    void abandon() {
        ShareFeed<T> other = next();
        end(true);
        if (other != null) {
            other.abandon();
        }
        super.abandon();
    }

    @Override
    void session() {
        Map<String, Object> settings = settings();
        settings.put("share.acknowledgement.mode", "explicit");
        settings.put("share.acquire.mode", "record_limit");
        new Member(new KafkaShareConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())).run();
    }

    /** A record, by where it lies. */
    private record Position(int partition, long offset) {}

    /** When the lock of an item is over. Written by the thread of the feed. */
    private static final class Lock implements BooleanSupplier {
        private final Clock clock;
        private volatile long until;

        /** When the renewal was sent that has not been answered yet; only for the feed's thread. */
        private long renewedAt;

        Lock(Clock clock, long now, long nanos) {
            this.clock = clock;
            this.until = now + nanos;
            this.renewedAt = now;
        }

        /** The renewal that was sent last has been answered. */
        void renewed(long nanos) {
            if (renewedAt + nanos - until > 0) {
                until = renewedAt + nanos;
            }
        }

        @Override
        public boolean getAsBoolean() {
            return clock.nanoTime() - until < 0;
        }
    }

    /** An item in hand. */
    private record InHand<T>(TopicDelivery<T> delivery, Lock lock) {}

    /** One membership of the group. Owned by the thread of the feed. */
    private final class Member {
        private final ShareConsumer<byte[], byte[]> consumer;
        private final long lockNanos = Clock.nanos(place.options().lock());

        /** What is neither done nor lost. */
        private final Map<Position, InHand<T>> inHand = new HashMap<>();

        /** What the consumer wants an answer for. */
        private final Map<Position, ConsumerRecord<byte[], byte[]>> open = new HashMap<>();

        /** What of that became a dead letter here. */
        private final Set<Position> buried = new HashSet<>();

        /** When the last poll began. */
        private long polledAt = clock().nanoTime();

        Member(ShareConsumer<byte[], byte[]> consumer) {
            this.consumer = consumer;
        }

        void run() {
            try {
                consumer.setAcknowledgementCommitCallback(this::answered);
                consumer.subscribe(List.of(queue.format().topic()));
                while (!isEnding()) {
                    if (acknowledge() > 0) {
                        consumer.commitAsync();
                    }
                    step();
                }
                if (!isAbandoned()) {
                    acknowledgeLast();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                inHand.values().forEach(item -> item.delivery().lose());
                queue.forget(delivery -> delivery.state() == TopicDelivery.State.LOST);
                // The broker frees what was not answered.
                consumer.close(LAST_WORDS);
            }
        }

        private void step() throws InterruptedException {
            if (!inHand.isEmpty() && !open.isEmpty() && !isRenewalDue()) {
                queue.await(TICK, () -> isEnding() || anyDone());
                if (queue.isIdle() && !anyDone()) {
                    callNext();
                }
            } else if (inHand.isEmpty() && queue.wanted() <= 0) {
                queue.await(TICK, () -> isEnding() || queue.wanted() > 0);
            } else {
                renewOpen();
                poll();
            }
            loseExpired();
        }

        private void poll() throws InterruptedException {
            // What arrives may have been locked since the last poll began: the consumer may have fetched it then.
            long before = polledAt;
            polledAt = clock().nanoTime();
            take(consumer.poll(TICK), before);
        }

        private boolean anyDone() {
            return open.keySet().stream().anyMatch(this::isDone);
        }

        private boolean isDone(Position position) {
            InHand<T> item = inHand.get(position);
            return item == null ? buried.contains(position) : item.delivery().isDone();
        }

        private boolean isRenewalDue() {
            long now = clock().nanoTime();
            return inHand.values().stream()
                    .anyMatch(item -> item.lock().until - now < lockNanos / RENEWALS * (RENEWALS - 1));
        }

        /** Accepts what is done; returns how many there were. */
        private int acknowledge() {
            List<Position> done = open.keySet().stream().filter(this::isDone).toList();
            for (Position position : done) {
                consumer.acknowledge(open.remove(position), AcknowledgeType.ACCEPT);
                inHand.remove(position);
                buried.remove(position);
            }
            return done.size();
        }

        /** Answers for all that is neither done nor buried. What is not in hand any more is lost, and given back. */
        private void renewOpen() {
            long now = clock().nanoTime();
            open.forEach((position, read) -> {
                InHand<T> item = inHand.get(position);
                if (item == null) {
                    consumer.acknowledge(
                            read, buried.remove(position) ? AcknowledgeType.ACCEPT : AcknowledgeType.RELEASE);
                } else {
                    item.lock().renewedAt = now;
                    consumer.acknowledge(read, AcknowledgeType.RENEW);
                }
            });
            if (!open.isEmpty()) {
                open.clear();
                // A poll would send the answers, too, but fetch items as well, which nobody could take out of the
                // consumer.
                var _ = consumer.commitSync(LAST_WORDS);
            }
        }

        private void take(Iterable<ConsumerRecord<byte[], byte[]>> records, long before) throws InterruptedException {
            List<TopicDelivery<T>> arrived = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> read : records) {
                Position position = new Position(read.partition(), read.offset());
                open.put(position, read);
                if (!inHand.containsKey(position)) {
                    Lock lock = new Lock(clock(), before, lockNanos);
                    TopicDelivery<T> delivery = isGivenUp(read) ? null : delivery(read, lock);
                    if (delivery == null) {
                        buried.add(position);
                    } else {
                        inHand.put(position, new InHand<>(delivery, lock));
                        arrived.add(delivery);
                    }
                }
            }
            queue.arrive(arrived);
        }

        private boolean isGivenUp(ConsumerRecord<byte[], byte[]> read) throws InterruptedException {
            int count = read.deliveryCount().orElse((short) 1);
            int most = place.options().deliveries();
            if (count <= most) {
                return false;
            }
            place.deadLetters()
                    .keepRecord(
                            read,
                            "it was delivered " + most
                                    + " times, and none of the processes has finished it: they were killed, or out of touch with the broker");
            return true;
        }

        /** Forgets what the broker has given to others meanwhile. */
        private void loseExpired() {
            inHand.values().removeIf(item -> {
                boolean over = !item.lock().getAsBoolean();
                if (over) {
                    item.delivery().lose();
                }
                return over;
            });
            queue.forget(delivery -> delivery.state() == TopicDelivery.State.LOST);
        }

        /** Called by the consumer, within a poll or a commit. */
        private void answered(Map<TopicIdPartition, Set<Long>> offsets, @Nullable Exception failure) {
            offsets.forEach((partition, all) -> all.forEach(offset -> {
                InHand<T> item = inHand.get(new Position(partition.partition(), offset));
                if (item == null) {
                    return;
                }
                if (failure == null) {
                    item.lock().renewed(lockNanos);
                } else {
                    inHand.remove(new Position(partition.partition(), offset));
                    item.delivery().lose();
                }
            }));
        }

        /** What is done may be on its way back from a renewal. */
        private void acknowledgeLast() throws InterruptedException {
            int _ = acknowledge();
            Deadline deadline = Deadline.in(LAST_WORDS, clock());
            while (inHand.values().stream().anyMatch(item -> item.delivery().isDone()) && deadline.nanosLeft() > 0) {
                renewOpen();
                poll();
                int _ = acknowledge();
            }
            var _ = consumer.commitSync(LAST_WORDS);
        }
    }
}
