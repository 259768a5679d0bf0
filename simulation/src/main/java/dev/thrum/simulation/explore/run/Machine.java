package dev.thrum.simulation.explore.run;

import dev.thrum.engine.spi.CustomScheduler;
import dev.thrum.simulation.code.VirtualTime;
import dev.thrum.simulation.explore.code.ExploredCode;
import dev.thrum.simulation.explore.code.Sites;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Runs a program again and again, each time under the schedule that a {@link Strategy} chooses: the scheduler of the program's
 * threads.
 *
 * <p>All threads are virtual and run on the thread that explores, one at a time. A thread that comes to a point says what its next
 * step is, and the next thread is chosen at once, on its own stack: if it is the same one, it goes on without a switch. A thread that
 * needs something which it can't have, such as a lock that is held, is not chosen; so it never waits inside the JDK, except for calls
 * that the explorer does not know.
 *
 * <p>All fields are owned by the thread that explores, and the virtual threads that it runs.
 */
// A thread or continuation is meant, not one that is equal to it.
@SuppressWarnings("ReferenceEquality")
public final class Machine implements Executor {
    /** The number of the thread that creates the program and checks its invariant. */
    private static final int OUTSIDE = RunThreads.MOST;

    /** The machine that is exploring now. Written under the lock of all explorations, in {@code Explorer}. */
    static volatile @Nullable Machine active;

    private final ExploredCode code;
    final Sites sites;
    final RunState state = new RunState();
    private final VirtualClock clock = new VirtualClock(this);
    private final Thread.Builder.OfVirtual builder;
    private final Thread owner = Thread.currentThread();
    private final Strategy strategy;
    private final int mostSteps;

    final RunThreads threads;
    private int depth;

    /** The numbers of the threads that took the steps. */
    private int[] trail = new int[64];

    private int runner;

    /** The thread that is running; null between two. */
    @Nullable
    ExploredThread running;

    private @Nullable ExploredThread next;

    /** Whether code of the program that is not explored has started a thread, and whether it is taken to start none. */
    private boolean startedQuietly;

    private boolean startsNone;
    boolean unwinding;
    private @Nullable ExploredThread starting;
    /** The threads that waited at the end of the run, as bits. */
    private long stuck;

    private boolean tooLong;
    private boolean givenUp;
    private boolean resubmitted;

    public Machine(ExploredCode code, Strategy strategy, int mostSteps, boolean anyTimeouts) {
        this.code = code;
        this.sites = code.sites();
        this.strategy = strategy;
        this.mostSteps = mostSteps;
        this.threads = new RunThreads(state, clock, anyTimeouts);
        this.builder = CustomScheduler.threads(this).inheritInheritableThreadLocals(false);
    }

    /** Makes this, or none, the machine whose threads come to points. */
    public static void activate(@Nullable Machine machine) {
        active = machine;
        VirtualTime.enterAll(machine == null ? null : machine.clock);
    }

    // What strategies ask.

    /** The steps that have been taken. */
    public int depth() {
        return depth;
    }

    /** The threads of this run, by number. */
    public ExploredThread thread(int number) {
        return threads.get(number);
    }

    public int threadCount() {
        return threads.count();
    }

    /** The thread that holds what another one waits for; null if none, or unknown. Only while tracing. */
    public @Nullable ExploredThread holder(ExploredThread waiting) {
        return switch (waiting.needed) {
            case Monitor monitor -> monitor.owner;
            case ExploredThread other -> other;
            case null, default -> waiting.object == null ? null : state.holders.get(waiting.object);
        };
    }

    /** Whether a thread has what its next step needs, so that it needs neither an interrupt nor the end of its time. */
    public boolean isMet(ExploredThread thread) {
        return threads.isMet(thread);
    }

    public Sites sites() {
        return sites;
    }

    /** Notes that a step is not what it was in an earlier run. */
    public void differs(int step, long before, long now, int site) {
        state.problem("expected the same steps under the same schedule but at step " + step
                + (before == now ? "" : " the threads that can go on are " + bits(now) + " and were " + bits(before))
                + (site < 0
                        ? ""
                        : ", where " + sites.get(site).place() + " "
                                + sites.get(site).operation() + " "
                                + sites.get(site).what() + " was next")
                + ": state has leaked from an earlier run. The usual causes are a static field that is written, a random"
                + " number, an identity hash, the time or the network");
    }

    private static String bits(long threads) {
        return BitSet.valueOf(new long[] {threads}).toString();
    }

    /** Whether a thread has timed out in the step that it takes now. */
    public boolean timesOut(ExploredThread thread) {
        return thread.deadline != ExploredThread.NEVER && !threads.isMet(thread);
    }

    /** The thread that took a step. */
    public int taken(int step) {
        return trail[step];
    }

    public boolean wasTooLong() {
        return tooLong;
    }

    public boolean wasGivenUp() {
        return givenUp;
    }

    public RunState state() {
        return state;
    }

    public VirtualClock clock() {
        return clock;
    }

    /** Whether a thread still waited when the run ended by itself. */
    public boolean stuck(ExploredThread thread) {
        return (stuck & 1L << thread.number) != 0;
    }

    // One run.

    /**
     * Runs the program once. Afterwards, {@link #thread} and {@link #stuck} tell how it has ended, what has happened is in
     * {@link #state}.
     */
    public void run(RunnableProgram program) {
        stuck = 0;
        reset();
        runQuietly(() -> program.create(this));
        if (state.problem == null && state.uncaught == null) {
            threads.actorsFirst();
            loop(choose());
            stuck = threads.notEnded();
            threads.failOnTimedWait(tooLong || givenUp);
            strategy.ended(this);
        }
        unwind();
    }

    /**
     * Runs code of the program that is not explored, without points: its constructor, its invariant. The first time on a virtual thread,
     * so that threads which it starts are scheduled here, and a wait is noticed. If it has started none, it runs on the
     * exploring thread from then on, which costs less.
     */
    public void runQuietly(Runnable code) {
        ExploredThread root = new ExploredThread(OUTSIDE, "program");
        root.quiet = 1;
        running = root;
        if (startsNone) {
            root.thread = owner;
            runHere(code);
        } else {
            starting = root;
            root.thread = builder.name(root.name).unstarted(code);
            root.thread.start();
            Objects.requireNonNull(root.continuation).run();
            if (root.thread.isAlive()) {
                state.problem(
                        "expected the constructor, actors() and invariant() not to wait but one of them waits, in "
                                + Stacks.topOf(root.thread));
                CustomScheduler.abandon(root.thread);
            }
        }
        running = null;
    }

    private static void runHere(Runnable code) {
        try {
            code.run();
        } catch (Unwind _) {
            // It has waited, which is noted.
        }
    }

    /** Says that neither the constructor nor the invariant starts threads, as far as is known. */
    public boolean startsNoThreads() {
        startsNone = !startedQuietly;
        return startsNone;
    }

    /** Adds an actor; called while the program is created. */
    public void addActor(String name, Runnable body) {
        ExploredThread thread = threads.add(name);
        thread.body = body;
        thread.actor = true;
        thread.next(null, 0, ExploredThread.LOCAL, -1);
    }

    private void reset() {
        threads.reset();
        depth = 0;
        runner = -1;
        running = null;
        next = null;
        unwinding = false;
        tooLong = false;
        givenUp = false;
        state.reset();
        clock.reset();
    }

    /** Adds a thread that begins when the clock has come so far. */
    ExploredThread addTimer(Object timer, long deadline, Runnable body) {
        ExploredThread thread = threads.add("timer");
        thread.body = body;
        thread.next(timer, -1, ExploredThread.WRITE, -1);
        thread.need = Need.TIME;
        thread.deadline = deadline;
        thread.cause = depth - 1;
        return thread;
    }

    private void loop(@Nullable ExploredThread first) {
        next = first;
        while (next != null) {
            ExploredThread thread = next;
            next = null;
            resume(thread);
            if (!thread.paused) {
                leftPoints(thread);
                next = choose();
            }
        }
        running = null;
    }

    private void resume(ExploredThread thread) {
        running = thread;
        thread.paused = false;
        thread.unparked = false;
        resubmitted = false;
        if (thread.continuation == null) {
            begin(thread);
        }
        Objects.requireNonNull(thread.continuation).run();
    }

    private void begin(ExploredThread thread) {
        Runnable body = Objects.requireNonNull(thread.body);
        starting = thread;
        thread.thread = builder.name(thread.name).unstarted(() -> Bodies.run(this, body));
        thread.thread.start();
    }

    /** A thread has ended, or waits inside the JDK. */
    private void leftPoints(ExploredThread thread) {
        Thread of = Objects.requireNonNull(thread.thread);
        if (!of.isAlive()) {
            threads.end(thread);
            return;
        }
        thread.need = Need.UNPARK;
        thread.flags |= ExploredThread.WRITE;
        thread.unparked = resubmitted;
        thread.deadline = ExploredThread.NEVER;
        Thread.State how = of.getState();
        thread.timedInJdk = how == Thread.State.TIMED_WAITING;
        if (how == Thread.State.BLOCKED) {
            state.problem("expected no thread to wait for a monitor inside the JDK but " + thread.name + " does, in "
                    + Stacks.topOf(of) + ": the explorer can't see who holds it");
        }
    }

    // Called by the running thread.

    /** The running thread, if the caller is it and its steps are points; null otherwise. */
    @Nullable
    ExploredThread self() {
        ExploredThread thread = running;
        if (thread == null || !thread.isCurrent()) {
            return foreign();
        }
        if (thread.quiet > 0) {
            return null;
        }
        return unwinding ? null : thread;
    }

    /** The running thread, also while its steps are no points; null if the caller is not it. */
    @Nullable
    ExploredThread runningThread() {
        ExploredThread thread = running;
        return thread == null || !thread.isCurrent() ? foreign() : thread;
    }

    private @Nullable ExploredThread foreign() {
        Thread caller = Thread.currentThread();
        // A thread that an earlier exploration could not schedule may still run.
        if (caller != owner && !unwinding && Stacks.isIn(code)) {
            state.problem(
                    "expected only threads that the explorer schedules to run the program but " + caller
                            + " does: start virtual threads, or pools with Executors.newFixedThreadPool or newCachedThreadPool");
        }
        return null;
    }

    /** The running thread has set its next step; returns when it is its turn. */
    void turn(ExploredThread thread) {
        ExploredThread chosen = choose();
        if (chosen == thread) {
            return;
        }
        next = chosen;
        pause(thread);
    }

    // Not a hint to the scheduler but the way to give it the thread: it is this class.
    @SuppressWarnings("ThreadPriorityCheck")
    private void pause(ExploredThread thread) {
        thread.paused = true;
        Thread.yield();
        if (running != thread || thread.paused) {
            throw state.problem("expected " + thread.name
                    + " to be able to stop here but its stack has a native method or a class initializer, in "
                    + Stacks.here());
        }
        if (unwinding) {
            throw Unwind.NOW;
        }
    }

    /** A thread that runs has not come to a point for so long that it never will. */
    void goesOnForEver(ExploredThread thread, int site) {
        if (unwinding) {
            throw Unwind.NOW;
        }
        tooLong = true;
        thread.next(null, 0, ExploredThread.LOCAL, site);
        next = null;
        pause(thread);
    }

    private @Nullable ExploredThread choose() {
        if (state.problem != null) {
            givenUp = true;
            return null;
        }
        long enabled = threads.enabled();
        while (enabled == 0) {
            if (!clock.moveOn()) {
                return null;
            }
            enabled = threads.enabled();
        }
        if (depth >= mostSteps) {
            tooLong = true;
            return null;
        }
        int number = strategy.choose(this, enabled, runner);
        if (number < 0) {
            givenUp = true;
            return null;
        }
        ExploredThread chosen = threads.get(number);
        if (runner >= 0 && runner != number && (enabled & 1L << runner) != 0) {
            state.preemptions++;
        }
        if (depth == trail.length) {
            trail = Arrays.copyOf(trail, 2 * depth);
        }
        trail[depth] = number;
        chosen.last = depth;
        chosen.cause = -1;
        chosen.barrier = 0;
        runner = number;
        depth++;
        return chosen;
    }

    // The scheduler of the virtual threads.

    /** Takes the continuation of a thread that was started, has yielded or was unparked. */
    @Override
    public void execute(Runnable continuation) {
        ExploredThread mine = running;
        if (starting != null) {
            starting.continuation = continuation;
            starting = null;
            return;
        }
        if (mine != null && mine.continuation == continuation) {
            resubmitted = true;
            return;
        }
        Thread caller = Thread.currentThread();
        if (caller != owner && (mine == null || mine.thread != caller)) {
            state.problem("expected only threads of the program to wake each other but " + caller
                    + " has: a timed wait or a monitor inside the JDK, or a thread that is not scheduled");
            return;
        }
        ExploredThread thread = threads.of(continuation);
        if (thread == null) {
            adopt(continuation);
        } else {
            thread.unparked = true;
            thread.cause = depth - 1;
        }
    }

    private void adopt(Runnable continuation) {
        if (unwinding) {
            return;
        }
        startedQuietly |= running != null && running.number == OUTSIDE;
        Optional<Thread> found = CustomScheduler.threadOf(continuation);
        ExploredThread thread = threads.add(found.map(Thread::getName).orElse(""));
        if (thread.name.isEmpty()) {
            thread.name = "thread " + thread.number;
        }
        thread.continuation = continuation;
        thread.thread = found.orElseThrow();
        thread.standsFor = state.standIns.remove(thread.thread);
        thread.next(null, 0, ExploredThread.LOCAL, -1);
        thread.cause = depth - 1;
        Bodies.watch(thread.thread, this);
    }

    // The end.

    /** A thread has ended with an exception. */
    void uncaught(Throwable failure) {
        if (!unwinding && state.uncaught == null) {
            state.uncaught = failure;
            state.thrower = running;
        }
    }

    private void unwind() {
        unwinding = true;
        for (int i = 0; i < threads.count(); i++) {
            ExploredThread thread = threads.get(i);
            Thread of = thread.thread;
            if (thread.ended || of == null) {
                continue;
            }
            for (int tries = 0; thread.paused && tries < 3; tries++) {
                resume(thread);
            }
            if (of.isAlive()) {
                CustomScheduler.abandon(of);
            }
        }
        running = null;
        unwinding = false;
    }
}
