package dev.thrum.pipeline.kafka;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The topic of dead letters: the record of the item as it was, with the headers {@code stage}, {@code attempts} and
 * {@code reason}.
 *
 * @param topic its name
 * @param log writes it
 */
record DeadLetterLog(String topic, RecordLog log) {
    /** The room that a reason needs beyond what its item needs. */
    static final int MOST_REASON = 16 * 1024;

    static final String STAGE = "stage";
    static final String ATTEMPTS = "attempts";
    static final String REASON = "reason";

    /** Keeps an item that a stage has given up. */
    void keep(String stage, ProducerRecord<byte[], byte[]> item, int attempts, Throwable reason)
            throws InterruptedException {
        StringWriter text = new StringWriter();
        reason.printStackTrace(new PrintWriter(text, true));
        append(item.key(), item.value(), item.headers(), stage, attempts, text.toString());
    }

    /** Keeps a record that no stage has seen. */
    void keepRecord(ConsumerRecord<byte[], byte[]> read, String reason) throws InterruptedException {
        append(read.key(), read.value(), read.headers(), stageOf(read.topic()), 0, reason);
    }

    /** Topics are called {@code NAME.STAGE}, and those of dead letters {@code NAME.dead}. */
    private String stageOf(String itemTopic) {
        return itemTopic.substring(Math.min(itemTopic.length(), topic.lastIndexOf('.') + 1));
    }

    private void append(
            byte @Nullable [] key, byte @Nullable [] value, Headers headers, String stage, int attempts, String reason)
            throws InterruptedException {
        ProducerRecord<byte[], byte[]> letter = new ProducerRecord<>(topic, key, value);
        for (Header header : headers) {
            letter.headers().add(header);
        }
        letter.headers().add(STAGE, bytes(stage));
        letter.headers().add(ATTEMPTS, bytes(Integer.toString(attempts)));
        letter.headers().add(REASON, bytes(reason.substring(0, Math.min(reason.length(), MOST_REASON / 4))));
        var _ = log.append(letter);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
