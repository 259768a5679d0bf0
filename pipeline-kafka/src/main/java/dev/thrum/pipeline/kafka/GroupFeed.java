package dev.thrum.pipeline.kafka;

import dev.thrum.base.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The feed of a keyed stage: a member of a consumer group, so that a partition, and every key in it, belongs to one
 * process at a time.
 *
 * <p>A partition is committed up to its oldest item that is not done. Before a partition is handed over, what runs of it
 * ends, and that is committed; what has not begun is left to the new owner. When that takes longer than a session, or
 * this process has been out of touch with the broker for so long, the items are lost: they can't begin, send or be done
 * here any more.
 */
final class GroupFeed<T> extends Feed<T> {
    /** So many items may be fetched and not committed, for each that may wait: one that takes long holds them back. */
    private static final int MOST_OPEN = 20;

    private static final Duration LONGEST_HANDOVER = Duration.ofMinutes(5);

    GroupFeed(TopicQueue<T> queue, Place place) {
        super(queue, place);
    }

    @Override
    void session() {
        Map<String, Object> settings = settings();
        settings.put("group.protocol", "consumer");
        settings.put("enable.auto.commit", false);
        settings.put("auto.offset.reset", "earliest");
        settings.put(
                "max.poll.interval.ms", (int) LONGEST_HANDOVER.multipliedBy(2).toMillis());
        new Member(new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())).run();
    }

    /** One membership of the group. Owned by the thread of the feed. */
    private final class Member implements ConsumerRebalanceListener {
        private final Consumer<byte[], byte[]> consumer;
        private final Lease lease;
        private final Map<Integer, Window<T>> windows = new HashMap<>();
        private boolean paused;

        Member(Consumer<byte[], byte[]> consumer) {
            this.consumer = consumer;
            this.lease = new Lease(Lease.answersTo(consumer), place.options().session(), clock());
        }

        void run() {
            boolean atEnd = false;
            try {
                consumer.subscribe(List.of(queue.format().topic()), this);
                while (!isEnding() && !lease.isOver()) {
                    commit();
                    pauseOrResume();
                    Iterable<ConsumerRecord<byte[], byte[]>> records = consumer.poll(TICK);
                    lease.look();
                    take(records);
                }
                atEnd = isEnding() && !isAbandoned();
                if (lease.isOver()) {
                    queue.faults()
                            .failed("out of touch with the broker at "
                                    + place.address().servers()
                                    + " for longer than a session, so others may have what this process had of "
                                    + queue.format().topic() + ": it begins anew");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                if (!atEnd) {
                    lease.lose();
                    loseAll();
                }
                close(atEnd);
            }
        }

        private void close(boolean leave) {
            try {
                if (leave) {
                    loseWaiting(windows.values());
                    commitNow(windows.keySet());
                }
                consumer.close(CloseOptions.timeout(LAST_WORDS)
                        .withGroupMembershipOperation(
                                isAbandoned()
                                        ? CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP
                                        : CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
            } catch (KafkaException e) {
                queue.faults()
                        .failed("the broker at " + place.address().servers()
                                + " was not told that this process leaves "
                                + queue.format().topic()
                                + ", so others wait for the end of its session: " + e.getMessage());
            } finally {
                loseAll();
            }
        }

        private void take(Iterable<ConsumerRecord<byte[], byte[]>> records) throws InterruptedException {
            List<TopicDelivery<T>> arrived = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> read : records) {
                Window<T> window = windows.computeIfAbsent(read.partition(), _ -> new Window<>());
                TopicDelivery<T> delivery = delivery(read, lease::isHeld);
                if (delivery == null) {
                    window.skip(read.offset());
                } else {
                    window.add(delivery);
                    arrived.add(delivery);
                }
            }
            if (!arrived.isEmpty()) {
                queue.arrive(arrived);
                queue.faults().worked(() -> "items of " + queue.format().topic() + " arrive again");
            }
        }

        private void pauseOrResume() {
            int open = windows.values().stream().mapToInt(Window::size).sum();
            boolean full = queue.wanted() <= 0 || open > MOST_OPEN * place.most();
            if (full) {
                // Also those that were assigned a moment ago.
                consumer.pause(consumer.assignment());
            } else if (paused) {
                consumer.resume(consumer.paused());
            }
            paused = full;
        }

        private Map<TopicPartition, OffsetAndMetadata> offsets(Collection<Integer> partitions) {
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
            for (int partition : partitions) {
                Window<T> window = windows.get(partition);
                if (window != null) {
                    window.toCommit().ifPresent(offset -> {
                        offsets.put(
                                new TopicPartition(queue.format().topic(), partition), new OffsetAndMetadata(offset));
                        window.sent(offset);
                    });
                }
            }
            return offsets;
        }

        private void commit() {
            Map<TopicPartition, OffsetAndMetadata> offsets = offsets(windows.keySet());
            if (!offsets.isEmpty()) {
                consumer.commitAsync(offsets, (_, failure) -> {
                    if (failure != null) {
                        offsets.keySet().forEach(partition -> {
                            Window<T> window = windows.get(partition.partition());
                            if (window != null) {
                                window.notSent();
                            }
                        });
                    }
                });
            }
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}

        /** Lets what runs end, and commits it. Called within a poll, a close, or an unsubscribe. */
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            List<Integer> numbers =
                    partitions.stream().map(TopicPartition::partition).toList();
            List<Window<T>> leaving = numbers.stream()
                    .filter(windows::containsKey)
                    .map(windows::get)
                    .toList();
            Duration patience = place.options().session().compareTo(LONGEST_HANDOVER) < 0
                    ? place.options().session()
                    : LONGEST_HANDOVER;
            Deadline deadline = Deadline.in(isEnding() ? Duration.ZERO : patience, clock());
            loseWaiting(leaving);
            BooleanSupplier nothingRuns = () -> leaving.stream().noneMatch(Window::anyRunning);
            while (!nothingRuns.getAsBoolean() && deadline.nanosLeft() > 0 && !isEnding() && lease.isHeld()) {
                queue.await(TICK, nothingRuns);
                lease.look();
                // A retry of what has just failed would begin anew.
                loseWaiting(leaving);
            }
            commitNow(numbers);
            drop(numbers);
        }

        private void commitNow(Collection<Integer> partitions) {
            try {
                Map<TopicPartition, OffsetAndMetadata> offsets = offsets(partitions);
                if (!offsets.isEmpty()) {
                    consumer.commitSync(offsets, LAST_WORDS);
                }
            } catch (KafkaException e) {
                queue.faults()
                        .failed("what was done of " + queue.format().topic()
                                + " can't be acknowledged, so it will be done again: " + e.getMessage());
            }
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            drop(partitions.stream().map(TopicPartition::partition).toList());
        }

        private void loseWaiting(Collection<Window<T>> leaving) {
            leaving.forEach(window -> window.forEach(TopicDelivery::loseIfWaiting));
            queue.forget(delivery -> delivery.state() == TopicDelivery.State.LOST);
        }

        private void loseAll() {
            drop(List.copyOf(windows.keySet()));
        }

        private void drop(Collection<Integer> partitions) {
            for (int partition : partitions) {
                Window<T> window = windows.remove(partition);
                if (window != null) {
                    window.forEach(TopicDelivery::lose);
                }
            }
            queue.forget(delivery -> delivery.state() == TopicDelivery.State.LOST);
            queue.looked(counts -> partitions.forEach(counts::revoked));
        }
    }
}
