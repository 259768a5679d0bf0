package dev.thrum.pipeline.kafka.partitions;

import dev.thrum.pipeline.partitions.PartitionEntry;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;

/**
 * Writes transactions. Each also commits the offsets of the group, which the broker refuses if this member has lost its place: that is the
 * fence (KIP-447). All records are with the broker before that is asked, so a next owner who reads up to the end of the log sees
 * those of a transaction that is still to be decided. Owned by the thread that commits.
 */
final class LogWriter implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LogWriter.class.getName());

    private final LogTopics topics;
    private final Map<String, Object> settings;
    private @Nullable KafkaProducer<byte[], byte[]> producer;
    private @Nullable String trouble;

    /** @param settings of the producer, with its transactional id */
    LogWriter(LogTopics topics, Map<String, Object> settings) {
        this.topics = topics;
        this.settings = Map.copyOf(settings);
    }

    /** Why the last transaction was not written; null if it was. */
    @Nullable
    String trouble() {
        return trouble;
    }

    /**
     * Writes entries, if the group accepts the offsets.
     *
     * @return false if nothing was written, or that is unknown
     * @throws IOException if it can never be written
     */
    boolean write(
            List<PartitionEntry> entries, Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group)
            throws IOException, InterruptedException {
        try {
            KafkaProducer<byte[], byte[]> open = open();
            open.beginTransaction();
            AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
            for (PartitionEntry entry : entries) {
                var _ = open.send(record(entry), (_, cause) -> {
                    if (cause != null) {
                        failure.compareAndSet(null, cause);
                    }
                });
            }
            open.flush();
            Exception cause = failure.get();
            if (cause instanceof RecordTooLargeException tooLarge) {
                throw tooLarge;
            }
            if (cause != null) {
                throw new KafkaException(cause);
            }
            open.sendOffsetsToTransaction(offsets, group);
            open.commitTransaction();
            trouble = null;
            return true;
        } catch (InterruptException e) {
            throw Interrupts.of(e, "while a transaction was written");
        } catch (RecordTooLargeException | AuthorizationException e) {
            drop();
            throw topics.failure(e);
        } catch (KafkaException | IllegalStateException e) {
            Throwable cause = e.getCause() instanceof KafkaException inner ? inner : e;
            if (cause instanceof RecordTooLargeException || cause instanceof AuthorizationException) {
                drop();
                throw topics.failure(cause);
            }
            LOG.log(Level.DEBUG, "A transaction was not written, and is tried again: {0}", cause.toString());
            trouble = String.valueOf(topics.failure(cause).getMessage());
            undo();
            return false;
        }
    }

    private ProducerRecord<byte[], byte[]> record(PartitionEntry entry) {
        String fact = entry.fact();
        return fact == null
                ? new ProducerRecord<>(topics.records, entry.partition(), null, entry.value())
                : new ProducerRecord<>(
                        topics.facts,
                        entry.partition(),
                        fact.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        entry.value());
    }

    private KafkaProducer<byte[], byte[]> open() {
        KafkaProducer<byte[], byte[]> open = producer;
        if (open == null) {
            open = new KafkaProducer<>(settings);
            producer = open;
            open.initTransactions();
        }
        return open;
    }

    /** Aborts the transaction, or begins again with another producer. */
    private void undo() {
        KafkaProducer<byte[], byte[]> open = producer;
        if (open == null) {
            return;
        }
        try {
            open.abortTransaction();
        } catch (KafkaException | IllegalStateException e) {
            drop();
        }
    }

    private void drop() {
        KafkaProducer<byte[], byte[]> open = producer;
        producer = null;
        if (open != null) {
            open.close(Duration.ZERO);
        }
    }

    @Override
    public void close() {
        drop();
    }
}
