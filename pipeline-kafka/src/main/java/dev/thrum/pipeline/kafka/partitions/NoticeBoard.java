package dev.thrum.pipeline.kafka.partitions;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TransactionAbortableException;

/** What members tell each other, and agree on: the latest value for each key of a compacted topic. Safe for concurrent use. */
final class NoticeBoard implements AutoCloseable {
    /** Of the text that all members have agreed on. */
    static final String OPTIONS = "options";

    private static final System.Logger LOG = System.getLogger(NoticeBoard.class.getName());
    private static final Duration SLICE = Duration.ofMillis(100);

    private final LogTopics topics;
    private final LogSettings settings;
    private final String name;
    private final BrokerTime time;
    private final Map<String, String> notices = new ConcurrentHashMap<>();
    private final KafkaProducer<byte[], byte[]> producer;

    /** Held while the reader is used. */
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final KafkaConsumer<byte[], byte[]> reader;

    NoticeBoard(LogTopics topics, LogSettings settings, String name, BrokerTime time) {
        this.topics = topics;
        this.settings = settings;
        this.name = name;
        this.time = time;
        this.producer = new KafkaProducer<>(settings.producer());
        this.reader = new KafkaConsumer<>(settings.reader());
        reader.assign(List.of(topics.notice()));
        reader.seekToBeginning(List.of(topics.notice()));
    }

    void tell(String key, String value) {
        try {
            var _ = producer.send(record(key, value), (written, cause) -> {
                if (cause == null) {
                    time.wrote(written.timestamp());
                } else {
                    LOG.log(Level.DEBUG, "A notice was not written: {0}", cause.toString());
                }
            });
        } catch (InterruptException e) {
            Thread.currentThread().interrupt();
        } catch (KafkaException e) {
            LOG.log(Level.DEBUG, "A notice was not written: {0}", e.toString());
        }
    }

    private ProducerRecord<byte[], byte[]> record(String key, String value) {
        return new ProducerRecord<>(topics.notices, 0, key.getBytes(UTF_8), value.getBytes(UTF_8));
    }

    Map<String, String> notices() {
        return Map.copyOf(notices);
    }

    /** Takes what has arrived. */
    void refresh(Duration patience) {
        lock.lock();
        try {
            for (ConsumerRecord<byte[], byte[]> record : reader.poll(patience)) {
                if (record.value() != null) {
                    notices.put(new String(record.key(), UTF_8), new String(record.value(), UTF_8));
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes everything that is there. */
    void refreshAll() throws IOException, InterruptedException {
        TopicPartition notice = topics.notice();
        long end = topics.ends(List.of(notice)).getOrDefault(notice, 0L);
        long deadline = LogSettings.CLOCK.nanoTime() + 2 * LogSettings.PATIENCE.toNanos();
        while (position() < end) {
            refresh(SLICE);
            if (LogSettings.CLOCK.nanoTime() - deadline > 0) {
                throw topics.failure(new java.util.concurrent.TimeoutException("the notices can't be read"));
            }
        }
    }

    private long position() {
        lock.lock();
        try {
            return reader.position(topics.notice());
        } finally {
            lock.unlock();
        }
    }

    /**
     * The text of the first member. Two that begin at once can't both write: who begins a transaction with this id ends that of the other, and looks
     * again.
     */
    String agree(String proposal) throws IOException, InterruptedException {
        while (true) {
            refreshAll();
            String agreed = notices.get(OPTIONS);
            if (agreed != null) {
                return agreed;
            }
            try (KafkaProducer<byte[], byte[]> first =
                    new KafkaProducer<>(settings.transactions(name + "-" + OPTIONS))) {
                first.initTransactions();
                refreshAll();
                if (!notices.containsKey(OPTIONS)) {
                    first.beginTransaction();
                    var _ = first.send(record(OPTIONS, proposal));
                    first.commitTransaction();
                }
            } catch (InterruptException e) {
                throw Interrupts.of(e, "while processes agreed");
            } catch (KafkaException e) {
                if (!isOvertaken(e)) {
                    throw topics.failure(e);
                }
                LOG.log(Level.DEBUG, "Another process begins this crawl at the same time: {0}", e.toString());
            }
        }
    }

    /**
     * Whether another process has begun a transaction with the same id. What the broker says then depends on how far the transaction was: its
     * producer is fenced, its epoch is old, or it has been ended already.
     */
    private static boolean isOvertaken(KafkaException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProducerFencedException
                    || cause instanceof InvalidProducerEpochException
                    || cause instanceof InvalidTxnStateException
                    || cause instanceof TransactionAbortableException) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(2));
        lock.lock();
        try {
            reader.close();
        } finally {
            lock.unlock();
        }
    }
}
