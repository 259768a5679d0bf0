package dev.thrum.pipeline;

/** The work of a stage: what happens with one item. Called by the workers of its stage, several at a time. */
@FunctionalInterface
public interface StageFunction<T> {
    /**
     * Works on an item, and sends any number of items to other stages. The item is done when this returns.
     *
     * <p>An {@link Exception} fails the attempt; the stage's {@link RetryPolicy} decides whether there is another. An
     * {@link Error} and an {@link InterruptedException} are not retried. What a failed attempt has sent stays sent, so
     * the next attempt sends it again: items have ids for that reason.
     */
    void run(Item<T> item, StageRun run) throws Exception;
}
