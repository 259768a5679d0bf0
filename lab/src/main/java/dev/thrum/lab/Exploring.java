package dev.thrum.lab;

import dev.thrum.lab.picture.Caption;
import dev.thrum.lab.picture.Picture;
import dev.thrum.lab.scenario.LabScenario;
import dev.thrum.lab.scenario.LabScenario.Variant;
import dev.thrum.simulation.explore.ExplorationReport;
import dev.thrum.simulation.explore.Explorer;
import dev.thrum.simulation.explore.Finding;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;

/** Runs scenarios under the explorer. The calling thread must be a platform thread; the JVM needs the flag of the explorer. */
public final class Exploring {
    /** More than any scenario needs: one that has more steps goes on for ever. */
    private static final int MOST_STEPS = 100;

    /** A search that has not ended by then never would: threads that give way to each other have endless schedules. */
    private static final long MOST_SCHEDULES = 5_000;

    private static final int MOST_FINDINGS = 100;
    private static final Duration MOST_TIME = Duration.ofMinutes(1);

    private Exploring() {}

    /** A picture of a schedule that fails, or if none does, of the one that was repeated, or of one that shows how threads wait. */
    public static Picture draw(LabScenario scenario, Variant variant, ExplorationReport report) {
        Caption caption = Captions.of(scenario, variant, report.trace().isEmpty() ? extent(report) : "");
        return shortest(report)
                .map(finding -> Picture.of(finding, caption))
                .orElseGet(() -> Picture.ofSteps(
                        report.trace().isEmpty() ? sample(variant).trace() : report.trace(), caption));
    }

    /** Runs one schedule of a variant. */
    public static ExplorationReport sample(Variant variant) {
        return explorer(variant).sample();
    }

    /** How much was searched, such as {@code 4 schedules of at most 100 steps, all that can differ}. */
    public static String extent(ExplorationReport report) {
        return "%,d %s of at most %d steps, %s"
                .formatted(
                        report.schedules(),
                        report.schedules() == 1 ? "schedule" : "schedules",
                        MOST_STEPS,
                        report.exhausted() ? "all that can differ" : "not all that can differ");
    }

    private static Explorer explorer(Variant variant) {
        return Explorer.of(variant.program(), variant.small().toArray()).withSteps(MOST_STEPS);
    }

    /** Searches all schedules of a variant that can differ, also after one has failed, up to 5,000. */
    public static ExplorationReport explore(Variant variant) {
        return explorer(variant)
                .withFindings(MOST_FINDINGS)
                .withBudget(MOST_SCHEDULES, MOST_TIME)
                .explore();
    }

    /** The finding with the fewest preemptions, and of those with the fewest steps. */
    public static Optional<Finding> shortest(ExplorationReport report) {
        return report.findings().stream()
                .min(Comparator.comparingInt(Finding::preemptions)
                        .thenComparingInt(finding -> finding.steps().size()));
    }

    /** Runs a variant once, on the virtual clock; returns its own description of the end. */
    public static String onVirtualClock(Variant variant) {
        ExplorationReport report = explorer(variant).withBudget(1, MOST_TIME).explore();
        return report.outcomes().keySet().iterator().next();
    }

    /**
     * Repeats a schedule of a variant.
     *
     * @throws IllegalArgumentException if it is not one of this variant
     */
    public static ExplorationReport replay(Variant variant, String schedule) {
        return explorer(variant).replay(schedule);
    }
}
