package dev.thrum.measure.compare.run;

import dev.thrum.measure.compare.Goal;
import dev.thrum.measure.compare.HighestRate;
import dev.thrum.measure.compare.HighestRate.Attempt;
import dev.thrum.measure.compare.LoadPoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Looks for the highest rate at which an arm meets the goal, by halving the interval between a rate that meets it and one that
 * doesn't. The first rate that can't be met is what a closed loop reaches.
 */
final class RateSearch {
    /** The first rate that is tried, as a share of the saturation. */
    private static final double FIRST = 0.8;

    /** If no rate has met the goal, further ones are tried until they are this small a share of the saturation. */
    private static final double LEAST = 1.0 / 256;

    private final Goal goal;
    private final int connections;
    private final int attempts;

    /**
     * What is wrong with a load on a busy machine, and can't make a latency look shorter than it is: what met the goal in spite of
     * that, meets it.
     */
    private static final Set<String> HARMLESS =
            Set.of("late", "core", "cores", "little", "steal", "throttled", "cpu_pressure", "memory_pressure");

    /** Loads a server. */
    @FunctionalInterface
    interface Loader {
        ArmGenerator.Loaded load(LoadPoint point) throws IOException, InterruptedException;
    }

    RateSearch(Goal goal, int connections, int attempts) {
        this.goal = goal;
        this.connections = connections;
        this.attempts = attempts;
    }

    HighestRate run(String arm, double saturation, Loader loader) throws IOException, InterruptedException {
        List<Attempt> tried = new ArrayList<>();
        double met = 0;
        double missed = saturation;
        double rate = FIRST * saturation;
        while (tried.size() < attempts || (met == 0 && rate > LEAST * saturation)) {
            if (rate < 1) {
                break;
            }
            Attempt attempt = attempt(rate, loader);
            tried.add(attempt);
            if (attempt.isMet()) {
                met = rate;
            } else {
                missed = rate;
            }
            rate = (met + missed) / 2;
        }
        return new HighestRate(arm, met, tried);
    }

    private Attempt attempt(double rate, Loader loader) throws IOException, InterruptedException {
        ArmGenerator.Loaded loaded = loader.load(new LoadPoint("attempt", rate, connections, false));
        // Without a response there is no latency; the longest time that fits a figure stands for it.
        double millis = loaded.reading().figures().getOrDefault(goal.figure(), Double.MAX_VALUE);
        boolean isSound = loaded.answer().invalid().stream().allMatch(reason -> HARMLESS.contains(reason.name()));
        return new Attempt(rate, millis, millis <= goal.millis() && isSound);
    }
}
