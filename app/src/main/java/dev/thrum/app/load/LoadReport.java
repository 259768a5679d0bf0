package dev.thrum.app.load;

import dev.thrum.base.DurationText;
import dev.thrum.base.JsonLine;
import dev.thrum.base.Plural;
import dev.thrum.base.Printable;
import dev.thrum.measure.load.LoadPlan;
import dev.thrum.measure.load.LoadProgress;
import dev.thrum.measure.load.LoadResult;
import dev.thrum.measure.load.LoadResult.Counts;
import dev.thrum.measure.load.Verdict.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/**
 * The figures of a load for people and programs.
 *
 * @param target what was loaded
 * @param result what was measured
 * @param reasons why the figures are invalid; none if they are valid
 */
record LoadReport(String target, LoadResult result, List<Reason> reasons) {
    /** What a closed loop is called, wherever its figures are shown. */
    static final String SATURATION = "saturation: not what users would feel";

    private static final double MILLI = 1e6;
    private static final double PERCENT = 100;
    private static final double LARGEST = 100;
    private static final List<String> NAMES = List.of("p50", "p90", "p99", "p99.9", "max");

    /** A longer wait than this, and than a tenth of the service time, needs an explanation. In nanoseconds. */
    private static final long NOTICEABLE = 100_000;

    LoadReport {
        reasons = List.copyOf(reasons);
    }

    /** The report for people. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        LoadPlan plan = result.plan();
        lines.add(Printable.of(target) + ": "
                + (plan.isClosed()
                        ? "closed loop, " + SATURATION
                        : number(plan.rate()) + " requests a second on a schedule (open loop)"));
        lines.add(Plural.of(plan.connections(), "connection")
                + (plan.threads() == 1 ? "" : " of " + plan.threads() + " threads") + ", measured for "
                + DurationText.of(Duration.ofMillis(Math.round(result.seconds() * 1_000))) + " after "
                + DurationText.of(plan.ramp().plus(plan.warmup())) + " of ramp and warm-up"
                + (result.isStopped() ? ", stopped" : ""));
        lines.add("");
        lines.add(String.format(Locale.ROOT, "%-10s %14s %14s", "", "latency", "service time"));
        for (String name : NAMES) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%-10s %14s %14s",
                    name,
                    shown(value(result.times().latency(), name)),
                    shown(value(result.times().service(), name))));
        }
        lines.add(explanation());
        lines.add("");
        counts(lines);
        lines.add(String.format(
                Locale.ROOT,
                "generator  %.0f %% of %s, late by %s (p50) and %s (p99); %,.2f requests in flight on average",
                result.costs().core() * PERCENT,
                plan.threads() == 1 ? "its core" : "a core for its busiest thread",
                millis(result.times().late(50)),
                millis(result.times().late(99)),
                result.flight().counted()));
        reasons.forEach(reason -> lines.add("INVALID    " + reason.text()));
        return List.copyOf(lines);
    }

    private void counts(List<String> lines) {
        Counts counts = result.counts();
        lines.add(String.format(
                Locale.ROOT,
                "requests   %,d due, %,d sent (%s a second), %,d answered%s",
                counts.due(),
                counts.sent(),
                number(result.sentRate()),
                counts.answered(),
                counts.unsent() == 0 ? "" : String.format(Locale.ROOT, ", %,d never sent", counts.unsent())));
        lines.add(String.format(Locale.ROOT, "errors     %,d%s", counts.failed(), kinds(counts.errors())));
        lines.add(String.format(
                Locale.ROOT,
                "timeouts   %,d%s",
                counts.timeouts(),
                counts.timeouts() == 0 ? "" : ", in the figures above with at least their timeout"));
        Map<String, Long> failed = result.connects().failed();
        lines.add(String.format(
                Locale.ROOT,
                "connects   %,d, %,d failed%s",
                result.connects().opened(),
                failed.values().stream().mapToLong(Long::longValue).sum(),
                kinds(failed)));
    }

    private static String kinds(Map<String, Long> kinds) {
        return kinds.isEmpty()
                ? ""
                : kinds.entrySet().stream()
                        .map(each -> String.format(Locale.ROOT, "%s %,d", each.getKey(), each.getValue()))
                        .collect(Collectors.joining(", ", ": ", ""));
    }

    /** One sentence on why the two columns differ, or don't. */
    private String explanation() {
        if (result.plan().isClosed()) {
            return "Each connection waits for its response before it sends again, so while the server stalls nothing is"
                    + " measured.";
        }
        long latency = value(result.times().latency(), "p99");
        long service = value(result.times().service(), "p99");
        String meaning = "Latency counts from when a request was due, service time from its first byte: ";
        long rest = latency - service;
        if (rest <= Math.max(NOTICEABLE, service / 10)) {
            return meaning + "requests were sent when they were due.";
        }
        return meaning
                + (result.times().late(99) > rest / 2
                        ? "the rest is the delay of the generator itself."
                        : "the rest is the wait for a free connection.");
    }

    /** The report for programs. Times are in milliseconds. */
    JsonLine json() {
        LoadPlan plan = result.plan();
        Counts counts = result.counts();
        JsonLine json = new JsonLine()
                .with("target", target)
                .with("loop", plan.isClosed() ? "closed" : "open")
                .withAny("label", plan.isClosed() ? SATURATION : null)
                .with("valid", reasons.isEmpty())
                .withObjects("invalid", reasons.stream().map(LoadReport::json).toList())
                .with("stopped", result.isStopped())
                .with("connections", plan.connections())
                .with("seconds", result.seconds())
                .with("rate_sent", result.sentRate());
        if (!plan.isClosed()) {
            json.with("rate", plan.rate());
        }
        for (String name : NAMES) {
            json.with("latency_" + name, value(result.times().latency(), name) / MILLI);
        }
        json.with("latency_mean", result.times().latency().getMean() / MILLI);
        for (String name : NAMES) {
            json.with("service_" + name, value(result.times().service(), name) / MILLI);
        }
        json.with("due", counts.due())
                .with("sent", counts.sent())
                .with("answered", counts.answered())
                .with("never_sent", counts.unsent())
                .with("timeouts", counts.timeouts())
                .with("errors", counts.failed());
        return json.withObject("errors_by_kind", counted(counts.errors()))
                .with("opened", result.connects().opened())
                .withObject("failed_connects", counted(result.connects().failed()))
                .with("threads", plan.threads())
                .with("generator_core", result.costs().core())
                .with("generator_cpu_seconds", result.costs().cpu())
                .with("generator_late_p99", result.times().late(99) / MILLI)
                .with("in_flight", result.flight().counted());
    }

    private static JsonLine json(Reason reason) {
        return new JsonLine()
                .with("name", reason.name())
                .with("value", reason.value())
                .with("limit", reason.limit())
                .with("reason", reason.text());
    }

    private static JsonLine counted(Map<String, Long> kinds) {
        JsonLine json = new JsonLine();
        kinds.forEach(json::with);
        return json;
    }

    /** One line for how far a load is. */
    static String progress(LoadPlan plan, LoadProgress now) {
        long all = plan.ramp().plus(plan.warmup()).plus(plan.duration()).toSeconds();
        return String.format(
                Locale.ROOT,
                "%d of %d s, %s: %,d sent, %,d in flight%s, %,d errors, %,d connections",
                now.nanos() / 1_000_000_000,
                all,
                now.phase(),
                now.sent(),
                now.inFlight(),
                now.waiting() == 0 ? "" : String.format(Locale.ROOT, ", %,d waiting", now.waiting()),
                now.errors(),
                now.connections());
    }

    private static long value(Histogram times, String name) {
        return name.equals("max")
                ? times.getMaxValue()
                : times.getValueAtPercentile(Double.parseDouble(name.substring(1)));
    }

    /** A time that may be a timeout was at least that long. */
    private String shown(long nanos) {
        if (result.times().latency().getTotalCount() == 0) {
            return "-";
        }
        boolean isLeast = result.counts().timeouts() + result.counts().unsent() > 0
                && nanos >= result.plan().timeout().toNanos();
        return (isLeast ? "≥ " : "") + millis(nanos);
    }

    private static String millis(long nanos) {
        double millis = nanos / MILLI;
        return String.format(Locale.ROOT, millis < LARGEST ? "%.3f ms" : "%,.0f ms", millis);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value == Math.rint(value) ? "%,.0f" : "%,.1f", value);
    }
}
