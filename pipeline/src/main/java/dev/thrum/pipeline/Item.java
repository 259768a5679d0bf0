package dev.thrum.pipeline;

import java.util.Objects;

/**
 * A unit of work on its way through a pipeline.
 *
 * <p>A broker writes items to other machines, so a value that is to travel through one must be
 * {@linkplain java.io.Serializable serializable}, and immutable: the same item may be delivered more than once.
 *
 * @param id identifies the work within its stage; the same after a retry and a second delivery, so that a stage can
 *     recognize work that it has done before
 * @param key groups items: a stage with {@link StageOptions#perKey} limits how many items of a key run at once. For a
 *     fetcher it is the host
 * @param value the work itself
 */
public record Item<T>(String id, String key, T value) {
    public Item {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(value, "value");
        if (id.isEmpty()) {
            throw new IllegalArgumentException(
                    "expected an item's id to have characters but it is empty: give each item an id of its own");
        }
    }

    /** An item of a key that other items share. */
    public static <T> Item<T> of(String id, String key, T value) {
        return new Item<>(id, key, value);
    }

    /** An item with a key of its own, which is its id. */
    public static <T> Item<T> of(String id, T value) {
        return new Item<>(id, id, value);
    }
}
