package dev.thrum.pipeline.kafka.partitions;

import dev.thrum.base.Clock;
import dev.thrum.pipeline.kafka.KafkaAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The settings of Kafka's clients: those of the user, such as for TLS, and below them what this package needs. */
final class LogSettings {
    static final Clock CLOCK = Clock.system();

    /** How long a call waits for the broker. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int SILENCE_MILLIS = 5_000;

    private final Map<String, Object> user;

    LogSettings(KafkaAddress address) {
        this.user = Map.copyOf(address.settings());
    }

    /** Settings for all clients, with those that the user may replace. */
    private Map<String, Object> clients(Map<String, ?> defaults) {
        Map<String, Object> settings = new HashMap<>(defaults);
        settings.putAll(user);
        return settings;
    }

    Map<String, Object> admin() {
        return clients(Map.of("request.timeout.ms", SILENCE_MILLIS, "default.api.timeout.ms", SILENCE_MILLIS));
    }

    private Map<String, Object> consumer(Map<String, ?> more) {
        Map<String, Object> settings = clients(Map.of(
                "session.timeout.ms",
                10_000,
                "heartbeat.interval.ms",
                1_000,
                "default.api.timeout.ms",
                SILENCE_MILLIS,
                "max.poll.records",
                5_000));
        settings.put("key.deserializer", ByteArrayDeserializer.class);
        settings.put("value.deserializer", ByteArrayDeserializer.class);
        settings.put("enable.auto.commit", "false");
        settings.put("auto.offset.reset", "earliest");
        settings.putAll(more);
        return settings;
    }

    /** A consumer of a group, whose partitions move one by one. */
    Map<String, Object> member(String group) {
        return consumer(Map.of(
                "group.id",
                group,
                "group.protocol",
                "classic",
                "isolation.level",
                "read_committed",
                "partition.assignment.strategy",
                CooperativeStickyAssignor.class.getName()));
    }

    /** A consumer that reads what it is told to. */
    Map<String, Object> reader() {
        Map<String, Object> settings = consumer(Map.of("isolation.level", "read_committed"));
        settings.remove("group.id");
        settings.remove("session.timeout.ms");
        settings.remove("heartbeat.interval.ms");
        return settings;
    }

    /** A producer that waits for all copies. */
    Map<String, Object> producer() {
        Map<String, Object> settings = clients(Map.of(
                "compression.type",
                "lz4",
                "linger.ms",
                0,
                "max.block.ms",
                SILENCE_MILLIS,
                "request.timeout.ms",
                SILENCE_MILLIS,
                "delivery.timeout.ms",
                2 * SILENCE_MILLIS));
        settings.put("key.serializer", ByteArraySerializer.class);
        settings.put("value.serializer", ByteArraySerializer.class);
        settings.put("acks", "all");
        return settings;
    }

    /** A producer of transactions. */
    Map<String, Object> transactions(String id) {
        Map<String, Object> settings = producer();
        settings.put("transactional.id", id);
        settings.putIfAbsent("transaction.timeout.ms", 3 * SILENCE_MILLIS);
        return settings;
    }
}
