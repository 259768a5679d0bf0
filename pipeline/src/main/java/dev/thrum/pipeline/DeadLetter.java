package dev.thrum.pipeline;

/**
 * An item that a pipeline has given up.
 *
 * @param stage the stage that failed
 * @param item the item
 * @param attempts how often it was tried
 * @param reason the failure of the last attempt
 */
public record DeadLetter<T>(StageName<T> stage, Item<T> item, int attempts, Throwable reason) {}
