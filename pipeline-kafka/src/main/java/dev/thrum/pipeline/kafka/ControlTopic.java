package dev.thrum.pipeline.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What all processes of a pipeline must know: a topic of one partition with a few short records, which keeps them all. Of
 * several records of a key the first one counts, so that all processes agree on who was first. Used by one thread at a time.
 */
final class ControlTopic implements AutoCloseable {
    private static final Duration TICK = Duration.ofMillis(20);

    private final String topic;
    private final RecordLog log;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private final Map<String, String> known = new HashMap<>();

    ControlTopic(KafkaAddress address, String topic, RecordLog log) {
        this.topic = topic;
        this.log = log;
        this.partition = new TopicPartition(topic, 0);
        Map<String, Object> settings = address.settings();
        settings.put("enable.auto.commit", false);
        settings.put("auto.offset.reset", "earliest");
        this.consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
    }

    /** Reads everything that is in the topic now. */
    Map<String, String> read() {
        long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
        while (consumer.position(partition) < end) {
            readSome();
        }
        return Map.copyOf(known);
    }

    private void readSome() {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(TICK);
        for (ConsumerRecord<byte[], byte[]> read : records) {
            if (read.key() != null && read.value() != null) {
                String _ = known.putIfAbsent(text(read.key()), text(read.value()));
            }
        }
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
        consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
    }
}
