package dev.thrum.pipeline;

import dev.thrum.base.Clock;
import org.jspecify.annotations.Nullable;

/**
 * The queues of a pipeline that several processes run together, on one machine or many: those of a broker. Each process
 * starts the same stages and says {@link PipelineBuilder#on}; nothing else changes.
 *
 * <p>This is the contract of an implementation, which belongs to one pipeline of one process. The pipeline calls
 * {@link #open} for each of its stages, then {@link #begin}, and {@link #close} when it has ended. All other methods may
 * be called by any thread after {@code begin}.
 */
public interface SharedQueues extends AutoCloseable {
    /**
     * The queues of a stage. What is delivered by either is acknowledged to the first.
     *
     * @param input what is put from outside, and sent by stages that were defined before
     * @param backlog what is sent backwards, if the options of the stage have a {@linkplain StageOptions#backlog
     *     backlog}; it never waits for room
     */
    record StageQueues<T>(PipelineQueue<T> input, @Nullable PipelineQueue<T> backlog) {}

    /**
     * Opens the queues of a stage. They are {@linkplain PipelineQueue#isDurable durable}. If the stage limits its keys, a
     * key is delivered to one process at a time.
     *
     * @throws IllegalArgumentException if the stage of other processes is another one under the same name
     */
    <T> StageQueues<T> open(StageName<T> stage, StageOptions options, Clock clock);

    /**
     * Begins to deliver, and to look for the end.
     *
     * @param end called once, by a thread of the queues, when there is no more input and all items of all processes are
     *     done, which this process then knows
     */
    void begin(Runnable end);

    /**
     * Declares to all processes that no item is put from outside any more. Doesn't wait, so a process that is killed soon
     * after may not have told the others: then another one must declare it. Idempotent.
     */
    void noMoreInput();

    /** Whether this process knows that one has called {@link #noMoreInput}. */
    boolean isInputClosed();

    /**
     * Keeps a dead letter where it outlives the processes; before its item is acknowledged. Waits while the broker is out
     * of reach.
     */
    void keep(DeadLetter<?> letter) throws InterruptedException;

    /** Ends it all: deliveries that are not done go to another process at once. Idempotent. */
    @Override
    void close();
}
