package dev.thrum.measure.load;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import dev.thrum.measure.load.LoadResult.Costs;
import dev.thrum.measure.load.LoadResult.Counts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Whether the figures of a load are valid: whether the generator, and not the server, may have made them. */
public final class Verdict {
    private static final double LEAST_OF_RATE = 0.99;
    private static final double MILLI = 1e6;
    private static final double MOST_CPU = 0.8;
    private static final double MOST_ERRORS = 0.001;
    private static final double LITTLE = 0.05;
    private static final double MOST_STOLEN = 0.02;
    private static final double MOST_CPU_PRESSURE = 0.5;
    private static final double MOST_MEMORY_PRESSURE = 0.05;
    private static final double MOST_THROTTLED = 0.01;
    private static final double PERCENT = 100;

    private Verdict() {}

    /**
     * Why figures are invalid.
     *
     * @param name what was checked, in one word for programs
     * @param value what was measured
     * @param limit what it should have been at most, or at least
     * @param text a sentence with the remedy
     */
    public record Reason(String name, double value, double limit, String text) {
        @Override
        public String toString() {
            return text;
        }
    }

    /** Why the figures are invalid; nothing if they are valid. */
    public static List<Reason> reasons(LoadResult result) {
        List<Reason> reasons = new ArrayList<>();
        if (result.times().latency().getTotalCount() == 0) {
            reasons.add(new Reason(
                    "responses",
                    0,
                    1,
                    result.isStopped() && result.counts().due() == 0
                            ? "it was stopped before anything was measured"
                            : "no response was measured"));
        }
        rate(result, reasons);
        delay(result, reasons);
        cpu(result.costs(), reasons);
        connections(result, reasons);
        errors(result.counts(), reasons);
        little(result, reasons);
        machine(result.costs(), reasons);
        return List.copyOf(reasons);
    }

    private static void rate(LoadResult result, List<Reason> reasons) {
        double asked = result.plan().rate() * result.seconds();
        // The last request may be due at the very end.
        if (!result.plan().isClosed() && result.counts().sent() + 1 < LEAST_OF_RATE * asked) {
            reasons.add(new Reason(
                    "rate",
                    result.sentRate(),
                    LEAST_OF_RATE * result.plan().rate(),
                    text(
                            "%,.1f requests a second were sent but %,.1f were asked: all connections were busy, so ask"
                                    + " for more --connections or a lower --rate",
                            result.sentRate(), result.plan().rate())));
        }
    }

    private static void delay(LoadResult result, List<Reason> reasons) {
        double late = result.times().late(99);
        double limit = Math.max(MILLI, result.times().latency().getValueAtPercentile(50) / 10.0);
        if (late > limit) {
            reasons.add(new Reason(
                    "late",
                    late / MILLI,
                    limit / MILLI,
                    text(
                            "the generator was late: by %.2f ms or more for 1 %% of the requests, where %.2f ms is the"
                                    + " limit: give it a core of its own",
                            late / MILLI, limit / MILLI)));
        }
    }

    private static void cpu(Costs costs, List<Reason> reasons) {
        if (costs.core() > MOST_CPU) {
            reasons.add(new Reason(
                    "core",
                    costs.core(),
                    MOST_CPU,
                    text(
                            "the generator used %.0f %% of its core, where %.0f %% is the limit: ask for a lower rate"
                                    + " or more --threads, or run several on other machines",
                            costs.core() * PERCENT, MOST_CPU * PERCENT)));
        } else if (costs.cores() > MOST_CPU) {
            reasons.add(new Reason(
                    "cores",
                    costs.cores(),
                    MOST_CPU,
                    text(
                            "the generator used %.0f %% of all cores, where %.0f %% is the limit: run it on a larger"
                                    + " machine",
                            costs.cores() * PERCENT, MOST_CPU * PERCENT)));
        }
    }

    private static void connections(LoadResult result, List<Reason> reasons) {
        int asked = result.plan().connections();
        int least = result.connects().least();
        if (least < asked) {
            reasons.add(new Reason(
                    "connections",
                    least,
                    asked,
                    text(
                            "there were only %,d connections at times but %,d were asked: ask for fewer, or raise the"
                                    + " limits of the server and of this machine",
                            least, asked)));
        }
    }

    private static void errors(Counts counts, List<Reason> reasons) {
        long failed = counts.failed() + counts.timeouts();
        if (failed > MOST_ERRORS * Math.max(1, counts.due())) {
            reasons.add(new Reason(
                    "errors",
                    (double) failed / Math.max(1, counts.due()),
                    MOST_ERRORS,
                    text(
                            "%,d of %,d requests failed, where %.1f %% is the limit: see errors and timeouts",
                            failed, counts.due(), MOST_ERRORS * PERCENT)));
        }
    }

    private static void little(LoadResult result, List<Reason> reasons) {
        double counted = result.flight().counted();
        double expected = result.flight().expected();
        if (counted > 0 && Math.abs(counted - expected) > LITTLE * counted) {
            reasons.add(new Reason(
                    "little",
                    Math.abs(counted - expected) / counted,
                    LITTLE,
                    text(
                            "%,.2f requests were in flight on average but their rate times their mean latency is %,.2f"
                                    + " (Little's law): the load was not steady, so measure for longer or ask for a"
                                    + " lower rate",
                            counted, expected)));
        }
    }

    private static void machine(Costs costs, List<Reason> reasons) {
        if (costs.throttled() > MOST_THROTTLED) {
            reasons.add(
                    disturbed("throttled", "its CPU quota stopped this container", costs.throttled(), MOST_THROTTLED));
        }
        if (costs.stolen() > MOST_STOLEN) {
            reasons.add(disturbed("steal", "the hypervisor took CPU time (steal)", costs.stolen(), MOST_STOLEN));
        }
        if (costs.cpuPressure() > MOST_CPU_PRESSURE) {
            reasons.add(disturbed(
                    "cpu_pressure", "threads waited for a core (pressure)", costs.cpuPressure(), MOST_CPU_PRESSURE));
        }
        if (costs.memoryPressure() > MOST_MEMORY_PRESSURE) {
            reasons.add(disturbed(
                    "memory_pressure",
                    "threads waited for memory (pressure)",
                    costs.memoryPressure(),
                    MOST_MEMORY_PRESSURE));
        }
    }

    private static Reason disturbed(String name, String how, double share, double limit) {
        return new Reason(
                name,
                share,
                limit,
                text(
                        "the machine was disturbed: %s for %.0f %% of the time, where %.0f %% is the limit: run it on a"
                                + " quieter machine",
                        how, share * PERCENT, limit * PERCENT));
    }

    @FormatMethod
    private static String text(@FormatString String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
