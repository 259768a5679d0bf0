package dev.thrum.simulation;

import dev.thrum.engine.spi.RestPolicy;
import java.lang.reflect.Method;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/**
 * A scenario to be run under many seeds.
 *
 * <pre>{@code
 * Trial.of(MyScenario.class).withFaults(Faults.harmless()).check(1_000);
 * }</pre>
 *
 * <p>A failing seed is reported with the command that repeats it; the system property {@code thrum.seed} makes
 * {@link #check} run only that seed.
 */
public final class Trial {
    private static final int SHOWN_EVENTS = 40;

    private final Supplier<Scenario> scenario;
    private final Faults faults;
    private final RestPolicy resting;
    private final boolean keepsTrace;
    private final Set<String> tolerated;
    private final LongFunction<String> repeat;

    private Trial(Supplier<Scenario> scenario) {
        this(scenario, Faults.none(), RestPolicy.WHEN_IDLE, false, Set.of(), Trial::sameTest);
    }

    private Trial(
            Supplier<Scenario> scenario,
            Faults faults,
            RestPolicy resting,
            boolean keepsTrace,
            Set<String> tolerated,
            LongFunction<String> repeat) {
        this.scenario = scenario;
        this.faults = faults;
        this.resting = resting;
        this.keepsTrace = keepsTrace;
        this.tolerated = tolerated;
        this.repeat = repeat;
    }

    /**
     * A trial of a scenario class that is loaded again for each run. So the class and the code that it calls get the
     * simulation's time from the JDK, and no run finds values of another run in static fields; see
     * {@link SimulatedCode}. The class needs a constructor without parameters.
     */
    public static Trial of(Class<? extends Scenario> scenario) {
        return of(scenario, new String[0]);
    }

    /**
     * Like {@link #of(Class)}, with libraries that are loaded once for all runs, because they neither read the time
     * nor keep state of a run.
     *
     * @param shared prefixes of the names of their classes
     */
    public static Trial of(Class<? extends Scenario> scenario, String... shared) {
        SimulatedCode code = SimulatedCode.besides(scenario.getClassLoader(), shared);
        return new Trial(() -> code.again().instantiate(scenario, Scenario.class));
    }

    /**
     * A trial of a scenario object that is used for all runs: it must read the time from the engine's clock, and must
     * not keep state between runs; otherwise a failing seed can't be repeated separately.
     */
    public static Trial of(Scenario scenario) {
        return new Trial(() -> scenario);
    }

    /**
     * A trial of a method of a test class that is loaded again for each run, as in {@link #of(Class)}.
     *
     * @param test the class of the object that the method is called on; it is new in each run
     * @param setUp methods without parameters that are called on it before
     * @param scenario the method, which has one parameter: the {@link Simulation}
     * @param shared prefixes of the names of classes that are loaded once for all runs
     */
    public static Trial ofMethod(Class<?> test, List<Method> setUp, Method scenario, String... shared) {
        SimulatedCode code = SimulatedCode.besides(test.getClassLoader(), shared);
        return new Trial(() -> MethodScenario.load(code.again(), test, setUp, scenario));
    }

    private static String sameTest(long seed) {
        return "the same test with -Dthrum.seed=" + seed;
    }

    public Trial withFaults(Faults value) {
        return new Trial(scenario, value, resting, keepsTrace, tolerated, repeat);
    }

    /**
     * Decides when connections of exchange handlers rest: by chance, from the seed, or at once, after every wait.
     */
    public Trial withResting(RestPolicy value) {
        return new Trial(scenario, faults, value, keepsTrace, tolerated, repeat);
    }

    /** Keeps the whole trace in the report; otherwise only the last events are kept, for a failure. */
    public Trial withTrace() {
        return new Trial(scenario, faults, resting, true, tolerated, repeat);
    }

    /**
     * Lets a run continue when a handler, a timer's task or a thread throws one of these exceptions, or a subclass.
     * Every other exception fails the run, except a handler's {@link java.io.IOException}, because a client may
     * always disconnect.
     */
    @SafeVarargs
    public final Trial tolerating(Class<? extends Throwable>... failures) {
        Set<String> names = new HashSet<>();
        for (Class<? extends Throwable> failure : failures) {
            names.add(failure.getName());
        }
        return new Trial(scenario, faults, resting, keepsTrace, Set.copyOf(names), repeat);
    }

    /** Sets the command that repeats a failing seed, for the message. */
    public Trial withRepeat(LongFunction<String> command) {
        return new Trial(scenario, faults, resting, keepsTrace, tolerated, command);
    }

    /** Runs under the seeds 1 to {@code seeds}, or under the one of {@code -Dthrum.seed}; returns how many ran. */
    public int check(int seeds) {
        Long only = Long.getLong("thrum.seed");
        if (only != null) {
            run(only);
            return 1;
        }
        for (long seed = 1; seed <= seeds; seed++) {
            run(seed);
        }
        return seeds;
    }

    /**
     * Runs under one seed.
     *
     * @throws SimulationFailure if the scenario throws, if a handler, a timer's task or a thread that was started
     *     inside does, or if one of them waits for something that never happens
     */
    // Every failure of a run must be reported with its seed.
    @SuppressWarnings("CatchingUnchecked")
    public Report run(long seed) {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("expected a platform thread to run the simulation on but was called by "
                    + Thread.currentThread() + ": call it from the test's own thread");
        }
        Simulation world = new Simulation(seed, faults, resting, keepsTrace, tolerated);
        try {
            return world.run(scenario);
        } catch (Exception | Error e) {
            throw new SimulationFailure(
                    seed,
                    "seed " + seed + " fails: " + e + "\nrepeat it with: " + repeat.apply(seed) + "\nlast events:\n"
                            + world.traceTail(SHOWN_EVENTS),
                    e);
        }
    }
}
