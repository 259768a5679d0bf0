package dev.thrum.measure.load;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.HdrHistogram.Histogram;

/**
 * What a load has measured.
 *
 * @param plan what was asked
 * @param nanos the length of the window that was measured, which is shorter than planned if the load was stopped
 * @param isStopped whether it was stopped before its end
 * @param times how long requests took
 * @param counts what became of them
 * @param connects the connections
 * @param flight the requests in flight
 * @param costs what else happened on this machine
 */
public record LoadResult(
        LoadPlan plan,
        long nanos,
        boolean isStopped,
        Times times,
        Counts counts,
        Connects connects,
        Flight flight,
        Costs costs) {
    private static final double NANOS = 1e9;

    /**
     * How long requests took, in nanoseconds. Requests without a response in time are in the first two, with at least their
     * timeout.
     *
     * @param latency from the instant at which a request was due to the end of its response
     * @param service from the first byte sent to the end of the response
     * @param notice how late the generator noticed that a request was due
     * @param delay how late it was with sending a request, although a connection was free, and with reading its response
     */
    public record Times(Histogram latency, Histogram service, Histogram notice, Histogram delay) {
        /** The times of these together. */
        static Times together(List<Times> parts) {
            return new Times(
                    sum(parts, Times::latency),
                    sum(parts, Times::service),
                    sum(parts, Times::notice),
                    sum(parts, Times::delay));
        }

        private static Histogram sum(List<Times> parts, Function<Times, Histogram> which) {
            Histogram all = which.apply(parts.getFirst()).copy();
            parts.subList(1, parts.size()).forEach(part -> all.add(which.apply(part)));
            return all;
        }

        /** How late the generator itself was, at most, with this percentage of the requests, in nanoseconds. */
        public long late(double percentage) {
            return Math.max(notice.getValueAtPercentile(percentage), delay.getValueAtPercentile(percentage));
        }
    }

    /**
     * The requests that were due in the window.
     *
     * @param due all of them
     * @param sent those whose first byte was sent in the window, also if they were due earlier
     * @param answered those with a response that is no error
     * @param timeouts those that were sent and had no response in time
     * @param unsent those for which no connection was free until the end
     * @param errors the others, by what was wrong
     */
    public record Counts(long due, long sent, long answered, long timeouts, long unsent, Map<String, Long> errors) {
        public Counts {
            errors = Collections.unmodifiableMap(new TreeMap<>(errors));
        }

        /** The counts of these together. */
        static Counts together(List<Counts> parts) {
            Map<String, Long> errors = new TreeMap<>();
            parts.forEach(part -> part.errors.forEach((kind, count) -> errors.merge(kind, count, Long::sum)));
            return new Counts(
                    parts.stream().mapToLong(Counts::due).sum(),
                    parts.stream().mapToLong(Counts::sent).sum(),
                    parts.stream().mapToLong(Counts::answered).sum(),
                    parts.stream().mapToLong(Counts::timeouts).sum(),
                    parts.stream().mapToLong(Counts::unsent).sum(),
                    errors);
        }

        /** The number of errors of all kinds. */
        public long failed() {
            return errors.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /**
     * The connections.
     *
     * @param least the least number of them that was there in the window
     * @param opened how often one was opened, before the window too
     * @param failed how often one could not be opened, by the reason
     */
    public record Connects(int least, long opened, Map<String, Long> failed) {
        public Connects {
            failed = Collections.unmodifiableMap(new TreeMap<>(failed));
        }

        /** The connections of these together. */
        static Connects together(List<Connects> parts) {
            Map<String, Long> failed = new TreeMap<>();
            parts.forEach(part -> part.failed.forEach((why, count) -> failed.merge(why, count, Long::sum)));
            return new Connects(
                    parts.stream().mapToInt(Connects::least).sum(),
                    parts.stream().mapToLong(Connects::opened).sum(),
                    failed);
        }
    }

    /**
     * The mean number of requests that were due and not over.
     *
     * @param counted by counting them
     * @param expected by Little's law: their rate times their mean latency, errors included
     */
    public record Flight(double counted, double expected) {}

    /**
     * What else happened on this machine, as shares of the window's time.
     *
     * @param cpu the CPU time of the generator's process, in seconds
     * @param core the share of its thread, of one core; of the busiest one, if there are several
     * @param cores that of its process, of all cores
     * @param stolen what a hypervisor took, of all cores
     * @param cpuPressure some thread of this machine waited for a core
     * @param memoryPressure some thread of this machine waited for memory
     * @param throttled the control group was not allowed to run
     */
    public record Costs(
            double cpu,
            double core,
            double cores,
            double stolen,
            double cpuPressure,
            double memoryPressure,
            double throttled) {
        private static final double MICROS_PER_NANO = 1e3;

        /** All zero for a window that was stopped before it began: nothing is a share of no time. */
        static Costs of(Usage used, long nanos, int processors) {
            if (nanos <= 0) {
                return new Costs(0, 0, 0, 0, 0, 0, 0);
            }
            double time = nanos;
            return new Costs(
                    used.process() / NANOS,
                    used.thread() / time,
                    used.process() / time / processors,
                    used.stolen() / (double) Math.max(1, used.ticks()),
                    used.cpuPressure() * MICROS_PER_NANO / time,
                    used.memoryPressure() * MICROS_PER_NANO / time,
                    used.throttled() * MICROS_PER_NANO / time);
        }
    }

    /** The result of several threads that have run the parts of a plan at the same time. */
    static LoadResult together(LoadPlan plan, List<LoadResult> parts) {
        LoadResult first = parts.getFirst();
        Costs costs = parts.stream()
                .map(LoadResult::costs)
                .max(Comparator.comparingDouble(Costs::core))
                .orElseThrow();
        return new LoadResult(
                plan,
                first.nanos,
                parts.stream().anyMatch(LoadResult::isStopped),
                Times.together(parts.stream().map(LoadResult::times).toList()),
                Counts.together(parts.stream().map(LoadResult::counts).toList()),
                Connects.together(parts.stream().map(LoadResult::connects).toList()),
                new Flight(
                        parts.stream().mapToDouble(part -> part.flight.counted).sum(),
                        parts.stream().mapToDouble(part -> part.flight.expected).sum()),
                costs);
    }

    /** The length of the window in seconds. */
    public double seconds() {
        return nanos / NANOS;
    }

    /** Requests sent per second. */
    public double sentRate() {
        return nanos == 0 ? 0 : counts.sent / seconds();
    }
}
