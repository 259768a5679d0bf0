package dev.thrum.work;

import org.jspecify.annotations.Nullable;

/**
 * How one of several tasks ended.
 *
 * @param <R> what the task gives; may be nullable
 */
public sealed interface Outcome<R extends @Nullable Object> {

    /** The task's place among those handed in, counted from 0. */
    int index();

    /** A task that returned the value. */
    record Success<R extends @Nullable Object>(int index, R value) implements Outcome<R> {}

    /**
     * A task that threw, or that never ran because its pool was shut down.
     *
     * @param cause what the task threw; for a task that never ran a {@link java.util.concurrent.CancellationException}
     *     or a {@link java.util.concurrent.RejectedExecutionException}
     */
    record Failure<R extends @Nullable Object>(int index, Throwable cause) implements Outcome<R> {}
}
