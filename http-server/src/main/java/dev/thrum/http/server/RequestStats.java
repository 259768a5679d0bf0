package dev.thrum.http.server;

import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts answers by method, route and status, and how long they took; for a page of metrics. Safe for concurrent use.
 *
 * <p>The labels are few whatever clients send: a route is a pattern and not a path, and methods that are not standard are
 * one.
 */
public final class RequestStats implements ExchangeObserver {
    /** Upper bounds in nanoseconds: from 50 µs to 10 s, and infinity. */
    private static final long[] BOUNDS = {
        50_000,
        100_000,
        250_000,
        500_000,
        1_000_000,
        2_500_000,
        5_000_000,
        10_000_000,
        25_000_000,
        50_000_000,
        100_000_000,
        250_000_000,
        500_000_000,
        1_000_000_000,
        2_500_000_000L,
        5_000_000_000L,
        10_000_000_000L,
        Long.MAX_VALUE
    };

    private final ConcurrentHashMap<Label, Cell> cells = new ConcurrentHashMap<>();

    private record Label(String method, String route, int status) {}

    private static final class Cell {
        private final LongAdder nanos = new LongAdder();
        private final LongAdder[] buckets = new LongAdder[BOUNDS.length];

        Cell() {
            Arrays.setAll(buckets, _ -> new LongAdder());
        }

        void add(long duration) {
            int bucket = 0;
            while (duration > BOUNDS[bucket]) {
                bucket++;
            }
            buckets[bucket].increment();
            nanos.add(duration);
        }
    }

    /**
     * What was counted for one label.
     *
     * @param method empty if the head was malformed, {@code OTHER} if it is not standard
     * @param route the pattern; empty if there was none
     * @param total how long all of them took together
     * @param counts of each of {@link #bounds}, how many took longer than the one before and not longer than it; the last
     *     one those above all bounds
     */
    public record Line(String method, String route, int status, Duration total, List<Long> counts) {}

    @Override
    public void answered(String method, String route, int status, long nanos) {
        Cell cell = cells.get(new Label(method, route, status));
        if (cell == null) {
            Label label = new Label(isKnown(method) ? method : "OTHER", route, status);
            cell = cells.computeIfAbsent(label, _ -> new Cell());
        }
        cell.add(nanos);
    }

    private static boolean isKnown(String method) {
        return method.isEmpty() || RequestReader.METHODS.contains(method);
    }

    /** The upper bounds of the durations that are counted together; beyond the last one there is no bound. */
    public static List<Duration> bounds() {
        return Arrays.stream(BOUNDS)
                .limit(BOUNDS.length - 1)
                .mapToObj(Duration::ofNanos)
                .toList();
    }

    /** What was counted so far, by route, method and status. */
    public List<Line> lines() {
        return cells.entrySet().stream()
                .map(entry -> line(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparing(Line::route)
                        .thenComparing(Line::method)
                        .thenComparingInt(Line::status))
                .toList();
    }

    private static Line line(Label label, Cell cell) {
        List<Long> counts = Arrays.stream(cell.buckets).map(LongAdder::sum).toList();
        return new Line(label.method(), label.route(), label.status(), Duration.ofNanos(cell.nanos.sum()), counts);
    }
}
