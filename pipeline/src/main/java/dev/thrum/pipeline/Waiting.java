package dev.thrum.pipeline;

/**
 * An item that a stopped pipeline hands back: it is not done.
 *
 * @param stage the stage that it waited for
 * @param item the item
 * @param attempts how often it was tried
 */
public record Waiting<T>(StageName<T> stage, Item<T> item, int attempts) {}
