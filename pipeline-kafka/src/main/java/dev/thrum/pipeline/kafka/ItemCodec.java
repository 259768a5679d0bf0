package dev.thrum.pipeline.kafka;

import java.io.IOException;

/**
 * How the values of a stage are written to the broker and read again, perhaps by a later version of the program. Safe for
 * concurrent use.
 *
 * @param <T> the values
 */
public interface ItemCodec<T> {
    /**
     * Writes a value.
     *
     * @throws IllegalArgumentException if it can't be written
     */
    byte[] encode(T value);

    /**
     * Reads a value.
     *
     * @throws IOException if the bytes are not one
     */
    T decode(byte[] bytes) throws IOException;

    /** The codec that a stage has by default: text in UTF-8, bytes as they are, anything else {@link #serialized}. */
    @SuppressWarnings("unchecked") // Each codec is for this type.
    static <T> ItemCodec<T> of(Class<T> type) {
        if (type == String.class) {
            return (ItemCodec<T>) new ItemCodecs.Text();
        }
        return type == byte[].class ? (ItemCodec<T>) new ItemCodecs.Bytes() : serialized(type);
    }

    /**
     * Java's serialization, with a filter: what is read consists of classes of the JDK's module {@code java.base} and of
     * the package of this type and those below it.
     */
    static <T> ItemCodec<T> serialized(Class<T> type) {
        return new ItemCodecs.Serialized<>(type);
    }
}
