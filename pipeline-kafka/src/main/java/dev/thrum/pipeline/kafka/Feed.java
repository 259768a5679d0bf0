package dev.thrum.pipeline.kafka;

import dev.thrum.base.Clock;
import dev.thrum.base.Threads;
import dev.thrum.pipeline.Item;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * The thread that brings items from the broker into the queue of a stage, and tells the broker which are done. It is the
 * only one that uses its consumer, which it opens anew when it has lost everything.
 */
abstract class Feed<T> {
    /** How long one look for new items takes when there are none; so long is the way of an acknowledgement, at most. */
    static final Duration TICK = Duration.ofMillis(50);

    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** The time that the last acknowledgements get, and the farewell to the group. */
    static final Duration LAST_WORDS = Duration.ofSeconds(2);

    final TopicQueue<T> queue;
    final Place place;
    private final Thread thread;

    /** What is to become of the thread. Written once or twice, by whoever closes the queue. */
    private volatile boolean ending;

    private volatile boolean abandoned;

    /**
     * Where a feed takes items from, and where it puts those that it can't read.
     *
     * @param group the group of the stage
     * @param most how many items are fetched at once
     */
    record Place(KafkaAddress address, KafkaOptions options, String group, int most, DeadLetterLog deadLetters) {}

    Feed(TopicQueue<T> queue, Place place) {
        this.queue = queue;
        this.place = place;
        this.thread = Threads.daemon("thrum-kafka-" + place.group(), this::run);
    }

    void start() {
        thread.start();
    }

    /**
     * Lets it end, without waiting for it.
     *
     * @param silently without a word to the broker
     */
    void end(boolean silently) {
        abandoned |= silently;
        ending = true;
    }

    /** Acknowledges what is done, gives the rest back, and ends; waits for it. */
    void close() {
        end(false);
        if (thread.getState() != Thread.State.NEW) {
            boolean _ = Threads.joinUninterruptibly(thread, LAST_WORDS.multipliedBy(3));
        }
    }

    /** Ends without a word to the broker, as a process that is killed does. */
    void abandon() {
        end(true);
        close();
    }

    boolean isEnding() {
        return ending;
    }

    boolean isAbandoned() {
        return abandoned;
    }

    private void run() {
        while (!ending) {
            try {
                session();
            } catch (InterruptException e) {
                boolean _ = Thread.interrupted();
            } catch (KafkaException | IllegalStateException e) {
                queue.faults()
                        .failed("the broker at " + place.address().servers() + " doesn't let this process work on "
                                + queue.format().topic() + ", and is asked again: " + e.getMessage());
            } catch (RuntimeException e) {
                queue.faults().failed("a defect around " + queue.format().topic() + "; it begins anew", e);
            }
            if (!ending) {
                queue.await(PAUSE, this::isEnding);
            }
        }
    }

    /** Works with one consumer, until the feed ends or everything is lost. */
    abstract void session();

    /** The settings of both kinds of consumers. */
    Map<String, Object> settings() {
        Map<String, Object> settings = new HashMap<>(place.address().settings());
        settings.put("group.id", place.group());
        settings.put("max.poll.records", place.most());
        return settings;
    }

    Clock clock() {
        return queue.clock();
    }

    /**
     * Makes a delivery of a record; null if it can't be read, and became a dead letter.
     *
     * @param held whether this process may act on the item
     */
    @Nullable
    TopicDelivery<T> delivery(ConsumerRecord<byte[], byte[]> read, BooleanSupplier held) throws InterruptedException {
        try {
            Item<T> item = queue.format().decode(read);
            return new TopicDelivery<>(item, clock().nanoTime(), read.partition(), read.offset(), held, queue::changed);
        } catch (IOException e) {
            place.deadLetters().keepRecord(read, "it can't be read: " + e.getMessage());
            return null;
        }
    }
}
