package dev.thrum.simulation.explore;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The result of an exploration.
 *
 * @param search how it went through the schedules
 * @param schedules how many complete schedules ran
 * @param redundant how many runs were begun and given up, because what they would show had been seen
 * @param steps the steps of all runs
 * @param exhausted whether nothing is left: all schedules, or all within {@code bound}
 * @param bound the most preemptions of a schedule up to which all ran; -1 if the search has no such bound
 * @param findings what is wrong, one for each kind and message
 * @param outcomes how many complete schedules have led to each outcome
 * @param notSeen what this exploration can't see, and which waits or calls it has not controlled; one line each
 * @param trace what happens in the schedule that was replayed, step by step, whether anything is wrong or not; empty after a search
 */
public record ExplorationReport(
        Search search,
        long schedules,
        long redundant,
        long steps,
        boolean exhausted,
        int bound,
        List<Finding> findings,
        Map<String, Long> outcomes,
        List<String> notSeen,
        List<Finding.Step> trace) {
    public ExplorationReport {
        findings = List.copyOf(findings);
        outcomes = Map.copyOf(outcomes);
        notSeen = List.copyOf(notSeen);
        trace = List.copyOf(trace);
    }

    @Override
    public String toString() {
        return text(Finding::call);
    }

    /** The same, with another way to replay a schedule. */
    String text(UnaryOperator<String> repeat) {
        StringBuilder text = new StringBuilder();
        for (Finding finding : findings) {
            text.append(finding.text(repeat)).append('\n');
        }
        text.append(findings.isEmpty() ? "nothing found" : findings.size() + " found")
                .append(" in ");
        text.append(schedules).append(" schedules, ").append(extent()).append("; ");
        text.append(redundant).append(" redundant runs, ").append(steps).append(" steps. Not seen:");
        notSeen.forEach(line -> text.append("\n  ").append(line));
        return text.toString();
    }

    private String extent() {
        if (bound >= 0) {
            return "all with at most " + bound + " preemptions";
        }
        return switch (search.kind()) {
            case SYSTEMATIC, SLEEP_SETS -> exhausted ? "all that can differ" : "not all that can differ";
            case PLAIN -> exhausted ? "all" : "not all";
            case BOUNDED -> "not all without a preemption";
            case RANDOM -> "at random, from seed " + search.seed();
        };
    }
}
