package dev.thrum.pipeline.kafka.partitions;

import static java.util.Objects.requireNonNull;

import dev.thrum.pipeline.kafka.KafkaTopic;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * The topics of a log: {@code NAME.urls} has its records, {@code NAME.hosts} its facts and {@code NAME.crawl} the notices. Safe for concurrent
 * use.
 */
final class LogTopics implements AutoCloseable {
    /** Of a log that this makes; a topic that is there already may have another number. */
    private static final int PARTITIONS = 32;

    final String records;
    final String facts;
    final String notices;
    private final String name;
    private final String address;
    private final Admin admin;
    private final Duration patience;

    LogTopics(Admin admin, String address, String name, Duration patience) {
        this.admin = admin;
        this.address = address;
        this.name = name;
        this.patience = patience;
        this.records = name + ".urls";
        this.facts = name + ".hosts";
        this.notices = name + ".crawl";
    }

    TopicPartition record(int partition) {
        return new TopicPartition(records, partition);
    }

    TopicPartition fact(int partition) {
        return new TopicPartition(facts, partition);
    }

    TopicPartition notice() {
        return new TopicPartition(notices, 0);
    }

    /** Makes the topics that are missing, and checks the others; returns the number of partitions. */
    int make() throws IOException, InterruptedException {
        int count = count(records).orElse(PARTITIONS);
        try {
            KafkaTopic.require(
                    admin,
                    List.of(
                            KafkaTopic.keeping(records, count),
                            KafkaTopic.compacted(facts, count),
                            KafkaTopic.compacted(notices, 1)),
                    patience);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        } catch (KafkaException e) {
            throw failure(e);
        }
        return count;
    }

    /** The number of partitions of a log that is there; empty if there is none. */
    Optional<Integer> find() throws IOException, InterruptedException {
        return count(notices).isEmpty() ? Optional.empty() : count(records);
    }

    private Optional<Integer> count(String topic) throws IOException, InterruptedException {
        try {
            Map<String, TopicDescription> found = admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return Optional.of(requireNonNull(found.get(topic)).partitions().size());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw failure(e.getCause());
        } catch (TimeoutException e) {
            throw failure(e);
        }
    }

    /** The ends of partitions, with what transactions have begun to write. */
    Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions) throws IOException, InterruptedException {
        Map<TopicPartition, OffsetSpec> wanted = new LinkedHashMap<>();
        partitions.forEach(partition -> wanted.put(partition, OffsetSpec.latest()));
        Map<TopicPartition, Long> ends = new LinkedHashMap<>();
        get(admin.listOffsets(wanted, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                        .all())
                .forEach((partition, info) -> ends.put(partition, info.offset()));
        return ends;
    }

    /** The ends of the first {@code count} partitions of the log. */
    long[] ends(int count) throws IOException, InterruptedException {
        List<TopicPartition> all =
                IntStream.range(0, count).mapToObj(this::record).toList();
        Map<TopicPartition, Long> ends = ends(all);
        return all.stream()
                .mapToLong(partition -> ends.getOrDefault(partition, 0L))
                .toArray();
    }

    /** Ends the transactions of members of this log that are open in a partition: their process has died, or hangs. */
    void fence(TopicPartition partition) throws IOException, InterruptedException {
        List<Long> producers = new ArrayList<>();
        requireNonNull(get(admin.describeProducers(List.of(partition)).all()).get(partition)).activeProducers().stream()
                .filter(state -> state.currentTransactionStartOffset().isPresent())
                .map(ProducerState::producerId)
                .forEach(producers::add);
        if (producers.isEmpty()) {
            return;
        }
        List<String> ids =
                get(admin.listTransactions(new ListTransactionsOptions().filterProducerIds(producers))
                                .all())
                        .stream()
                        .map(TransactionListing::transactionalId)
                        .filter(id -> id.startsWith(name + "-"))
                        .toList();
        if (!ids.isEmpty()) {
            var _ = get(admin.fenceProducers(ids).all());
        }
    }

    private <T> T get(KafkaFuture<T> future) throws IOException, InterruptedException {
        try {
            return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } catch (TimeoutException e) {
            throw failure(e);
        }
    }

    /** What has gone wrong, in one line with the address. */
    IOException failure(@Nullable Throwable cause) {
        if (cause instanceof RecordTooLargeException) {
            return new IOException(
                    "expected topics " + records + " and " + facts + " at " + address
                            + " to take every record but one is too large: raise their max.message.bytes",
                    cause);
        }
        boolean isSilent = cause instanceof TimeoutException
                || cause instanceof org.apache.kafka.common.errors.TimeoutException
                || cause instanceof org.apache.kafka.common.errors.DisconnectException;
        return new IOException(
                isSilent
                        ? "expected a Kafka broker at " + address
                                + " but none answers: is it running, and is this its address?"
                        : "expected to use the Kafka broker at " + address + " but: "
                                + (cause == null ? "it fails" : cause.getMessage()),
                cause);
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }
}
