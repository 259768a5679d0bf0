package dev.thrum.pipeline;

import dev.thrum.base.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The definition of a pipeline. Begins with {@link Pipeline#named}, ends with {@link #start}. Not thread-safe. */
public final class PipelineBuilder {
    private final String name;
    private final List<StageDefinition<?>> stages = new ArrayList<>();
    private @Nullable Consumer<? super DeadLetter<?>> listener;
    private @Nullable SharedQueues shared;
    private Clock clock = Clock.system();
    private RandomGenerator random = new Random();

    PipelineBuilder(String name) {
        this.name = Objects.requireNonNull(name, "name");
    }

    /** Adds a stage with a queue in memory. A stage that sends to one that was added before it sends backwards. */
    public <T> PipelineBuilder stage(StageName<T> stage, StageOptions options, StageFunction<T> function) {
        stages.add(new StageDefinition<>(stage, options, null, null, Objects.requireNonNull(function, "function")));
        return this;
    }

    /**
     * Adds a stage with a queue of its own, such as that of a broker. The pipeline closes the queue when it ends.
     *
     * @throws IllegalArgumentException if the options have a backlog: a queue that never waits needs none
     */
    public <T> PipelineBuilder stage(
            StageName<T> stage, StageOptions options, PipelineQueue<T> queue, StageFunction<T> function) {
        if (options.backlog() > 0) {
            throw new IllegalArgumentException("expected no backlog for " + stage
                    + ", which has a queue of its own, but was " + options.backlog()
                    + ": give it a queue that never waits for room, or remove the backlog");
        }
        Objects.requireNonNull(queue, "queue");
        stages.add(new StageDefinition<>(stage, options, queue, null, Objects.requireNonNull(function, "function")));
        return this;
    }

    /**
     * Receives dead letters as they occur, instead of keeping the first 1,000 for the result. The worker that gave the
     * item up calls it, several at a time; the item is done after that. If it throws, that is logged, at most twice at once and then once a minute.
     */
    public PipelineBuilder deadLetters(Consumer<? super DeadLetter<?>> receiver) {
        listener = Objects.requireNonNull(receiver, "receiver");
        return this;
    }

    /**
     * Runs the pipeline together with other processes, on queues that all of them share. Each process defines the same
     * stages. {@link Pipeline#join} returns in all of them when all work of all of them is done;
     * {@link Pipeline#noMoreInput} is for the process that has put the last input, and counts for all. The pipeline
     * closes the queues when it ends.
     */
    public PipelineBuilder on(SharedQueues queues) {
        shared = Objects.requireNonNull(queues, "queues");
        return this;
    }

    /** Times retries, held keys and ages by this clock instead of the system's. */
    public PipelineBuilder clock(Clock value) {
        clock = Objects.requireNonNull(value, "clock");
        return this;
    }

    /** Draws the pauses of retries from this generator. It is used by one thread at a time. */
    public PipelineBuilder random(RandomGenerator generator) {
        random = Objects.requireNonNull(generator, "generator");
        return this;
    }

    /**
     * Checks the stages, and starts their workers.
     *
     * @throws IllegalArgumentException if there is a cycle in which every queue is bounded and waits for room, if a stage
     *     sends to one that does not exist, if two have the same name, if there is none, or if one has a queue of its own
     *     and the pipeline is {@link #on} shared ones
     */
    public Pipeline start() {
        StageGraph graph = new StageGraph(stages);
        graph.requireNoDeadlock();
        SharedQueues queues = shared;
        List<StageDefinition<?>> definitions = queues == null ? List.copyOf(stages) : onShared(queues);
        Pipeline pipeline = new Pipeline(name, clock, new Jitter(random), new DeadLetters(listener, clock), queues);
        pipeline.start(definitions, graph);
        return pipeline;
    }

    private List<StageDefinition<?>> onShared(SharedQueues queues) {
        for (StageDefinition<?> stage : stages) {
            if (stage.queue() != null) {
                throw new IllegalArgumentException("expected no queue of its own for " + stage.name()
                        + ", because the pipeline runs on shared ones: remove it, or on");
            }
        }
        List<StageDefinition<?>> opened = new ArrayList<>();
        try {
            stages.forEach(stage -> opened.add(stage.on(queues, clock)));
        } finally {
            if (opened.size() < stages.size()) {
                queues.close();
            }
        }
        return opened;
    }
}
