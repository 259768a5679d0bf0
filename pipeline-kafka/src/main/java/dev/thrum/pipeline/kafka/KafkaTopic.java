package dev.thrum.pipeline.kafka;

import dev.thrum.base.Deadline;
import dev.thrum.base.DurationText;
import dev.thrum.base.Plural;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * A topic as Thrum needs it: made if it isn't there, refused if it is there with other settings.
 *
 * @param name its name
 * @param partitions how many partitions it has
 * @param settings the settings that matter
 */
public record KafkaTopic(String name, int partitions, Map<String, String> settings) {
    public KafkaTopic {
        settings = Map.copyOf(settings);
    }

    /**
     * A topic that keeps everything until it is deleted on purpose. The broker's clock dates its records, so that the clock
     * of the machine that sends one doesn't matter: a broker refuses records from an hour ahead.
     */
    public static KafkaTopic keeping(String name, int partitions) {
        return new KafkaTopic(
                name,
                partitions,
                Map.of(
                        "cleanup.policy", "delete",
                        "retention.ms", "-1",
                        "retention.bytes", "-1",
                        "message.timestamp.type", "LogAppendTime"));
    }

    /** A topic that keeps at least the last record of each key. */
    public static KafkaTopic compacted(String name, int partitions) {
        return new KafkaTopic(
                name, partitions, Map.of("cleanup.policy", "compact", "message.timestamp.type", "LogAppendTime"));
    }

    /** The same topic with another setting. */
    public KafkaTopic with(String setting, String value) {
        Map<String, String> all = new TreeMap<>(settings);
        all.put(setting, value);
        return new KafkaTopic(name, partitions, all);
    }

    /**
     * Makes the topics that aren't there, and checks those that are.
     *
     * @throws IllegalArgumentException if one has other settings; the message names the difference
     * @throws IOException if the broker doesn't do it within this time
     */
    public static void require(Admin admin, Collection<KafkaTopic> topics, Duration patience) throws IOException {
        List<NewTopic> made = topics.stream()
                .map(topic -> new NewTopic(topic.name, Optional.of(topic.partitions), Optional.empty())
                        .configs(topic.settings))
                .toList();
        for (KafkaFuture<Void> creation : admin.createTopics(made).values().values()) {
            try {
                get(creation, patience, "to make topics");
            } catch (TopicExistsException known) {
                // By an earlier run, or by another process a moment ago: it is checked below.
            }
        }
        List<String> names = topics.stream().map(KafkaTopic::name).toList();
        Map<String, TopicDescription> described = describe(admin, names, Deadline.in(patience));
        Map<String, Config> configs = get(
                        admin.describeConfigs(names.stream()
                                        .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                                        .toList())
                                .all(),
                        patience,
                        "to describe topics")
                .entrySet()
                .stream()
                .collect(Collectors.toMap(entry -> entry.getKey().name(), Map.Entry::getValue));
        for (KafkaTopic topic : topics) {
            topic.check(
                    Objects.requireNonNull(described.get(topic.name)), Objects.requireNonNull(configs.get(topic.name)));
        }
    }

    /** A broker may not know yet what another one has made a moment ago. */
    private static Map<String, TopicDescription> describe(Admin admin, List<String> names, Deadline deadline)
            throws IOException {
        while (true) {
            try {
                return get(admin.describeTopics(names).allTopicNames(), deadline.left(), "to describe topics");
            } catch (UnknownTopicOrPartitionException early) {
                if (deadline.nanosLeft() == 0) {
                    throw new IOException("the broker was asked to make topics and doesn't know them: " + names, early);
                }
                Thread.onSpinWait();
            }
        }
    }

    private void check(TopicDescription description, Config config) {
        int number = description.partitions().size();
        if (number != partitions) {
            throw new IllegalArgumentException("expected topic " + name + " with " + Plural.of(partitions, "partition")
                    + " but it has " + number + ": ask for " + number + ", or use another name");
        }
        settings.forEach((setting, value) -> {
            ConfigEntry entry = config.get(setting);
            if (entry == null || !value.equals(entry.value())) {
                throw new IllegalArgumentException("expected topic " + name + " with " + setting + "=" + value
                        + " but it has " + (entry == null ? "none" : entry.value())
                        + ": change it, or use another name");
            }
        });
    }

    /**
     * Waits for an answer of the broker.
     *
     * @throws IOException if there is none within this time, or if it is a failure that is no runtime exception
     */
    static <T> T get(KafkaFuture<T> answer, Duration patience, String purpose) throws IOException {
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException known) {
                throw known;
            }
            throw new IOException("the broker was asked " + purpose + " and failed: " + e.getMessage(), e);
        } catch (TimeoutException e) {
            throw new IOException(
                    "the broker was asked " + purpose + " and has not answered within " + DurationText.of(patience), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the broker was asked " + purpose, e);
        }
    }
}
