package dev.thrum.pipeline.kafka.partitions;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.pipeline.partitions.PartitionOwner;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Partitions that were assigned, until everything is read that the owner before can have written: up to the ends of their topics when they were assigned, with what
 * transactions have begun. If one of those stays open, its process has died or hangs, and it is ended. Owned by the thread that polls.
 */
final class CatchUp implements AutoCloseable {
    /** After this long a transaction is one of a process that has died. Healthy ones take some milliseconds. */
    private static final long STUCK = Duration.ofSeconds(2).toNanos();

    private final LogTopics topics;
    private final BrokerTime time;
    private final KafkaConsumer<byte[], byte[]> reader;
    private final Map<Integer, Goal> goals = new TreeMap<>();

    private @Nullable String trouble;

    /** What is to be read of a partition. */
    private static final class Goal {
        private long recordsEnd = -1;
        private long factsEnd = -1;

        /** Whether its facts are being read, from the first one on. */
        private boolean hasBegun;

        private boolean hasFacts;
        private long since;
        private final Map<String, ConsumerRecord<byte[], byte[]>> facts = new HashMap<>();
    }

    CatchUp(LogTopics topics, LogSettings settings, BrokerTime time) {
        this.topics = topics;
        this.time = time;
        this.reader = new KafkaConsumer<>(settings.reader());
    }

    void begin(int partition) {
        goals.put(partition, new Goal());
    }

    void forget(int partition) {
        goals.remove(partition);
    }

    /** Goes on, and tells the owner what is caught up. */
    void advance(Map<Integer, Long> positions, PartitionOwner owner) throws IOException, InterruptedException {
        if (goals.isEmpty()) {
            return;
        }
        if (!setGoals()) {
            return;
        }
        readFacts(owner);
        List<Integer> reached = new ArrayList<>();
        goals.forEach((partition, goal) -> {
            if (goal.hasFacts && positions.getOrDefault(partition, 0L) >= goal.recordsEnd) {
                reached.add(partition);
            }
        });
        for (int partition : reached) {
            goals.remove(partition);
            owner.caughtUp(partition);
        }
        long now = LogSettings.CLOCK.nanoTime();
        for (Map.Entry<Integer, Goal> left : goals.entrySet()) {
            if (now - left.getValue().since > STUCK) {
                left.getValue().since = now;
                try {
                    topics.fence(topics.record(left.getKey()));
                    topics.fence(topics.fact(left.getKey()));
                } catch (IOException e) {
                    trouble = e.getMessage();
                }
            }
        }
    }

    /** Why the ends of topics are not known; null if they are. */
    @Nullable
    String trouble() {
        return trouble;
    }

    /** Finds out where to read to; returns false while the broker is out of reach. */
    private boolean setGoals() throws InterruptedException {
        List<TopicPartition> wanted = new ArrayList<>();
        goals.forEach((partition, goal) -> {
            if (goal.recordsEnd < 0) {
                wanted.add(topics.record(partition));
                wanted.add(topics.fact(partition));
            }
        });
        if (wanted.isEmpty()) {
            return true;
        }
        Map<TopicPartition, Long> ends;
        try {
            ends = topics.ends(wanted);
            trouble = null;
        } catch (IOException e) {
            trouble = e.getMessage();
            return false;
        }
        long now = LogSettings.CLOCK.nanoTime();
        goals.forEach((partition, goal) -> {
            if (goal.recordsEnd < 0) {
                goal.recordsEnd = ends.getOrDefault(topics.record(partition), 0L);
                goal.factsEnd = ends.getOrDefault(topics.fact(partition), 0L);
                goal.since = now;
            }
        });
        return true;
    }

    private void readFacts(PartitionOwner owner) throws IOException {
        Map<TopicPartition, Goal> open = new LinkedHashMap<>();
        goals.forEach((partition, goal) -> {
            if (!goal.hasFacts) {
                open.put(topics.fact(partition), goal);
            }
        });
        if (open.isEmpty()) {
            return;
        }
        reader.assign(open.keySet());
        open.forEach((partition, goal) -> {
            if (!goal.hasBegun) {
                // The reader may have had it before, for an assignment that is over.
                reader.seekToBeginning(List.of(partition));
                goal.hasBegun = true;
            }
        });
        for (ConsumerRecord<byte[], byte[]> record : reader.poll(Duration.ofMillis(20))) {
            Goal goal = open.get(new TopicPartition(record.topic(), record.partition()));
            if (goal != null) {
                goal.facts.put(new String(record.key(), UTF_8), record);
            }
        }
        for (Map.Entry<TopicPartition, Goal> entry : open.entrySet()) {
            Goal goal = entry.getValue();
            if (reader.position(entry.getKey()) >= goal.factsEnd) {
                goal.hasFacts = true;
                for (Map.Entry<String, ConsumerRecord<byte[], byte[]>> fact : goal.facts.entrySet()) {
                    ConsumerRecord<byte[], byte[]> record = fact.getValue();
                    owner.fact(record.partition(), fact.getKey(), record.value(), time.since(record.timestamp()));
                }
                goal.facts.clear();
            }
        }
    }

    @Override
    public void close() {
        reader.close();
    }
}
