package dev.thrum.pipeline.kafka;

import dev.thrum.base.Clock;
import dev.thrum.base.FaultReports;
import dev.thrum.base.Threads;
import dev.thrum.pipeline.EndOfWork;
import dev.thrum.work.QueueClosedException;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/**
 * Looks at the broker's own counters, several times a second: how many items each stage was sent, and how many are done.
 * It finds the end by them ({@link EndOfWork}), lets the queues know how many items wait, and has records deleted that
 * are done.
 *
 * <p>The counters are offsets, so a second delivery doesn't change them. What was created in a partition is its end. What
 * is done is what its consumer group has committed, or, of a share group, the end less the items that are not yet done.
 */
final class EndWatch implements Runnable {
    /** A stage: its queue, its group, and whether that is a consumer group or a share group. */
    record Watched(TopicQueue<?> queue, String topic, int partitions, String group, boolean keyed) {
        List<TopicPartition> all() {
            return IntStream.range(0, partitions)
                    .mapToObj(number -> new TopicPartition(topic, number))
                    .toList();
        }
    }

    private static final Duration OFTEN = Duration.ofMillis(20);
    private static final Duration SELDOM = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** So many records that are done may be kept in a partition before they are deleted. */
    private static final long MOST_KEPT = 10_000;

    private final KafkaAddress address;
    private final Admin admin;
    private final ControlTopic control;
    private final List<Watched> stages;
    private final Clock clock;
    private final FaultReports faults;
    private final EndOfWork<TopicPartition> work;
    private final Thread thread;

    /** Below which offset everything is done, and up to where that was deleted. Owned by the thread. */
    private final Map<TopicPartition, Long> allDoneBelow = new HashMap<>();

    private final Map<TopicPartition, Long> deleted = new HashMap<>();

    private volatile Runnable end = () -> {};
    private volatile boolean noMoreInput;
    private volatile boolean inputClosed;
    private volatile boolean closed;
    private volatile boolean abandoned;

    EndWatch(KafkaAddress address, Admin admin, ControlTopic control, List<Watched> stages, Clock clock) {
        this.address = address;
        this.admin = admin;
        this.control = control;
        this.stages = stages;
        this.clock = clock;
        this.faults = new FaultReports(System.getLogger(KafkaQueues.class.getName()), clock);
        this.work = new EndOfWork<>(
                stages.stream().flatMap(stage -> stage.all().stream()).collect(Collectors.toSet()));
        this.thread = Threads.daemon("thrum-kafka-" + address.name(), this);
    }

    /** Looks once, so that the queues know what is there, and then again and again. */
    void start(Runnable onEnd) throws IOException {
        end = onEnd;
        boolean _ = look();
        thread.start();
    }

    void noMoreInput() {
        noMoreInput = true;
    }

    boolean isInputClosed() {
        return noMoreInput || inputClosed;
    }

    /** Lets it end without a word to other processes. */
    void abandon() {
        abandoned = true;
    }

    /**
     * Ends it, when other processes know that no more input comes, if that was said. Waits for it, unless it is the thread
     * itself that has found the end.
     */
    void close() {
        closed = true;
        if (thread.getState() != Thread.State.NEW) {
            boolean _ = Threads.joinUninterruptibly(thread, PATIENCE);
        }
    }

    @Override
    public void run() {
        try {
            while (!closed) {
                if (lookPatiently()) {
                    end.run();
                    return;
                }
                clock.sleep(stages.stream().anyMatch(stage -> stage.queue().isBlocked()) ? OFTEN : SELDOM);
            }
            tellPatiently();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean lookPatiently() throws InterruptedException {
        try {
            tell();
            boolean isEnd = look();
            faults.worked(() -> "the broker at " + address.servers() + " responds again");
            deleteWhatIsDone();
            return isEnd;
        } catch (KafkaException | QueueClosedException | IOException e) {
            faults.failed("the broker at " + address.servers() + " doesn't respond: work that needs it waits for it ("
                    + e.getMessage() + ")");
            return false;
        }
    }

    private void tellPatiently() throws InterruptedException {
        try {
            tell();
        } catch (KafkaException | QueueClosedException e) {
            faults.failed("the broker at " + address.servers()
                    + " doesn't respond, so other processes don't know that no more input comes: " + e.getMessage());
        }
    }

    private void tell() throws InterruptedException {
        if (noMoreInput && !inputClosed && !abandoned) {
            String _ = control.agree(KafkaQueues.INPUT, "closed");
        }
    }

    /** One round of readings; returns whether it finds the end. */
    private boolean look() throws IOException {
        // Before the round: work that comes from outside must be in the readings.
        inputClosed = control.read().containsKey(KafkaQueues.INPUT);
        EndOfWork<TopicPartition>.Round round = work.round();
        Map<TopicPartition, Long> endsBefore = ends();
        for (Watched stage : stages) {
            Map<TopicPartition, Long> done = stage.keyed() ? committed(stage) : accepted(stage, endsBefore);
            done.forEach(round::done);
            stage.queue()
                    .looked(counts -> done.forEach((partition, items) -> counts.done(partition.partition(), items)));
        }
        Map<TopicPartition, Long> ends = ends();
        ends.forEach(round::created);
        for (Watched stage : stages) {
            stage.queue().looked(counts -> {
                stage.all()
                        .forEach(partition -> counts.created(partition.partition(), ends.getOrDefault(partition, 0L)));
                counts.looked();
            });
        }
        return inputClosed && round.isEnd();
    }

    private Map<TopicPartition, Long> ends() throws IOException {
        Map<TopicPartition, OffsetSpec> asked = stages.stream()
                .flatMap(stage -> stage.all().stream())
                .collect(Collectors.toMap(partition -> partition, _ -> OffsetSpec.latest()));
        return KafkaTopic.get(admin.listOffsets(asked).all(), PATIENCE, "how many items there are").entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().offset()));
    }

    private Map<TopicPartition, Long> committed(Watched stage) throws IOException {
        Map<TopicPartition, OffsetAndMetadata> offsets = ofGroup(admin.listConsumerGroupOffsets(
                        Map.of(stage.group(), new ListConsumerGroupOffsetsSpec().topicPartitions(stage.all())))
                .partitionsToOffsetAndMetadata(stage.group()));
        Map<TopicPartition, Long> done = new HashMap<>();
        for (TopicPartition partition : stage.all()) {
            OffsetAndMetadata offset = offsets.get(partition);
            done.put(partition, offset == null ? 0 : offset.offset());
        }
        allDoneBelow.putAll(done);
        return done;
    }

    /** The offsets of a group; none if nobody was ever in it. */
    private static <T> Map<TopicPartition, T> ofGroup(KafkaFuture<Map<TopicPartition, T>> answer) throws IOException {
        try {
            return KafkaTopic.get(answer, PATIENCE, "what is done");
        } catch (GroupIdNotFoundException e) {
            return Map.of();
        }
    }

    /**
     * What of a share group is done. The broker says how many items up to the end are not, so the end must have been read
     * before: it may have moved on, then more is not done, and the difference is smaller than the truth.
     */
    private Map<TopicPartition, Long> accepted(Watched stage, Map<TopicPartition, Long> endsBefore) throws IOException {
        Map<TopicPartition, SharePartitionOffsetInfo> offsets = ofGroup(admin.listShareGroupOffsets(
                        Map.of(stage.group(), new ListShareGroupOffsetsSpec().topicPartitions(stage.all())))
                .partitionsToOffsetInfo(stage.group()));
        Map<TopicPartition, Long> done = new HashMap<>();
        for (TopicPartition partition : stage.all()) {
            SharePartitionOffsetInfo offset = offsets.get(partition);
            long start = offset == null ? 0 : Math.max(0, offset.startOffset());
            long end = endsBefore.getOrDefault(partition, 0L);
            done.put(
                    partition,
                    offset == null
                            ? 0
                            : Math.max(start, offset.lag().map(lag -> end - lag).orElse(start)));
            allDoneBelow.put(partition, start);
        }
        return done;
    }

    private void deleteWhatIsDone() throws IOException {
        Map<TopicPartition, RecordsToDelete> records = new HashMap<>();
        allDoneBelow.forEach((partition, offset) -> {
            if (offset - deleted.getOrDefault(partition, 0L) >= MOST_KEPT) {
                records.put(partition, RecordsToDelete.beforeOffset(offset));
                deleted.put(partition, offset);
            }
        });
        if (!records.isEmpty()) {
            KafkaTopic.get(admin.deleteRecords(records).all(), PATIENCE, "to delete what is done");
        }
    }
}
