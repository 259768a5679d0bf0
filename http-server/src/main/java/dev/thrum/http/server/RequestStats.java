package dev.thrum.http.server;

import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts responses and their durations by method, route and status, for a page of metrics. Safe for concurrent use.
 *
 * <p>Clients can't create labels: a route is a pattern, not a path, and all non-standard methods share one label.
 */
public final class RequestStats implements ExchangeObserver {
    /** Upper bounds of the buckets in nanoseconds: from 50 µs to 10 s, and infinity. */
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
     * The counts for one label. Immutable.
     *
     * @param method empty if the head was malformed, {@code OTHER} for a non-standard method
     * @param route the pattern; empty if the request had none
     * @param total sum of all durations
     * @param counts for each of {@link #bounds} the number of responses that took longer than the bound before it and
     *     at most this one; the last element counts those above all bounds
     */
    public record Line(String method, String route, int status, Duration total, List<Long> counts) {}

    @Override
    public void responded(String method, String route, int status, long nanos) {
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

    /** The upper bounds of the buckets, ascending; the last bucket has none. */
    public static List<Duration> bounds() {
        return Arrays.stream(BOUNDS)
                .limit(BOUNDS.length - 1)
                .mapToObj(Duration::ofNanos)
                .toList();
    }

    /**
     * The counts so far, sorted by route, method and status. Responses that are counted meanwhile may be in it or not.
     */
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
