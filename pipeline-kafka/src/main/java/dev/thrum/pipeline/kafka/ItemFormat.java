package dev.thrum.pipeline.kafka;

import dev.thrum.pipeline.Item;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Items as records: the key of a record is that of the item, in UTF-8, so that Kafka puts items of a key into one
 * partition; the id is the header {@code id}; the value is as the codec writes it.
 */
record ItemFormat<T>(String topic, ItemCodec<T> codec, int mostBytes) {
    static final String ID = "id";

    /** What the headers and the frame of a record may need, besides id and key. */
    private static final int FRAME = 256;

    /**
     * The record of an item.
     *
     * @throws IllegalArgumentException if it can't be written, or is larger than the broker takes
     */
    ProducerRecord<byte[], byte[]> encode(Item<T> item) {
        byte[] key = item.key().getBytes(StandardCharsets.UTF_8);
        byte[] id = item.id().getBytes(StandardCharsets.UTF_8);
        byte[] value = codec.encode(item.value());
        long size = (long) key.length + id.length + value.length + FRAME;
        if (size > mostBytes) {
            throw new IllegalArgumentException(
                    "expected an item of at most " + mostBytes + " bytes, which is what topic "
                            + topic + " takes, but " + shortened(item.id()) + " has " + size
                            + ": send less, or raise max.message.bytes of the topic");
        }
        ProducerRecord<byte[], byte[]> written = new ProducerRecord<>(topic, key, value);
        written.headers().add(ID, id);
        return written;
    }

    private static String shortened(String id) {
        return id.length() <= 200 ? id : id.substring(0, 200) + "...";
    }

    /**
     * The item of a record.
     *
     * @throws IOException if it isn't one
     */
    Item<T> decode(ConsumerRecord<byte[], byte[]> read) throws IOException {
        Header id = read.headers().lastHeader(ID);
        byte @Nullable [] key = read.key();
        byte @Nullable [] value = read.value();
        if (id == null || key == null || value == null || id.value().length == 0) {
            throw new IOException(
                    "expected a record with a key, a value and the header id but it lacks one: who wrote it?");
        }
        T decoded;
        try {
            decoded = codec.decode(value);
        } catch (RuntimeException e) {
            throw new IOException("the codec of topic " + topic + " has failed: " + e, e);
        }
        return Item.of(
                new String(id.value(), StandardCharsets.UTF_8), new String(key, StandardCharsets.UTF_8), decoded);
    }
}
