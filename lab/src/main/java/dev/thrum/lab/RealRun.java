package dev.thrum.lab;

import dev.thrum.base.Clock;
import dev.thrum.lab.picture.Caption;
import dev.thrum.lab.picture.Stuck;
import dev.thrum.lab.scenario.LabScenario;
import dev.thrum.lab.scenario.LabScenario.Variant;
import dev.thrum.simulation.explore.Program;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Runs scenarios on real threads. A run never hangs: it is ended when its threads wait for ever, and at a time limit.
 *
 * <p>The threads of a round are in one thread group, with those that the program starts itself, so programs may start platform
 * threads only. A thread that waits in {@code Lock.lock} can't be ended: it stays, as a daemon.
 */
public final class RealRun {
    private static final long CHECK_MILLIS = 20;
    private static final int MOST_SPINS = 10_000;

    private final LabScenario scenario;
    private final Variant variant;
    private final Duration limit;
    private final Clock clock = Clock.system();

    /**
     * A run of this variant.
     *
     * @param limit how long a round may take
     */
    public RealRun(LabScenario scenario, Variant variant, Duration limit) {
        this.scenario = scenario;
        this.variant = variant;
        this.limit = limit;
    }

    /**
     * Runs it, in as many rounds as the variant says, until its hazard shows.
     *
     * @throws InterruptedException if the calling thread is interrupted
     */
    public RealResult run() throws InterruptedException {
        long begin = clock.nanoTime();
        int round = 1;
        RealResult.Round last = round();
        while (last.kind() == RealResult.Kind.RIGHT && round < variant.rounds() && !isLate(begin)) {
            round++;
            last = round();
        }
        return new RealResult(last, round, Duration.ofNanos(clock.nanoTime() - begin));
    }

    private boolean isLate(long begin) {
        return clock.nanoTime() - begin > limit.toNanos();
    }

    private RealResult.Round round() throws InterruptedException {
        Group group = new Group();
        Program program = create(group);
        List<Thread> actors = actors(group, program);
        StuckCheck stuck = new StuckCheck(group, program);
        try {
            actors.forEach(Thread::start);
            group.begin.countDown();
            long begin = clock.nanoTime();
            while (!hasEnded(group)) {
                List<Stuck> waiting = stuck.check();
                if (!waiting.isEmpty()) {
                    return RealResult.Round.stuck(waiting);
                }
                if (isLate(begin)) {
                    return RealResult.Round.endless();
                }
            }
            return ended(group, program);
        } finally {
            group.interrupt();
        }
    }

    /** Waits a little for the end of all threads of a round; returns whether they have ended. */
    private static boolean hasEnded(Group group) throws InterruptedException {
        if (!group.actors.await(CHECK_MILLIS, TimeUnit.MILLISECONDS)) {
            return false;
        }
        for (Thread thread : group.threads()) {
            thread.join(CHECK_MILLIS);
            if (thread.isAlive()) {
                return false;
            }
        }
        return true;
    }

    // The program is one that is wrong on purpose, so anything may be thrown.
    @SuppressWarnings("CatchingUnchecked")
    private static RealResult.Round ended(Group group, Program program) {
        Throwable failure = group.failure.get();
        try {
            if (failure == null) {
                program.invariant();
            }
        } catch (Exception | AssertionError e) {
            failure = e;
        }
        return failure == null
                ? RealResult.Round.right(program.outcome())
                : RealResult.Round.wrong(program.outcome(), String.valueOf(failure.getMessage()));
    }

    private List<Thread> actors(Group group, Program program) {
        List<Program.Actor> actors = program.actors();
        group.actors = new CountDownLatch(actors.size());
        group.left.set(actors.size());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < actors.size(); i++) {
            Program.Actor actor = actors.get(i);
            Thread thread = new Thread(group, () -> act(group, actor), Caption.nameOf(scenario.threads(), i));
            thread.setDaemon(true);
            threads.add(thread);
        }
        return threads;
    }

    // The program is one that is wrong on purpose, so anything may be thrown.
    @SuppressWarnings("CatchingUnchecked")
    private static void act(Group group, Program.Actor actor) {
        try {
            group.begin.await();
            group.awaitOthers();
            actor.run();
        } catch (Exception | AssertionError e) {
            group.failure.compareAndSet(null, e);
        } finally {
            group.actors.countDown();
        }
    }

    /** Creates the program on a thread of the group, because pools remember the group that they were created in. */
    private Program create(Group group) throws InterruptedException {
        AtomicReference<@Nullable Program> made = new AtomicReference<>();
        Thread maker = new Thread(group, () -> made.set(create(variant)), "lab-maker");
        maker.start();
        maker.join();
        Program program = made.get();
        if (program == null) {
            throw new IllegalStateException("expected to create " + variant.program(), group.failure.get());
        }
        return program;
    }

    private static Program create(Variant variant) {
        Class<?>[] types =
                Collections.nCopies(variant.large().size(), int.class).toArray(Class<?>[]::new);
        try {
            Constructor<? extends Program> constructor = variant.program().getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(variant.large().toArray());
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(String.valueOf(e.getCause()), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "expected a constructor for " + variant.large().size() + " numbers", e);
        }
    }

    /** The threads of a round. */
    static final class Group extends ThreadGroup {
        private final CountDownLatch begin = new CountDownLatch(1);
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

        /** The actors that don't run yet. */
        private final AtomicInteger left = new AtomicInteger();

        /** The actors that have not ended; set before they start. */
        private CountDownLatch actors = new CountDownLatch(0);

        Group() {
            super("lab");
        }

        @Override
        public void uncaughtException(Thread thread, Throwable thrown) {
            failure.compareAndSet(null, thrown);
        }

        /** Spins until all actors run, so that they do so at the same time, but not for long: there may be more than processors. */
        void awaitOthers() {
            left.decrementAndGet();
            for (int spins = 0; spins < MOST_SPINS && left.get() > 0; spins++) {
                Thread.onSpinWait();
            }
        }

        /** Those that have started and not ended. */
        List<Thread> threads() {
            Thread[] found = new Thread[activeCount() + 10];
            return List.of(Arrays.copyOf(found, enumerate(found)));
        }
    }
}
