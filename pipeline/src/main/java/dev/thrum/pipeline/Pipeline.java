package dev.thrum.pipeline;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.base.Clock;
import dev.thrum.base.Deadline;
import dev.thrum.base.DurationText;
import dev.thrum.work.QueueClosedException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Stages joined by queues: each stage has workers that take items from its queue, run its function on them, and send any
 * number of items to other stages.
 *
 * <pre>{@code
 * Pipeline pipeline = Pipeline.named("mine")
 *         .stage(FETCH, StageOptions.workers(16).virtual().perKey(8).sendsTo(PARSE), (url, run) -> ...)
 *         .stage(PARSE, StageOptions.workers(2), (page, run) -> ...)
 *         .start();
 * try (pipeline) {
 *     pipeline.put(FETCH, Item.of("1", "example.com", url));
 *     pipeline.noMoreInput();
 *     PipelineResult result = pipeline.join();
 * }
 * }</pre>
 *
 * <p><b>Back pressure.</b> Queues are bounded; whoever puts into a full one waits. So the slowest stage sets the speed, and
 * {@link #put} waits, too. {@link PipelineBuilder#start} refuses stages that could deadlock on their bounds.
 *
 * <p><b>Failures.</b> An item whose function throws is tried again as its {@link RetryPolicy} says, and then becomes a
 * {@link DeadLetter}. It waits without holding a worker. An {@link Error} and an interrupt are not retried. The pipeline
 * goes on in any case.
 *
 * <p><b>The end</b> is exact: after {@link #noMoreInput}, the pipeline ends when nothing waits, nothing runs, and nothing is
 * to be retried, at the moment when the last item is done. An item is registered before it is put into a queue, and its
 * parent is done only after that, so there is no time when work exists and is not counted.
 *
 * <p><b>At least once.</b> An item whose attempt failed has perhaps already sent others, and sends them again; a queue that
 * outlives the process may deliver an item twice. Effects should be the same the second time; the {@link Item#id} is the
 * same.
 *
 * <p>All methods may be called by any thread. Functions of the stages send with {@link StageRun#emit}, and must not call
 * {@code put}, {@code join} or {@code stop}, which would wait for themselves. Virtual workers run on the scheduler of the
 * thread that starts the pipeline: start it outside of connection handlers.
 */
public final class Pipeline implements AutoCloseable {

    /** The states of a pipeline; it only moves down this list, and may skip one. */
    private enum State {
        RUNNING,
        /** No item begins any more; those that run may end. */
        STOPPING,
        /** Nothing is left to do, or what is left is handed back. */
        ENDED
    }

    private static final System.Logger LOG = System.getLogger(Pipeline.class.getName());

    /** The time that an interrupted function gets to end before it is reported as hung. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final String name;
    private final Clock clock;
    private final Jitter jitter;
    private final DeadLetters deadLetters;
    private final Ledger ledger;

    /** The queues that it shares with other processes, which then say when all is done; null if it has its own. */
    private final @Nullable SharedQueues shared;

    private final AtomicBoolean inputOpen = new AtomicBoolean(true);

    /** Set once, before the workers start. */
    private Map<StageName<?>, Stage<?>> stages = Map.of();

    /** The threads of all stages; set with them. */
    private Set<Thread> workers = Set.of();

    /** May be held while the lock of an {@link Intake} or of a queue is taken. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition hasEnded = lock.newCondition();

    /** Written under the lock. */
    private volatile State state = State.RUNNING;

    /** What running items have sent while the pipeline stopped. */
    private final ConcurrentLinkedQueue<Waiting<?>> late = new ConcurrentLinkedQueue<>();

    @GuardedBy("lock")
    private List<Waiting<?>> handedBack = List.of();

    /** Whether the end was found, rather than brought about. Written under the lock. */
    private volatile boolean complete;

    Pipeline(String name, Clock clock, Jitter jitter, DeadLetters deadLetters, @Nullable SharedQueues shared) {
        this.name = name;
        this.clock = clock;
        this.jitter = jitter;
        this.deadLetters = deadLetters;
        this.shared = shared;
        this.ledger = shared == null ? new Ledger(this::finish) : Ledger.ofShared();
    }

    /** Begins the definition of a pipeline. Its threads are called {@code name-stage-1} and so on. */
    public static PipelineBuilder named(String name) {
        return new PipelineBuilder(name);
    }

    void start(List<StageDefinition<?>> definitions, StageGraph graph) {
        Map<StageName<?>, Stage<?>> made = new LinkedHashMap<>();
        definitions.forEach(definition -> made.put(definition.name(), new Stage<>(definition, this)));
        stages = made;
        workers = threads().collect(Collectors.toUnmodifiableSet());
        for (StageDefinition<?> from : definitions) {
            List<Exit<?>> exits = new ArrayList<>();
            from.options()
                    .sendsTo()
                    .forEach(to -> exits.add(
                            Objects.requireNonNull(made.get(to)).entrance(graph.isBackwards(from.name(), to))));
            Objects.requireNonNull(made.get(from.name())).connect(exits);
        }
        made.values().forEach(stage -> ledger.register(stage.input().size()));
        boolean started = false;
        try {
            made.values().forEach(Stage::start);
            if (shared != null) {
                shared.begin(this::finish);
            }
            started = true;
        } finally {
            if (!started) {
                close();
            }
        }
    }

    /**
     * Puts an item into the queue of a stage; waits while it is full.
     *
     * @throws IllegalArgumentException if there is no such stage
     * @throws IllegalStateException after {@link #noMoreInput}, or if a function of this pipeline calls it
     * @throws dev.thrum.work.QueueClosedException if the pipeline is stopped, before or meanwhile; the item was not added
     */
    public <T> void put(StageName<T> to, Item<T> item) throws InterruptedException {
        PipelineQueue<T> queue = stage(to).input();
        requireOutside("put", "send with StageRun.emit");
        if (state != State.RUNNING && shared != null) {
            throw new QueueClosedException("the pipeline " + name + " has ended or was stopped");
        }
        if (!inputOpen.get() || (shared != null && shared.isInputClosed()) || !ledger.register(1)) {
            throw new IllegalStateException("expected input before noMoreInput but " + item.id()
                    + " came after it: call noMoreInput when everything is put");
        }
        boolean isIn = false;
        try {
            queue.put(item);
            isIn = true;
        } finally {
            if (!isIn) {
                ledger.settle(1);
            }
        }
    }

    /**
     * Declares that nothing is put from outside any more, so that the pipeline can end. On {@linkplain PipelineBuilder#on
     * shared queues} it counts for all processes: the one that has put the last input calls it. Idempotent.
     */
    public void noMoreInput() {
        if (inputOpen.getAndSet(false)) {
            if (shared != null) {
                shared.noMoreInput();
            }
            ledger.settle(1);
        }
    }

    /**
     * Waits for the end: until everything is done after {@link #noMoreInput}, or until the pipeline was stopped.
     *
     * @throws IllegalStateException if a function of this pipeline calls it
     */
    public PipelineResult join() throws InterruptedException {
        requireOutside("join", "return, so that the item is done");
        lock.lockInterruptibly();
        try {
            while (state != State.ENDED) {
                hasEnded.await();
            }
        } finally {
            lock.unlock();
        }
        return result();
    }

    /** Waits for the end, at most this long. Empty if the pipeline has not ended by then. */
    public Optional<PipelineResult> join(Duration patience) throws InterruptedException {
        requireOutside("join", "return, so that the item is done");
        return awaitEnd(Deadline.in(patience, clock)) ? Optional.of(result()) : Optional.empty();
    }

    private boolean awaitEnd(Deadline deadline) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (state != State.ENDED && deadline.nanosLeft() > 0) {
                deadline.await(hasEnded);
            }
            return state == State.ENDED;
        } finally {
            lock.unlock();
        }
    }

    /** When the end is found, workers still have to notice it; there is nothing left for them to do. */
    private PipelineResult result() throws InterruptedException {
        boolean _ = awaitWorkers(Deadline.in(GRACE, clock));
        long unfinished = ledger.open() - (inputOpen.get() ? 1 : 0);
        return new PipelineResult(complete || unfinished == 0, progress(), deadLetters.kept(), deadLetters.count());
    }

    /** Lets no item begin until {@link #resume}. Running ones go on, and retries become due, but don't begin. */
    public void pause() {
        lock.lock();
        try {
            stages.values().forEach(Stage::pause);
        } finally {
            lock.unlock();
        }
    }

    /** Lets items begin again after {@link #pause}. */
    public void resume() {
        lock.lock();
        try {
            stages.values().forEach(Stage::resume);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Stops the pipeline: no item begins any more, those that run may end within this time, and are interrupted after it.
     * What they send meanwhile waits nowhere, and is handed back with everything else that is not done.
     *
     * <p>Items of a queue that is {@linkplain PipelineQueue#isDurable durable} are not handed back: it delivers them
     * again when it is opened again.
     *
     * @return the items that are not done, stage by stage; the same ones if it is called again. An item whose function
     *     ignores the interrupt for a second is among them, and may be done nevertheless
     * @throws InterruptedException if interrupted while it waits; the pipeline has stopped at once, as by {@link #close}
     * @throws IllegalStateException if a function of this pipeline calls it
     */
    public List<Waiting<?>> stop(Duration patience) throws InterruptedException {
        requireOutside("stop", "stop it from another thread");
        if (beginStop()) {
            boolean ended = false;
            try {
                ended = awaitWorkers(Deadline.in(patience, clock));
            } finally {
                endStop(ended);
            }
        } else {
            boolean _ = awaitEnd(Deadline.in(patience.plus(GRACE), clock));
        }
        return handedBack();
    }

    /**
     * Stops at once: what runs is interrupted, and gets one second to end. No effect if the pipeline has ended. Idempotent.
     * A function may close its own pipeline: close neither waits for it nor interrupts it.
     */
    @Override
    public void close() {
        if (beginStop()) {
            endStop(false);
        } else if (state == State.STOPPING) {
            interruptWorkers();
        }
    }

    /** The items that a stop has handed back; none before. */
    private List<Waiting<?>> handedBack() {
        lock.lock();
        try {
            return handedBack;
        } finally {
            lock.unlock();
        }
    }

    private boolean beginStop() {
        lock.lock();
        try {
            if (state != State.RUNNING) {
                return false;
            }
            state = State.STOPPING;
            stages.values().forEach(Stage::stop);
        } finally {
            lock.unlock();
        }
        stages.values().forEach(Stage::stopDeliveries);
        return true;
    }

    private void endStop(boolean workersHaveEnded) {
        if (!workersHaveEnded) {
            interruptWorkers();
            try {
                reportHung(awaitWorkers(Deadline.in(GRACE, clock)));
            } catch (InterruptedException interrupt) {
                Thread.currentThread().interrupt();
            }
        }
        try {
            closeQueues();
        } finally {
            ended();
        }
    }

    private void ended() {
        lock.lock();
        try {
            List<Waiting<?>> left = new ArrayList<>();
            stages.values().forEach(stage -> stage.forEachUnfinished(left::add));
            left.addAll(late);
            handedBack = List.copyOf(left);
            state = State.ENDED;
            hasEnded.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void closeQueues() {
        stages.values().forEach(Stage::closeQueues);
        if (shared != null) {
            shared.close();
        }
    }

    /** Called by the thread that settles the last item, or by the shared queues. */
    private void finish() {
        lock.lock();
        try {
            if (state != State.RUNNING) {
                return;
            }
            state = State.ENDED;
            complete = true;
            stages.values().forEach(Stage::stop);
            hasEnded.signalAll();
        } finally {
            lock.unlock();
        }
        closeQueues();
    }

    private void interruptWorkers() {
        threads().filter(thread -> !thread.equals(Thread.currentThread())).forEach(Thread::interrupt);
    }

    private boolean awaitWorkers(Deadline deadline) throws InterruptedException {
        boolean ended = true;
        for (Thread thread : threads().filter(Pipeline::hasBegun).toList()) {
            ended &= thread.equals(Thread.currentThread()) || deadline.join(thread);
        }
        return ended;
    }

    /** A thread that the system had no room for can't be waited for. */
    private static boolean hasBegun(Thread thread) {
        return thread.getState() != Thread.State.NEW;
    }

    private void reportHung(boolean ended) {
        if (!ended) {
            LOG.log(
                    Level.WARNING,
                    "Pipeline {0}: expected its functions to end within {1} of the interrupt but these threads go on: {2}",
                    name,
                    DurationText.of(GRACE),
                    threads().filter(Thread::isAlive).map(Thread::getName).toList());
        }
    }

    /** How far each stage is, in the order of definition. */
    public List<StageProgress> progress() {
        return stages.values().stream().<StageProgress>map(Stage::progress).toList();
    }

    @Override
    public String toString() {
        return "Pipeline[" + name + ", " + state + ", " + stages.keySet() + "]";
    }

    private Stream<Thread> threads() {
        return stages.values().stream().flatMap(Stage::threads);
    }

    private void requireOutside(String call, String remedy) {
        if (workers.contains(Thread.currentThread())) {
            throw new IllegalStateException("expected " + call + " to be called outside of pipeline " + name
                    + " but a function of one of its stages calls it, which would wait for itself: " + remedy);
        }
    }

    @SuppressWarnings("unchecked") // Equal names have the same type.
    private <T> Stage<T> stage(StageName<T> stageName) {
        Stage<?> stage = stages.get(stageName);
        if (stage == null) {
            throw new IllegalArgumentException(
                    "expected a stage of pipeline " + name + ", one of " + stages.keySet() + ", but was " + stageName);
        }
        return (Stage<T>) stage;
    }

    String name() {
        return name;
    }

    Clock clock() {
        return clock;
    }

    Jitter jitter() {
        return jitter;
    }

    DeadLetters deadLetters() {
        return deadLetters;
    }

    @Nullable
    SharedQueues shared() {
        return shared;
    }

    Ledger.Account account() {
        return ledger.account();
    }

    boolean isStopping() {
        return state == State.STOPPING;
    }

    /** Keeps an item that was sent while the pipeline stopped. */
    void handBack(Waiting<?> item) {
        late.add(item);
    }
}
