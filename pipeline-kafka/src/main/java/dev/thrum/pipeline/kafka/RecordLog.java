package dev.thrum.pipeline.kafka;

import dev.thrum.work.QueueClosedException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes records, each once, and waits until the broker has them. While the broker is away it waits for it. Safe for
 * concurrent use: the records of several threads share requests.
 */
final class RecordLog implements AutoCloseable {
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final Producer<byte[], byte[]> producer;
    private volatile boolean closed;

    RecordLog(KafkaAddress address, int mostBytes) {
        Map<String, Object> settings = address.settings();
        settings.put("acks", "all");
        settings.put("enable.idempotence", true);
        settings.put("max.request.size", mostBytes);
        // A broker that is away for a minute must not fail a record: who sends it waits, or is interrupted.
        settings.put("delivery.timeout.ms", Integer.MAX_VALUE);
        // Whoever sends waits for the answer, so there is nothing to wait for before.
        settings.putIfAbsent("linger.ms", "0");
        this.producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * Appends a record; returns when all copies of the broker have it.
     *
     * @throws IllegalArgumentException if it is larger than the broker takes
     * @throws QueueClosedException if the log is closed meanwhile
     * @throws InterruptedException if interrupted while it waits; the record may still be appended
     */
    RecordMetadata append(ProducerRecord<byte[], byte[]> written) throws InterruptedException {
        while (true) {
            try {
                return producer.send(written).get();
            } catch (ExecutionException e) {
                requireRetry(e.getCause() == null ? e : e.getCause(), written.topic());
            } catch (InterruptException e) {
                boolean _ = Thread.interrupted();
                throw (InterruptedException)
                        new InterruptedException("interrupted while it waits for the broker").initCause(e);
            } catch (KafkaException | IllegalStateException e) {
                requireRetry(e, written.topic());
            }
        }
    }

    private void requireRetry(Throwable failure, String topic) {
        if (closed) {
            throw new QueueClosedException("the queue on topic " + topic + " is closed");
        }
        if (failure instanceof RecordTooLargeException) {
            throw new IllegalArgumentException(
                    "expected an item that the broker takes into topic " + topic + " but it is too large: "
                            + failure.getMessage(),
                    failure);
        }
        if (!(failure instanceof RetriableException)) {
            throw new IllegalStateException(
                    "expected the broker to take an item into topic " + topic + " but it refuses: "
                            + failure.getMessage(),
                    failure);
        }
    }

    @Override
    public void close() {
        closed = true;
        producer.close(LAST_WORDS);
    }
}
