package dev.thrum.pipeline.kafka;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;

/** The codecs that come with the module. */
final class ItemCodecs {
    private ItemCodecs() {}

    /** Strings. */
    record Text() implements ItemCodec<String> {
        @Override
        public byte[] encode(String value) {
            return value.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String decode(byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    /** Bytes. */
    record Bytes() implements ItemCodec<byte[]> {
        @Override
        public byte[] encode(byte[] value) {
            return value;
        }

        @Override
        public byte[] decode(byte[] bytes) {
            return bytes;
        }
    }

    /** Serializable objects. */
    record Serialized<T>(Class<T> type) implements ItemCodec<T> {
        @Override
        public byte[] encode(T value) {
            if (!(value instanceof Serializable)) {
                throw new IllegalArgumentException("expected a value that is java.io.Serializable but "
                        + value.getClass().getName() + " isn't: make it so, or give its stage a codec");
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
                out.writeObject(value);
            } catch (IOException e) {
                throw new IllegalArgumentException(
                        "expected a value that can be serialized but " + e.getMessage()
                                + " can't: give its stage a codec",
                        e);
            }
            return bytes.toByteArray();
        }

        @Override
        public T decode(byte[] bytes) throws IOException {
            ObjectInputFilter filter = ObjectInputFilter.Config.createFilter(
                    "maxdepth=50;java.base/*;" + type.getPackageName() + ".**;!*");
            try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
                in.setObjectInputFilter(filter);
                return type.cast(in.readObject());
            } catch (ClassNotFoundException | ClassCastException | IOException e) {
                throw new IOException("expected a serialized " + type.getName() + " but " + e.getMessage(), e);
            }
        }
    }
}
