package dev.thrum.pipeline.kafka;

import dev.thrum.base.Clock;
import dev.thrum.base.DurationText;
import dev.thrum.pipeline.DeadLetter;
import dev.thrum.pipeline.PipelineQueue;
import dev.thrum.pipeline.SharedQueues;
import dev.thrum.pipeline.StageName;
import dev.thrum.pipeline.StageOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/**
 * The queues of a pipeline on Kafka topics, so that it runs on as many machines as wanted:
 *
 * <pre>{@code
 * Pipeline pipeline = Pipeline.named("words")
 *         .stage(READ, ..., ...)
 *         .stage(COUNT, ..., ...)
 *         .on(KafkaQueues.open(KafkaAddress.parse("kafka://broker:9092/words")))
 *         .start();
 * }</pre>
 *
 * <p>The topics of the address {@code kafka://.../words} are {@code words.read} and {@code words.count} for the stages,
 * {@code words.dead} for dead letters with their reason, and {@code words.run} for what all processes must know. They are
 * made at the first start, and stay when the pipeline has ended; another run needs another name.
 *
 * <p>A stage with {@link StageOptions#perKey} is read by a consumer group, so that a key belongs to one process at a
 * time; any other by a share group, so that an item goes to whoever has a free worker. An item whose process is killed is
 * delivered to another, after {@link KafkaOptions#session} or {@link KafkaOptions#lock}.
 *
 * <p>The broker must know share groups: Kafka 4.2 or newer. An instance belongs to one pipeline.
 */
public final class KafkaQueues implements SharedQueues {
    /** The key of the record that says that there is no more input. */
    static final String INPUT = "input";

    /** The version of the records; another one can't be read. */
    private static final String FORMAT = "1";

    private static final String CONTROL = "run";
    private static final String DEAD = "dead";

    /** Items that a consumer of an unkeyed stage holds, for each worker: they are kept from other processes. */
    private static final int HELD_PER_WORKER = 2;

    private static final int MOST_FETCHED = 500;

    /**
     * The partitions of an unkeyed stage. A share group gives a partition to several members only when it has more members
     * than partitions; one that is busy with long items would keep the rest of its partitions from all others.
     */
    private static final int SHARED_PARTITIONS = 1;

    /** What the broker takes in a record, unless it is told otherwise. */
    private static final int MOST_BYTES = 1_048_588;

    private final KafkaAddress address;
    private final KafkaOptions options;
    private final Map<StageName<?>, ItemCodec<?>> codecs = new HashMap<>();
    private final Admin admin;
    private final RecordLog log;
    private final DeadLetterLog deadLetters;
    private final ControlTopic control;
    private final List<Opened<?>> stages = new ArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Set by {@link #begin}. */
    private volatile @Nullable EndWatch watch;

    /** A stage whose queue is open. */
    private record Opened<T>(StageName<T> name, TopicQueue<T> queue, Feed<T> feed, EndWatch.Watched watched) {}

    private KafkaQueues(KafkaAddress address, KafkaOptions options, Admin admin) {
        this.address = address;
        this.options = options;
        this.admin = admin;
        this.log = new RecordLog(address, MOST_BYTES + DeadLetterLog.MOST_REASON * 2);
        this.deadLetters = new DeadLetterLog(topic(DEAD), log);
        this.control = new ControlTopic(address, topic(CONTROL), log);
    }

    /** Opens the queues of a name, with the standard options. */
    public static KafkaQueues open(KafkaAddress address) throws IOException {
        return open(address, KafkaOptions.standard());
    }

    /**
     * Opens the queues of a name: checks that the broker responds, and makes the topics that all stages share.
     *
     * @throws IOException if no broker responds in time; one line, with the address
     * @throws IllegalArgumentException if the topics are there and have other settings, or were made by another version
     */
    public static KafkaQueues open(KafkaAddress address, KafkaOptions options) throws IOException {
        address.requireBroker(options.patience());
        Admin admin = Admin.create(address.settings());
        KafkaQueues queues = null;
        boolean isOpen = false;
        try {
            KafkaTopic.require(
                    admin,
                    List.of(
                            KafkaTopic.keeping(address.name() + "." + CONTROL, 1),
                            KafkaTopic.keeping(address.name() + "." + DEAD, 1)
                                    .with(
                                            TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                                            Integer.toString(MOST_BYTES + DeadLetterLog.MOST_REASON * 2))),
                    options.patience());
            queues = new KafkaQueues(address, options, admin);
            queues.agree("format", FORMAT, "the topics of " + address + " were made by another version");
            isOpen = true;
            return queues;
        } finally {
            if (queues == null) {
                admin.close(Duration.ZERO);
            } else if (!isOpen) {
                queues.close();
            }
        }
    }

    /** Writes and reads the values of a stage with this codec, rather than with {@link ItemCodec#of}; before the start. */
    public <T> KafkaQueues codec(StageName<T> stage, ItemCodec<T> codec) {
        codecs.put(stage, Objects.requireNonNull(codec, "codec"));
        return this;
    }

    private String topic(String part) {
        return address.name() + "." + part;
    }

    private void agree(String key, String value, String otherwise) {
        try {
            String known = control.agree(key, value);
            if (!known.equals(value)) {
                throw new IllegalArgumentException("expected " + key + " " + value + " but " + otherwise + ": " + known
                        + ". Use the same in all processes, or another name");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while it opened the queues of " + address, e);
        }
    }

    @Override
    public <T> StageQueues<T> open(StageName<T> stage, StageOptions stageOptions, Clock clock) {
        requireName(stage);
        boolean keyed = stageOptions.perKey() > 0;
        int partitions = keyed ? options.partitions() : SHARED_PARTITIONS;
        String topic = topic(stage.name());
        agree(
                "stage " + stage.name(),
                (keyed ? "keyed" : "unkeyed") + " " + stage.type().getName(),
                "other processes of " + address + " have another stage of this name");
        try {
            KafkaTopic.require(admin, List.of(KafkaTopic.keeping(topic, partitions)), options.patience());
            configure(topic, keyed);
        } catch (IOException e) {
            throw new UncheckedIOException("the queue of stage " + stage + " can't be opened: " + e.getMessage(), e);
        }
        int capacity = stageOptions.capacity();
        int fetched =
                Math.min(MOST_FETCHED, keyed ? capacity : Math.min(capacity, HELD_PER_WORKER * stageOptions.workers()));
        TopicQueue<T> queue = new TopicQueue<>(
                new ItemFormat<>(topic, codec(stage), MOST_BYTES),
                log,
                new TopicCounts(keyed, partitions),
                capacity,
                fetched,
                clock);
        Feed.Place place = new Feed.Place(address, options, topic, fetched, deadLetters);
        Feed<T> feed = keyed ? new GroupFeed<>(queue, place) : new ShareFeed<>(queue, place);
        queue.closer(feed::close);
        stages.add(new Opened<>(stage, queue, feed, new EndWatch.Watched(queue, topic, partitions, topic, keyed)));
        PipelineQueue<T> backlog =
                stageOptions.backlog() == 0 ? null : new BackwardQueue<>(queue, stageOptions.backlog());
        return new StageQueues<>(queue, backlog);
    }

    private static void requireName(StageName<?> stage) {
        if (!stage.name().matches("[A-Za-z0-9_-]{1,100}")
                || stage.name().equals(CONTROL)
                || stage.name().equals(DEAD)) {
            throw new IllegalArgumentException(
                    "expected a stage on Kafka to have a name of letters, digits, '-' and '_'," + " other than "
                            + CONTROL + " and " + DEAD + ", but was '" + stage + "': rename it");
        }
    }

    @SuppressWarnings("unchecked") // Equal names have the same type.
    private <T> ItemCodec<T> codec(StageName<T> stage) {
        ItemCodec<?> own = codecs.get(stage);
        return own == null ? ItemCodec.of(stage.type()) : (ItemCodec<T>) own;
    }

    /** Sets what a group is like. It is the same for all processes, so it doesn't matter who does it last. */
    private void configure(String group, boolean keyed) throws IOException {
        Map<String, String> settings = keyed
                ? Map.of(
                        "consumer.session.timeout.ms", millis(options.session()),
                        "consumer.heartbeat.interval.ms", millis(heartbeat()))
                : Map.of(
                        "share.session.timeout.ms", millis(options.session()),
                        "share.heartbeat.interval.ms", millis(heartbeat()),
                        "share.record.lock.duration.ms", millis(options.lock()),
                        "share.delivery.count.limit", Integer.toString(2 * options.deliveries()),
                        "share.auto.offset.reset", "earliest",
                        "share.renew.acknowledge.enable", "true");
        Collection<AlterConfigOp> changes = settings.entrySet().stream()
                .map(entry ->
                        new AlterConfigOp(new ConfigEntry(entry.getKey(), entry.getValue()), AlterConfigOp.OpType.SET))
                .toList();
        try {
            KafkaTopic.get(
                    admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.GROUP, group), changes))
                            .all(),
                    options.patience(),
                    "to configure a group");
        } catch (KafkaException e) {
            throw new IllegalArgumentException(
                    "expected the broker at " + address.servers() + " to accept sessions of "
                            + DurationText.of(options.session()) + ", locks of " + DurationText.of(options.lock())
                            + " and " + 2 * options.deliveries() + " deliveries but it refuses: " + e.getMessage()
                            + ": choose others, or change the limits of the broker (Kafka 4.2 or newer)",
                    e);
        }
    }

    /** Kafka's own interval of 5 s, or several times in a short session. */
    private Duration heartbeat() {
        Duration standard = Duration.ofSeconds(5);
        Duration part = options.session().dividedBy(6);
        return part.compareTo(standard) < 0 ? part : standard;
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }

    @Override
    public void begin(Runnable end) {
        EndWatch started = new EndWatch(
                address,
                admin,
                control,
                stages.stream().<EndWatch.Watched>map(Opened::watched).toList(),
                Clock.system());
        watch = started;
        try {
            started.start(end);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        stages.forEach(stage -> stage.feed().start());
    }

    @Override
    public void noMoreInput() {
        EndWatch known = watch;
        if (known != null) {
            known.noMoreInput();
        }
    }

    @Override
    public boolean isInputClosed() {
        EndWatch known = watch;
        return known != null && known.isInputClosed();
    }

    @Override
    public void keep(DeadLetter<?> letter) throws InterruptedException {
        for (Opened<?> stage : stages) {
            if (stage.name().equals(letter.stage())) {
                keep(stage, letter);
            }
        }
    }

    @SuppressWarnings("unchecked") // Equal names have the same type.
    private <T> void keep(Opened<T> stage, DeadLetter<?> letter) throws InterruptedException {
        deadLetters.keep(
                stage.name().name(),
                stage.queue().format().encode(((DeadLetter<T>) letter).item()),
                letter.attempts(),
                letter.reason());
    }

    /** Stops as a process does that is killed: the broker hears nothing more. */
    void abandon() {
        EndWatch known = watch;
        if (known != null) {
            known.abandon();
        }
        stages.forEach(stage -> stage.feed().abandon());
        close();
    }

    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        stages.forEach(stage -> stage.queue().close());
        EndWatch known = watch;
        if (known != null) {
            known.close();
        }
        log.close();
        control.close();
        admin.close(Duration.ofSeconds(1));
    }

    @Override
    public String toString() {
        return "KafkaQueues[" + address + "]";
    }
}
