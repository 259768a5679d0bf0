package dev.thrum.pipeline.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A record of the topic of dead letters. */
record DeadRecord(String id, String stage, String attempts, String reason) {
    static List<DeadRecord> all(KafkaAddress address) {
        Map<String, Object> settings = address.settings();
        settings.put("enable.auto.commit", false);
        List<DeadRecord> found = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(address.name() + ".dead", 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> found.add(of(record)));
            }
        }
        return found;
    }

    private static DeadRecord of(ConsumerRecord<byte[], byte[]> read) {
        return new DeadRecord(
                header(read, "id"), header(read, "stage"), header(read, "attempts"), header(read, "reason"));
    }

    private static String header(ConsumerRecord<byte[], byte[]> read, String name) {
        return new String(read.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
