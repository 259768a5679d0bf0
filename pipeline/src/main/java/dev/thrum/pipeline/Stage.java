package dev.thrum.pipeline;

import dev.thrum.base.Clock;
import dev.thrum.base.FaultReports;
import dev.thrum.base.Threads;
import dev.thrum.pipeline.Intake.Found;
import dev.thrum.pipeline.PipelineQueue.Delivery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A stage of a running pipeline: its queues, what is set aside, and its workers. */
final class Stage<T> {
    private static final System.Logger LOG = System.getLogger(Pipeline.class.getName());

    /** How many items a worker takes at once, at most: enough for the lock of the queue to cost next to nothing. */
    private static final int MOST_CLAIMED = 32;

    private final StageDefinition<T> definition;
    private final Pipeline pipeline;
    private final PipelineQueue<T> input;

    /** What is sent backwards; null if that goes into the input. */
    private final @Nullable PipelineQueue<T> backlog;

    private final Intake<T> intake;
    private final FaultReports faults;
    private final ThreadFactory threads;
    private final List<StageWorker<T>> workers = new ArrayList<>();

    /** Where it sends to; set once, before the workers start. */
    private List<Exit<?>> exits = List.of();

    Stage(StageDefinition<T> definition, Pipeline pipeline) {
        StageOptions options = definition.options();
        Clock clock = pipeline.clock();
        PipelineQueue<T> own = definition.queue();
        this.definition = definition;
        this.pipeline = pipeline;
        this.input = own == null ? PipelineQueue.bounded(options.capacity(), clock) : own;
        this.backlog = definition.backlog() == null && options.backlog() > 0
                ? PipelineQueue.growing(options.backlog(), clock)
                : definition.backlog();
        this.faults = new FaultReports(LOG, clock);
        this.intake = new Intake<>(options.capacity(), options.perKey(), clock);
        String prefix = pipeline.name() + "-" + definition.name() + "-";
        this.threads = options.isVirtual() ? Thread.ofVirtual().name(prefix, 1).factory() : Threads.daemons(prefix);
        int claimed = Math.clamp(options.capacity() / (2L * options.workers()), 1, MOST_CLAIMED);
        for (int i = 0; i < options.workers(); i++) {
            workers.add(new StageWorker<>(this, intake, claimed));
        }
    }

    /** Connects the stage, before it starts. */
    void connect(List<Exit<?>> ways) {
        exits = List.copyOf(ways);
        input.listen(intake::call);
        if (backlog != null) {
            backlog.listen(intake::call);
        }
    }

    /** The way from another stage to this one. */
    Exit<T> entrance(boolean isBackwards) {
        PipelineQueue<T> queue = isBackwards && backlog != null ? backlog : input;
        return new Exit<>(name(), queue, pipeline::isStopping, pipeline::handBack);
    }

    void start() {
        workers.forEach(worker -> worker.thread().start());
    }

    StageName<T> name() {
        return definition.name();
    }

    PipelineQueue<T> input() {
        return input;
    }

    StageFunction<T> function() {
        return definition.function();
    }

    boolean limitsKeys() {
        return definition.options().perKey() > 0;
    }

    boolean isStopping() {
        return pipeline.isStopping();
    }

    Ledger.Account account() {
        return pipeline.account();
    }

    Thread newThread(Runnable body) {
        return threads.newThread(body);
    }

    Stream<Thread> threads() {
        return workers.stream().map(StageWorker::thread);
    }

    /**
     * The way to a stage.
     *
     * @throws IllegalStateException if the stage was not configured to send there
     */
    @SuppressWarnings("unchecked") // Equal names have the same type.
    <U> Exit<U> exit(StageName<U> to) {
        for (Exit<?> exit : exits) {
            if (exit.to().equals(to)) {
                return (Exit<U>) exit;
            }
        }
        throw new IllegalStateException("expected " + name() + " to send only where its options say but it sends to "
                + to + ": add StageOptions.sendsTo(" + to + ")");
    }

    /** Takes items from the queues, those sent backwards first; returns how many there were. */
    int poll(int most, List<Delivery<T>> to) {
        int number = backlog == null ? 0 : backlog.poll(most, to::add);
        return number < most ? number + pollInput(most - number, to) : number;
    }

    /** A queue that breaks its contract must not end a worker. What it had delivered before counts. */
    private int pollInput(int most, List<Delivery<T>> to) {
        int before = to.size();
        try {
            return input.poll(most, to::add);
        } catch (RuntimeException e) {
            faults.failed("the queue of stage " + name() + " has failed to deliver, and is asked again", e);
            return to.size() - before;
        }
    }

    /** Takes an item from another worker's batch. */
    Found takeFromOthers(StageWorker<T> taker) {
        for (StageWorker<T> worker : workers) {
            Batch<T> batch = worker.batch();
            Delivery<T> taken = batch.take();
            if (taken != null) {
                taker.adopt(taken);
                return batch.size() > 0 ? Found.SEVERAL : Found.ONE;
            }
        }
        return Found.NOTHING;
    }

    /** The pause before the next attempt; null if there is none. */
    @Nullable
    Duration pauseAfter(int attempt, Throwable failure) {
        RetryPolicy policy = definition.options().retry();
        return switch (failure) {
            case RetryAfterException after
            when attempt < policy.attempts() ->
                after.pause().plus(pipeline.jitter().pause(policy, attempt));
            case Exception exception
            when allows(policy, attempt, exception) -> pipeline.jitter().pause(policy, attempt);
            default -> null;
        };
    }

    /** A policy that fails must not end a worker. */
    private static boolean allows(RetryPolicy policy, int attempt, Exception failure) {
        try {
            return policy.allows(attempt, failure);
        } catch (RuntimeException | Error broken) {
            failure.addSuppressed(broken);
            return false;
        }
    }

    /** Makes an item a dead letter; false if it couldn't be kept, so that the item must not be acknowledged. */
    boolean bury(Pending<T> item, Throwable failure) {
        DeadLetter<T> letter = new DeadLetter<>(name(), item.delivery().item(), item.attempts(), failure);
        SharedQueues shared = pipeline.shared();
        if (shared != null && !keep(shared, letter)) {
            return false;
        }
        pipeline.deadLetters().add(letter);
        return true;
    }

    private boolean keep(SharedQueues shared, DeadLetter<T> letter) {
        try {
            shared.keep(letter);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            faults.failed(
                    "a dead letter of stage " + name() + " can't be kept, so its item will be delivered again", e);
        }
        return false;
    }

    /**
     * Acknowledges an item. A backlog is in memory, where there is nothing to acknowledge. If a queue fails to note it, it
     * delivers the item again one day, which its contract permits.
     */
    void acknowledge(Delivery<T> delivery) {
        try {
            input.done(delivery);
        } catch (RuntimeException e) {
            faults.failed(
                    "the queue of stage " + name() + " has failed to acknowledge "
                            + delivery.item().id(),
                    e);
        }
    }

    void pause() {
        intake.pause();
    }

    void resume() {
        intake.resume();
    }

    /** Lets nothing begin any more, and ends the workers. */
    void stop() {
        intake.stop();
    }

    /** Lets nobody wait for room any more. */
    void stopDeliveries() {
        if (backlog != null) {
            backlog.stopDelivering();
        }
        try {
            input.stopDelivering();
        } catch (RuntimeException e) {
            faults.failed("the queue of stage " + name() + " can't be stopped", e);
        }
    }

    /** Lets nobody put any more. A queue of a broker may take its time for that. */
    void closeQueues() {
        if (backlog != null) {
            backlog.close();
        }
        try {
            input.close();
        } catch (RuntimeException e) {
            faults.failed("the queue of stage " + name() + " can't be closed", e);
        }
    }

    /** Passes on what is not done, when the workers have ended or are given up. */
    void forEachUnfinished(Consumer<? super Waiting<?>> action) {
        for (StageWorker<T> worker : workers) {
            handBack(worker.current(), action);
            Batch<T> batch = worker.batch();
            for (Delivery<T> left = batch.take(); left != null; left = batch.take()) {
                handBack(left, action);
            }
        }
        if (input.isDurable()) {
            return;
        }
        intake.setAside()
                .forEach(item ->
                        action.accept(new Waiting<>(name(), item.delivery().item(), item.attempts())));
        List<Delivery<T>> left = new ArrayList<>();
        int _ = poll(Integer.MAX_VALUE, left);
        left.forEach(delivery -> handBack(delivery, action));
    }

    private void handBack(@Nullable Delivery<T> delivery, Consumer<? super Waiting<?>> action) {
        if (delivery != null && !input.isDurable()) {
            action.accept(new Waiting<>(name(), delivery.item(), 0));
        }
    }

    StageProgress progress() {
        List<Pending<T>> aside = intake.setAside();
        List<Delivery<T>> running = new ArrayList<>();
        Stream.Builder<Delivery<T>> oldest = Stream.builder();
        long waiting = input.size();
        input.peek().ifPresent(oldest);
        if (backlog != null) {
            waiting += backlog.size();
            backlog.peek().ifPresent(oldest);
        }
        for (StageWorker<T> worker : workers) {
            Delivery<T> current = worker.current();
            Delivery<T> next = worker.batch().peek();
            waiting += worker.batch().size();
            if (current != null) {
                running.add(current);
            }
            if (next != null) {
                oldest.add(next);
            }
        }
        Stream<Delivery<T>> all = Stream.of(
                        oldest.build(), running.stream(), aside.stream().map(Pending::delivery))
                .flatMap(deliveries -> deliveries);
        return new StageProgress(
                name().name(),
                waiting,
                aside.size(),
                running.size(),
                workers.stream().mapToLong(StageWorker::done).sum(),
                workers.stream().mapToLong(StageWorker::failed).sum(),
                workers.stream().mapToLong(StageWorker::retried).sum(),
                age(all));
    }

    private Duration age(Stream<Delivery<T>> deliveries) {
        long now = pipeline.clock().nanoTime();
        return Duration.ofNanos(deliveries
                .mapToLong(delivery -> Math.max(0, now - delivery.since()))
                .max()
                .orElse(0));
    }
}
