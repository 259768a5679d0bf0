package dev.thrum.pipeline.kafka;

import java.time.Duration;

/**
 * How queues on Kafka behave. Immutable; each method returns a changed copy. All processes of a pipeline have the same.
 *
 * @param partitions the partitions of each keyed stage's topic: the largest number of processes that can work on it
 * @param session how long a process may be out of touch with the broker before others get its partitions
 * @param lock how long an item of an unkeyed stage belongs to a process that doesn't renew it
 * @param deliveries how often an item of an unkeyed stage is delivered to processes that don't finish it, before it
 *     becomes a dead letter; at most half of what the broker allows
 * @param patience how long the first answer of the broker may take
 */
public record KafkaOptions(int partitions, Duration session, Duration lock, int deliveries, Duration patience) {
    private static final int MOST_PARTITIONS = 10_000;
    private static final int PARTITIONS = 16;
    private static final int DELIVERIES = 5;

    public KafkaOptions {
        if (partitions < 1 || partitions > MOST_PARTITIONS) {
            throw new IllegalArgumentException(
                    "expected 1 to " + MOST_PARTITIONS + " partitions but was " + partitions);
        }
        if (deliveries < 1) {
            throw new IllegalArgumentException("expected at least 1 delivery but was " + deliveries);
        }
        requirePositive("session", session);
        requirePositive("lock", lock);
        requirePositive("patience", patience);
    }

    private static void requirePositive(String name, Duration value) {
        if (value.compareTo(Duration.ofMillis(1)) < 0) {
            throw new IllegalArgumentException("expected a " + name + " of at least 1 ms but was " + value);
        }
    }

    /** 16 partitions, sessions of 45 s and locks of 30 s (Kafka's defaults), 5 deliveries, 10 s for the first answer. */
    public static KafkaOptions standard() {
        return new KafkaOptions(
                PARTITIONS, Duration.ofSeconds(45), Duration.ofSeconds(30), DELIVERIES, Duration.ofSeconds(10));
    }

    /** Makes this many partitions for each keyed stage. Those of topics that are there already can't be changed. */
    public KafkaOptions partitions(int number) {
        return new KafkaOptions(number, session, lock, deliveries, patience);
    }

    /** Lets a process be out of touch for this long. The broker has limits: 45 to 60 s, unless it says otherwise. */
    public KafkaOptions session(Duration length) {
        return new KafkaOptions(partitions, length, lock, deliveries, patience);
    }

    /** Locks items for this long. The broker has limits: 15 to 60 s, unless it says otherwise. */
    public KafkaOptions lock(Duration length) {
        return new KafkaOptions(partitions, session, length, deliveries, patience);
    }

    /** Delivers an item that nobody finishes this often. */
    public KafkaOptions deliveries(int number) {
        return new KafkaOptions(partitions, session, lock, number, patience);
    }

    /** Waits this long for the first answer of the broker. */
    public KafkaOptions patience(Duration length) {
        return new KafkaOptions(partitions, session, lock, deliveries, length);
    }
}
