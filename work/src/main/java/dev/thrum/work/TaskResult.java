package dev.thrum.work;

import org.jspecify.annotations.Nullable;

/**
 * The result of one of several tasks: its value, or why there is none.
 *
 * @param <R> the type of the task's result; may be nullable
 */
public sealed interface TaskResult<R extends @Nullable Object> {

    /** The task's position among the submitted ones, counted from 0. */
    int index();

    /** The result of a task that returned this value. */
    record Success<R extends @Nullable Object>(int index, R value) implements TaskResult<R> {}

    /**
     * The result of a task that threw, or that never ran because its pool was shut down.
     *
     * @param cause the exception of the task; for a task that never ran a
     *     {@link java.util.concurrent.CancellationException} or a
     *     {@link java.util.concurrent.RejectedExecutionException}
     */
    record Failure<R extends @Nullable Object>(int index, Throwable cause) implements TaskResult<R> {}
}
