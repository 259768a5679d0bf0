package dev.thrum.measure.compare;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What was asked for.
 *
 * @param workload the workload, or the class of the handler
 * @param mode {@code quick} or {@code full}
 * @param rounds the number of rounds that were planned
 * @param goal the goal for the latency
 * @param warmUpSeconds how long each server was warmed up
 * @param windowSeconds how long each load was measured
 * @param limits the limits that all servers had, by name
 * @param command the command line
 */
public record Setup(
        String workload,
        String mode,
        int rounds,
        Goal goal,
        double warmUpSeconds,
        double windowSeconds,
        Map<String, String> limits,
        String command) {
    public Setup {
        limits = Collections.unmodifiableMap(new LinkedHashMap<>(limits));
    }
}
