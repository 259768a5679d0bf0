package dev.thrum.pipeline;

import java.util.Objects;

/**
 * The name of a stage, with the type of its items, so that any stage can send to it before it is defined.
 *
 * @param name what progress, dead letters and threads call it
 * @param type the type of the values of its items
 */
public record StageName<T>(String name, Class<T> type) {
    public StageName {
        Objects.requireNonNull(type, "type");
        if (name.isBlank()) {
            throw new IllegalArgumentException("expected a stage's name to have characters but was '" + name + "'");
        }
    }

    public static <T> StageName<T> of(String name, Class<T> type) {
        return new StageName<>(name, type);
    }

    @Override
    public String toString() {
        return name;
    }
}
