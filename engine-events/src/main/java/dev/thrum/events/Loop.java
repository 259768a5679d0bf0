package dev.thrum.events;

import dev.thrum.base.Threads;
import dev.thrum.engine.spi.CustomScheduler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One event loop: a thread that waits for the kernel, and the scheduler of the virtual threads of its connections.
 *
 * <p>A turn of the loop asks the kernel what has happened, which makes virtual threads ready, and then runs those
 * that are. A virtual thread runs on the loop's own thread until it waits, so nothing is handed from thread to
 * thread.
 *
 * <p>Code that runs on the loop's thread outside of a virtual thread takes no lock that a handler could hold,
 * including those of loggers: that handler could be waiting for this loop.
 */
abstract sealed class Loop implements Executor permits NettyLoop, RingLoop {
    /** The number of tasks that run before the kernel is asked again. */
    private static final int BATCH = 1_024;

    /** The number of tasks that run before the kernel's next event is handled. */
    private static final int EVENT_BATCH = 16;

    /** How long a loop that ends waits for its connections to be closed, and how often. */
    private static final long CLOSING_WAIT_NANOS = 1_000_000;

    private static final int CLOSING_ROUNDS = 1_000;

    /** The pause after the kernel could not be asked: nothing else would slow the loop down. */
    private static final long FAILED_POLL_NANOS = 10_000_000;

    /** How long the closing thread waits for a loop. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Thread thread;
    private final Executor orphans;
    private final Reports reports;
    private final Optional<ThreadFactory> threads;
    private final LoopTimers timers;

    /** Tasks from other threads. */
    private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();

    /** The threads of the continuations, for the watchdog, which sees only the running task. */
    private final ConcurrentHashMap<Runnable, Thread> carried = new ConcurrentHashMap<>();

    private final AtomicInteger connections = new AtomicInteger();

    // All owned by the loop's thread, on which its virtual threads run too.
    private final Queue<Runnable> ready = new ArrayDeque<>();
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(Memory.SIZE);
    private final BufferPool buffers = new BufferPool();
    private final Set<LoopWire> leaving = new HashSet<>();
    private @Nullable CarriedTask starting;
    private boolean running;
    private boolean pollFails;

    /**
     * Set by the loop's thread. While it is true, a thread that adds to the inbox must wake the loop: whoever clears it does.
     */
    private final AtomicBoolean idle = new AtomicBoolean();

    private volatile boolean ended;

    // Set by the closing thread.
    private volatile boolean stopping;

    // Written by the loop's thread, opaquely: the running task, and the number of tasks begun.
    private final AtomicReference<@Nullable Runnable> current = new AtomicReference<>();
    private final AtomicLong steps = new AtomicLong();

    /** The number of waits for this loop that have begun; incremented by the waiting thread. */
    private final AtomicLong waits = new AtomicLong();

    // Set by the watchdog.
    private volatile @Nullable Kept kept;

    /**
     * A finding of the watchdog: this thread waits, pinned, in this step, after this number of waits had begun. It is
     * made on another thread, so it may be outdated when it is read.
     */
    private record Kept(Thread thread, long step, long waits) {}

    /**
     * Creates a loop, whose thread has yet to be started.
     *
     * @param maker makes the thread, from what it runs and its name
     * @param orphans runs the virtual threads that outlive the loop
     */
    Loop(
            String name,
            BiFunction<Runnable, String, Thread> maker,
            Executor orphans,
            Reports reports,
            LongSupplier nanoTime) {
        this.orphans = orphans;
        this.reports = reports;
        this.thread = maker.apply(this::run, name);
        thread.setDaemon(true);
        this.timers = new LoopTimers(this, nanoTime);
        this.threads = CustomScheduler.problem().isPresent()
                ? Optional.empty()
                : Optional.of(CustomScheduler.threads(this).name(name + "-", 1).factory());
    }

    // What differs between loops; called on the loop's thread.

    /** Opens what it needs in the kernel, before the first turn. If that fails, it stops the loop. */
    abstract void open();

    /** Asks the kernel for events, and handles them; waits for one if {@link #mayWait}, at most this long unless 0. */
    abstract void poll(long waitNanos) throws IOException;

    /** Ends the wait in {@link #poll}, from any thread. */
    abstract void wakeUp();

    /** Runs a task once, after a delay. */
    abstract Future<?> alarm(long delayNanos, Runnable task);

    /** Begins to close all connections. */
    abstract void closeConnections();

    /** Whether connections are still open in the kernel. */
    abstract boolean hasConnections();

    /** Closes what {@link #open} has opened. */
    abstract void shutDown();

    /** A direct buffer for one system call; for code on the loop's thread. */
    ByteBuffer scratch() {
        return scratch;
    }

    /**
     * Lends a buffer to a connection that does not wait; for code on the loop's thread. Null after the loop has
     * ended.
     */
    byte @Nullable [] borrow() {
        return ended ? null : buffers.take();
    }

    /** Whether its thread is about to end: tasks run on other threads. */
    boolean hasEnded() {
        return ended;
    }

    /** Takes a lent buffer back; for code on the loop's thread. */
    void giveBack(byte[] buffer) {
        // After the end, the loop's virtual threads run on several threads.
        if (!ended) {
            buffers.give(buffer);
        }
    }

    /** The connections that linger; for code on the loop's thread. */
    Set<LoopWire> leaving() {
        return leaving;
    }

    /** The number of connections that belong to this loop. */
    int connections() {
        return connections.get();
    }

    /** Adds to the number of connections: 1 for a new one, -1 for one that has ended. */
    void count(int difference) {
        connections.addAndGet(difference);
    }

    /** Runs a task on the loop's thread; after the loop has ended, on another. */
    @Override
    public void execute(Runnable task) {
        if (Thread.currentThread().equals(thread) && !ended) {
            CarriedTask begun = starting;
            if (begun != null) {
                starting = null;
                begun.carry(task);
            }
            ready.add(task);
            return;
        }
        inbox.add(task);
        if (ended) {
            rescue();
        } else if (idle.get() && idle.compareAndSet(true, false)) {
            wakeUp();
        }
    }

    /**
     * Runs a task on the loop's thread and waits for its result; throws what it throws. Not for the loop's own thread, which
     * would wait for itself; its virtual threads may call.
     */
    <T> T call(Callable<T> task) throws IOException {
        Thread caller = Thread.currentThread();
        FutureTask<T> result = new FutureTask<>(task) {
            @Override
            protected void done() {
                LockSupport.unpark(caller);
            }
        };
        beginWait();
        execute(result);
        while (!result.isDone()) {
            if (caller.isInterrupted()) {
                throw new ClosedByInterruptException();
            }
            if (isKeptBy(caller)) {
                throw OwnerWait.pinned();
            }
            LockSupport.park(this);
        }
        return switch (result.state()) {
            case SUCCESS -> result.resultNow();
            default -> throw failure(result.exceptionNow());
        };
    }

    private static IOException failure(Throwable cause) {
        return cause instanceof IOException exception
                ? exception
                : new IOException("expected the event loop to run a task but the task failed", cause);
    }

    /** Waits until all tasks submitted before have run; does not wait on the loop's own thread. */
    void await() {
        if (!Thread.currentThread().equals(thread)) {
            CompletableFuture.runAsync(() -> {}, this).join();
        }
    }

    /** The timers of this loop's connections. */
    LoopTimers timers() {
        return timers;
    }

    /** Runs a task on the loop's thread, soon; for virtual threads that run on it. */
    void soon(Runnable task) {
        if (ended) {
            execute(task);
        } else {
            ready.add(task);
        }
    }

    /**
     * Whether virtual threads can run on this loop; if not, they run on the JDK's scheduler, and every event is
     * handed over.
     */
    boolean carriesThreads() {
        return threads.isPresent();
    }

    /** Begins a conversation on this loop. */
    void converse(LoopWire wire, Runnable conversation, ThreadFactory handedOver) {
        execute(() -> begin(wire, new CarriedTask(carried, conversation), threads.orElse(handedOver)));
    }

    /** Runs a task on a virtual thread of this loop. */
    void aside(Runnable task, ThreadFactory handedOver) {
        threads.orElse(handedOver).newThread(task).start();
    }

    private void begin(LoopWire wire, CarriedTask conversation, ThreadFactory factory) {
        try {
            Thread owner = factory.newThread(conversation);
            conversation.runBy(owner);
            wire.begin(carriesThreads() ? owner : null);
            starting = carriesThreads() ? conversation : null;
            owner.start();
        } catch (RuntimeException | Error e) {
            // Out of memory, most likely. The conversation must still run; it finds its connection closed.
            starting = null;
            report("a conversation could not begin", e);
            wire.reset();
            orphans.execute(conversation.task());
        }
    }

    private void run() {
        open();
        while (!stopping) {
            turn(0);
        }
        end();
    }

    /** Runs one turn: waits at most this long for events and tasks, or without limit if it is 0, and runs them. */
    private void turn(long waitNanos) {
        try {
            poll(waitNanos);
            pollFails = false;
        } catch (IOException | RuntimeException | Error e) {
            if (!pollFails) {
                report("a loop could not ask the kernel, and tries again 100 times a second until it can", e);
            }
            pollFails = true;
            LockSupport.parkNanos(FAILED_POLL_NANOS);
        }
        takeIn();
        runReady(BATCH);
    }

    /** Whether nothing is to be done but to wait for events; from then on tasks wake the loop, until {@link #awake}. */
    final boolean fallsAsleep() {
        idle.set(true);
        return mayWait();
    }

    /** Whether a wait in {@link #poll} is allowed. */
    final boolean mayWait() {
        return !stopping && inbox.isEmpty() && ready.isEmpty();
    }

    /** The wait is over. */
    final void awake() {
        if (idle.getPlain()) {
            idle.set(false);
        }
    }

    /** Ends the loop, because it can't work; for code on its thread. */
    final void stop() {
        stopping = true;
    }

    /**
     * Runs the threads that one event has made ready, while its data are in the processor's cache; called by the
     * event's handler.
     */
    void afterEvent() {
        // What an event of a channel makes ready while a task runs waits until that task ends.
        if (!running) {
            runReady(EVENT_BATCH);
        }
    }

    private void runReady(int most) {
        running = true;
        awake();
        Runnable task = ready.poll();
        for (int left = most; task != null; task = --left > 0 ? ready.poll() : null) {
            run(task);
        }
        current.setOpaque(null);
        running = false;
    }

    /** Takes tasks from the inbox, so that they have their turn even while a yielding thread is always ready. */
    private void takeIn() {
        Runnable task = inbox.poll();
        for (int left = BATCH; task != null; task = --left > 0 ? inbox.poll() : null) {
            ready.add(task);
        }
    }

    /** Runs a task on the loop's thread, at once. */
    void run(Runnable task) {
        current.setOpaque(task);
        steps.setOpaque(steps.getPlain() + 1);
        try {
            task.run();
        } catch (Throwable e) {
            report("a task of a loop failed", e);
        }
    }

    /** Ends the loop: closes its connections, then leaves the remaining tasks to other threads. */
    private void end() {
        Set.copyOf(leaving).forEach(LoopWire::release);
        closeConnections();
        for (int i = 0; i < CLOSING_ROUNDS && hasConnections(); i++) {
            turn(CLOSING_WAIT_NANOS);
        }
        shutDown();
        ended = true;
        inbox.addAll(ready);
        ready.clear();
        rescue();
    }

    /**
     * Lets a virtual thread that outlives its loop run elsewhere: otherwise waking it would fail, and it would never
     * end.
     */
    private void rescue() {
        for (Runnable task = inbox.poll(); task != null; task = inbox.poll()) {
            orphans.execute(task);
        }
    }

    /** Reports to the log from the loop's thread. */
    void report(String text, Throwable cause) {
        try {
            reports.add(text, cause);
        } catch (RuntimeException | Error e) {
            // Out of memory, for example. The loop must survive a failure that can't be reported.
            cause.addSuppressed(e);
        }
    }

    /** Makes it end; any thread may call. */
    void close() {
        stopping = true;
        wakeUp();
    }

    /** Waits until its thread has ended, for a limited time: a handler that computes for ever would block it. */
    void join() {
        if (!Threads.joinUninterruptibly(thread, PATIENCE)) {
            report(
                    "a loop could not be ended and is abandoned",
                    new IllegalStateException(thread.getName() + " is blocked by a handler"));
        }
    }

    // For the watchdog.

    Thread platformThread() {
        return thread;
    }

    /** The running task; null if there is none. */
    @Nullable
    Runnable current() {
        return current.getOpaque();
    }

    /** The number of tasks that have begun. */
    long steps() {
        return steps.getOpaque();
    }

    /** The virtual thread of this continuation, if it belongs to a conversation. */
    Optional<Thread> threadOf(Runnable continuation) {
        return Optional.ofNullable(carried.get(continuation));
    }

    /** The number of waits for this loop that have begun. */
    long waits() {
        return waits.get();
    }

    /** Records that a thread begins to wait for this loop: findings about earlier waits do not apply to it. */
    void beginWait() {
        waits.getAndIncrement();
    }

    /** Whether this thread's current wait, pinned to the loop's thread, blocks the loop. */
    boolean isKeptBy(Thread waiting) {
        Kept found = kept;
        return found != null
                && waiting.equals(found.thread())
                && found.step() == steps()
                && found.waits() == waits.get();
    }

    /** Records that this thread was seen waiting in this step, after this number of waits had begun. */
    void keptBy(Thread waiting, long step, long count) {
        kept = new Kept(waiting, step, count);
    }

    /** Clears the finding. */
    void notKept() {
        kept = null;
    }
}
