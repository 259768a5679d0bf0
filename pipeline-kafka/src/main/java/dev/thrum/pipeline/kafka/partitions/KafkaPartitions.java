package dev.thrum.pipeline.kafka.partitions;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.pipeline.kafka.KafkaAddress;
import dev.thrum.pipeline.partitions.PartitionEntry;
import dev.thrum.pipeline.partitions.PartitionOwner;
import dev.thrum.pipeline.partitions.Partitions;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * A member of a log on Kafka: a consumer group whose members own its partitions, and transactions that the group must accept. See decision 57.
 */
public final class KafkaPartitions implements Partitions {
    private static final Duration SLICE = Duration.ofMillis(100);

    /** How long leaving the group may take. */
    private static final Duration GOODBYE = Duration.ofSeconds(3);

    private final String member = UUID.randomUUID().toString();
    private final int count;
    private final LogTopics topics;
    private final NoticeBoard board;
    private final LogWriter writer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final CatchUp catchUp;

    /** Whether {@link #close} was called. */
    private final AtomicBoolean isClosed = new AtomicBoolean();

    /** The offset of the next record of each partition; written by the thread that polls. */
    private final Map<Integer, Long> positions = new ConcurrentHashMap<>();

    /** Held while the reader is used. */
    private final ReentrantLock readerLock = new ReentrantLock();

    @GuardedBy("readerLock")
    private final KafkaConsumer<byte[], byte[]> reader;

    /** Why the log is out of reach; written by the thread that polls. */
    private volatile @Nullable String trouble;

    // The fields below belong to the thread that polls.

    private @Nullable Moves moves;

    private KafkaPartitions(LogTopics topics, int count, LogSettings settings, String name) {
        this.topics = topics;
        this.count = count;
        BrokerTime time = new BrokerTime();
        this.board = new NoticeBoard(topics, settings, name, time);
        this.writer = new LogWriter(topics, settings.transactions(name + "-" + member));
        this.consumer = new KafkaConsumer<>(settings.member(name));
        this.reader = new KafkaConsumer<>(settings.reader());
        this.catchUp = new CatchUp(topics, settings, time);
    }

    /**
     * Opens a log, whose topics are made if they are missing. This process owns nothing before it {@linkplain #poll polls}.
     *
     * @throws IOException if no broker answers, or a topic has other settings than it needs
     */
    public static KafkaPartitions open(KafkaAddress address) throws IOException, InterruptedException {
        address.requireBroker(LogSettings.PATIENCE);
        LogSettings all = new LogSettings(address);
        String name = address.name();
        LogTopics topics = new LogTopics(Admin.create(all.admin()), address.servers(), name, LogSettings.PATIENCE);
        boolean isOpen = false;
        try {
            int count = topics.make();
            KafkaPartitions opened = new KafkaPartitions(topics, count, all, name);
            isOpen = true;
            return opened;
        } catch (KafkaException e) {
            throw topics.failure(e);
        } finally {
            if (!isOpen) {
                topics.close();
            }
        }
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public String member() {
        return member;
    }

    @Override
    public String agree(String proposal) throws IOException, InterruptedException {
        return board.agree(proposal);
    }

    @Override
    public void poll(Duration patience, PartitionOwner owner) throws IOException, InterruptedException {
        try {
            if (moves == null || !moves.owner.equals(owner)) {
                moves = new Moves(owner);
                consumer.subscribe(List.of(topics.records), moves);
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(patience)) {
                // A partition that has gone within this poll has no records in it.
                owner.record(record.partition(), record.offset(), record.value());
            }
            rethrow();
            for (TopicPartition partition : consumer.assignment()) {
                positions.put(partition.partition(), consumer.position(partition));
            }
            catchUp.advance(positions, owner);
            if (catchUp.trouble() != null) {
                trouble = catchUp.trouble();
            }
            board.refresh(Duration.ZERO);
        } catch (InterruptException e) {
            throw Interrupts.of(e, "while the log was read");
        } catch (KafkaException e) {
            rethrow();
            trouble = topics.failure(e).getMessage();
        }
    }

    /** Passes on which partitions come and go. Called within the consumer's poll. */
    private final class Moves implements ConsumerRebalanceListener {
        private final PartitionOwner owner;
        private @Nullable Exception failure;

        private Moves(PartitionOwner owner) {
            this.owner = owner;
        }

        /** What the owner of a partition does; its failure is thrown when the consumer's poll has returned. */
        private interface Step {
            void run(int partition) throws IOException, InterruptedException;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            each(partitions, partition -> {
                long from = owner.assigned(partition);
                consumer.seek(topics.record(partition), from);
                positions.put(partition, from);
                catchUp.begin(partition);
            });
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            each(partitions, partition -> {
                owner.revoked(partition);
                forget(partition);
            });
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            each(partitions, partition -> {
                forget(partition);
                owner.lost(partition);
            });
        }

        private void forget(int partition) {
            positions.remove(partition);
            catchUp.forget(partition);
        }

        private void each(Collection<TopicPartition> partitions, Step step) {
            for (TopicPartition partition : partitions) {
                try {
                    step.run(partition.partition());
                } catch (IOException | InterruptedException e) {
                    failure = failure == null ? e : failure;
                }
            }
        }
    }

    private void rethrow() throws IOException, InterruptedException {
        Moves done = moves;
        Exception failure = done == null ? null : done.failure;
        switch (failure) {
            case null -> {}
            case InterruptedException interrupt -> throw interrupt;
            case IOException io -> throw io;
            default -> throw new IllegalStateException(failure);
        }
    }

    @Override
    public boolean commit(List<PartitionEntry> entries) throws IOException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        positions.forEach(
                (partition, position) -> offsets.put(topics.record(partition), new OffsetAndMetadata(position)));
        boolean isWritten = writer.write(entries, offsets, consumer.groupMetadata());
        trouble = writer.trouble();
        return isWritten;
    }

    @Override
    public long position(int partition) {
        return positions.getOrDefault(partition, -1L);
    }

    @Override
    public long[] ends() throws IOException, InterruptedException {
        return topics.ends(count);
    }

    @Override
    public byte[] read(int partition, long offset) throws IOException, InterruptedException {
        TopicPartition from = topics.record(partition);
        long deadline = LogSettings.CLOCK.nanoTime() + LogSettings.PATIENCE.toNanos();
        readerLock.lockInterruptibly();
        try {
            reader.assign(List.of(from));
            reader.seek(from, offset);
            while (LogSettings.CLOCK.nanoTime() - deadline < 0) {
                for (ConsumerRecord<byte[], byte[]> record : reader.poll(SLICE)) {
                    if (record.offset() == offset) {
                        return record.value();
                    }
                    throw new IOException("expected record " + offset + " of " + from + " but the next one is "
                            + record.offset() + ": the topic is not kept for ever");
                }
            }
            throw topics.failure(new java.util.concurrent.TimeoutException("record " + offset + " of " + from));
        } catch (InterruptException e) {
            throw Interrupts.of(e, "while the log was read");
        } catch (KafkaException e) {
            throw topics.failure(e);
        } finally {
            readerLock.unlock();
        }
    }

    @Override
    public void tell(String key, String value) {
        board.tell(key, value);
    }

    @Override
    public Map<String, String> notices() {
        return board.notices();
    }

    @Override
    public Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    @Override
    public void close() {
        if (!isClosed.getAndSet(true)) {
            // Its partitions were given back by whoever polls.
            consumer.unsubscribe();
            consumer.close(CloseOptions.timeout(GOODBYE));
            catchUp.close();
            writer.close();
            board.close();
            readerLock.lock();
            try {
                reader.close(CloseOptions.timeout(GOODBYE));
            } finally {
                readerLock.unlock();
            }
            topics.close();
        }
    }
}
