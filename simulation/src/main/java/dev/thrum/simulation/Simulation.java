package dev.thrum.simulation;

import dev.thrum.base.Clock;
import dev.thrum.engine.Engine;
import dev.thrum.engine.spi.RestPolicy;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * A simulated world: an engine over an in-memory network, one scheduler and a virtual clock, all determined by one
 * seed.
 *
 * <p>A {@link Scenario} receives it and runs inside it; {@link Trial} runs scenarios. All code inside runs on virtual
 * threads of this world, one at a time, so scenarios need no locks.
 */
public final class Simulation {
    private final long seed;
    private final Scheduler scheduler;
    private final SimulatedThreads threads;
    private final Trace trace;
    private final RandomGenerator random;
    private final Engine engine;
    private final SimulatedNames names = new SimulatedNames();

    /** Owned by the simulation's thread. */
    private final List<Task<?>> tasks = new ArrayList<>();

    Simulation(long seed, Faults faults, RestPolicy resting, boolean wholeTrace, Set<String> tolerated) {
        Mishaps mishaps = new Mishaps(tolerated);
        SplittableRandom source = new SplittableRandom(seed);
        this.seed = seed;
        this.scheduler = new Scheduler(source.split(), mishaps);
        this.threads = new SimulatedThreads(scheduler);
        this.trace = new Trace(scheduler, wholeTrace);
        RandomGenerator links = source.split();
        this.random = source.split();
        SimulatedRests rests = new SimulatedRests(source.split(), resting == RestPolicy.AT_ONCE);
        SimulatedNetwork network = new SimulatedNetwork(scheduler, links, faults, trace, rests);
        this.engine = new Engine(new SimulatedBackend(scheduler, network, threads, mishaps, names));
    }

    /** The engine {@code simulation}, which listens and connects inside this world. */
    public Engine engine() {
        return engine;
    }

    /** The virtual clock. */
    public Clock clock() {
        return scheduler;
    }

    /** A source of random numbers that depend only on the seed. */
    public RandomGenerator random() {
        return random;
    }

    public long seed() {
        return seed;
    }

    /**
     * Replaces the look-up of host names when the engine connects. The function returns the addresses of a host, none if it
     * is unknown; it runs on a thread of this world, so it may also wait. The network is one machine whatever the address.
     * Without this call every name is a name of this machine, except for those in {@code .invalid}.
     */
    public void names(Function<String, List<InetAddress>> resolver) {
        names.resolver(resolver);
    }

    /** Starts a thread of this world. If it throws and is never joined, the run fails. */
    public <T> Task<T> fork(String name, Callable<T> body) {
        Task<T> task = new Task<>();
        tasks.add(task);
        threads.start(name, () -> complete(task.result, body));
        return task;
    }

    /** Adds a line to the trace of this run. */
    public void note(String event) {
        trace.add(event);
    }

    /** A thread that was started by {@link #fork}. */
    public static final class Task<T> {
        private final CompletableFuture<T> result = new CompletableFuture<>();
        private boolean joined;

        private Task() {}

        /** Waits for its result, or throws its exception. */
        public T join() throws Exception {
            joined = true;
            try {
                return result.join();
            } catch (CompletionException e) {
                if (e.getCause() instanceof Exception exception) {
                    throw exception;
                }
                throw e;
            }
        }

        public boolean isDone() {
            return result.isDone();
        }
    }

    // A scenario is foreign code and may throw anything; every exception becomes the result.
    @SuppressWarnings("CatchingUnchecked")
    private static <T> void complete(CompletableFuture<T> result, Callable<T> body) {
        try {
            result.complete(body.call());
        } catch (Exception | Error e) {
            result.completeExceptionally(e);
        }
    }

    /**
     * Makes a scenario and runs it to its end, on the calling platform thread. It is made inside, so that its fields
     * get the time and the threads of this world, too.
     */
    Report run(Supplier<Scenario> scenario) throws Exception {
        scheduler.enter();
        try {
            Task<Boolean> root = fork("scenario", () -> {
                scenario.get().run(this);
                return true;
            });
            failIfStuck(scheduler.runUntil(root::isDone));
            root.join();
            fork("close", () -> {
                engine.close();
                return true;
            });
            failIfStuck(scheduler.runUntil(threads::allEnded));
            for (Task<?> task : tasks) {
                if (!task.joined) {
                    task.join();
                }
            }
            return new Report(seed, scheduler.nanoTime(), trace.events(), trace.checksum(), trace.text());
        } finally {
            scheduler.leave();
        }
    }

    private void failIfStuck(boolean went) {
        if (!went) {
            throw new IllegalStateException(
                    "every thread waits for something that never comes:\n" + threads.describe());
        }
    }

    String traceTail(int lines) {
        return trace.tail(lines);
    }
}
