package dev.thrum.simulation;

import java.util.HashSet;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/**
 * A scenario to be tried under seeds.
 *
 * <pre>{@code
 * Trial.of(MyScenario.class).withFaults(Faults.harmless()).check(1_000);
 * }</pre>
 *
 * <p>A failing seed is reported with the command that repeats it; the system property {@code thrum.seed} makes
 * {@link #check} run that seed alone.
 */
public final class Trial {
    private static final int SHOWN_EVENTS = 40;

    private final Supplier<Scenario> scenario;
    private final Faults faults;
    private final boolean keepsTrace;
    private final Set<String> tolerated;
    private final LongFunction<String> repeat;

    private Trial(
            Supplier<Scenario> scenario,
            Faults faults,
            boolean keepsTrace,
            Set<String> tolerated,
            LongFunction<String> repeat) {
        this.scenario = scenario;
        this.faults = faults;
        this.keepsTrace = keepsTrace;
        this.tolerated = tolerated;
        this.repeat = repeat;
    }

    /**
     * A trial of a scenario class, loaded anew for each run, so that the time it and the code it calls ask the JDK for is
     * the simulation's, and so that no run finds in a static field what another left there; see {@link SimulatedCode}.
     * The class needs a constructor without parameters.
     */
    public static Trial of(Class<? extends Scenario> scenario) {
        return of(scenario, new String[0]);
    }

    /**
     * The same, with libraries that are loaded once for all runs, because they neither ask for the time nor remember what
     * a run did.
     *
     * @param shared prefixes of the names of their classes
     */
    public static Trial of(Class<? extends Scenario> scenario, String... shared) {
        SimulatedCode code = SimulatedCode.besides(scenario.getClassLoader(), shared);
        return new Trial(
                () -> code.again().instantiate(scenario, Scenario.class),
                Faults.none(),
                false,
                Set.of(),
                Trial::sameTest);
    }

    /**
     * A trial of a scenario as it is, the same object for each run: it must ask the engine's clock for the time, and must
     * not carry state from one run into the next, or a failing seed can't be repeated alone.
     */
    public static Trial of(Scenario scenario) {
        return new Trial(() -> scenario, Faults.none(), false, Set.of(), Trial::sameTest);
    }

    private static String sameTest(long seed) {
        return "the same test with -Dthrum.seed=" + seed;
    }

    public Trial withFaults(Faults value) {
        return new Trial(scenario, value, keepsTrace, tolerated, repeat);
    }

    /** Keeps the whole trace in the report; without, the last events only are kept, for a failure. */
    public Trial withTrace() {
        return new Trial(scenario, faults, true, tolerated, repeat);
    }

    /**
     * Goes on where a handler, a timer's task or a thread throws one of these, or a subclass. Without, whatever they throw
     * fails the run, but for a handler's {@link java.io.IOException}: its client may always go away.
     */
    @SafeVarargs
    public final Trial tolerating(Class<? extends Throwable>... failures) {
        Set<String> names = new HashSet<>();
        for (Class<? extends Throwable> failure : failures) {
            names.add(failure.getName());
        }
        return new Trial(scenario, faults, keepsTrace, Set.copyOf(names), repeat);
    }

    /** How a failing seed is repeated, for the message. */
    public Trial withRepeat(LongFunction<String> command) {
        return new Trial(scenario, faults, keepsTrace, tolerated, command);
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
     * @throws SimulationFailure if the scenario throws, if a handler, a timer's task or a thread that was started inside does,
     *     or if one of them waits for what never comes
     */
    // Whatever ends a run must be reported with its seed.
    @SuppressWarnings("CatchingUnchecked")
    public Report run(long seed) {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("expected a platform thread to run the simulation on but was called by "
                    + Thread.currentThread() + ": call it from the test's own thread");
        }
        Simulation world = new Simulation(seed, faults, keepsTrace, tolerated);
        try {
            return world.run(scenario.get());
        } catch (Exception | Error e) {
            throw new SimulationFailure(
                    seed,
                    "seed " + seed + " fails: " + e + "\nrepeat it with: " + repeat.apply(seed) + "\nlast events:\n"
                            + world.traceTail(SHOWN_EVENTS),
                    e);
        }
    }
}
