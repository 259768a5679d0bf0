package dev.thrum.pipeline.kafka;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.base.Deadline;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What all processes of a pipeline must know: a topic of one partition with a few short records, which keeps them all. Of
 * several records of a key the first one counts, so that all processes agree on who was first. Safe for concurrent use.
 */
final class ControlTopic implements AutoCloseable {
    private static final Duration TICK = Duration.ofMillis(20);

    /** How long the broker may take to answer, and no record may arrive. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final String topic;
    private final RecordLog log;
    private final TopicPartition partition;

    /** Held while the consumer is used. */
    private final ReentrantLock lock = new ReentrantLock();

    /** Used with the lock, but for {@code wakeup}, which any thread may call. */
    private final KafkaConsumer<byte[], byte[]> consumer;

    @GuardedBy("lock")
    private final Map<String, String> known = new HashMap<>();

    private volatile boolean isClosed;

    ControlTopic(KafkaAddress address, String topic, RecordLog log) {
        this.topic = topic;
        this.log = log;
        this.partition = new TopicPartition(topic, 0);
        Map<String, Object> settings = address.settings();
        settings.put("enable.auto.commit", false);
        settings.put("auto.offset.reset", "earliest");
        settings.put("default.api.timeout.ms", (int) PATIENCE.toMillis());
        this.consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
    }

    /**
     * Reads everything that is in the topic now.
     *
     * @throws KafkaException if the broker doesn't answer in time, or this is closed meanwhile
     */
    Map<String, String> read() {
        lock.lock();
        try {
            if (isClosed) {
                throw new KafkaException("the queues are closed");
            }
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            Deadline deadline = Deadline.in(PATIENCE);
            while (consumer.position(partition) < end) {
                if (readSome()) {
                    deadline = Deadline.in(PATIENCE);
                } else if (deadline.nanosLeft() <= 0) {
                    throw new TimeoutException("expected the records of topic " + topic + " but none came for "
                            + PATIENCE.toSeconds() + " s");
                }
            }
            return Map.copyOf(known);
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether there was something. */
    @GuardedBy("lock")
    private boolean readSome() {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(TICK);
        for (ConsumerRecord<byte[], byte[]> read : records) {
            if (read.key() != null && read.value() != null) {
                String _ = known.putIfAbsent(text(read.key()), text(read.value()));
            }
        }
        return !records.isEmpty();
    }

    /** Writes a value, and returns the one that counts: that of the first who has written it. */
    String agree(String key, String value) throws InterruptedException {
        String first = read().get(key);
        if (first != null) {
            return first;
        }
        var _ = log.append(new ProducerRecord<>(topic, 0, bytes(key), bytes(value)));
        return read().getOrDefault(key, value);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        isClosed = true;
        // Whoever waits for a broker that is away, reads no longer.
        consumer.wakeup();
        lock.lock();
        try {
            consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
        } finally {
            lock.unlock();
        }
    }
}
