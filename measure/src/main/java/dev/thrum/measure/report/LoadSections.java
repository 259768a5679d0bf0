package dev.thrum.measure.report;

import dev.thrum.measure.compare.Analysis;
import dev.thrum.measure.compare.Arm;
import dev.thrum.measure.compare.Comparison;
import dev.thrum.measure.compare.Criterion;
import dev.thrum.measure.compare.Figure;
import dev.thrum.measure.compare.HighestRate;
import dev.thrum.measure.compare.LoadPoint;
import dev.thrum.measure.compare.Reading;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The sections on throughput and latency. */
final class LoadSections {
    /** The part of a curve that is drawn: beyond it there are hardly any requests. */
    private static final double LAST_PERCENTILE = 99.99;

    private static final double ALL = 100;

    /** The percentiles of the table. */
    private static final List<Double> SHOWN = List.of(50.0, 90.0, 99.0, 99.9, LAST_PERCENTILE, ALL);

    private final Comparison comparison;
    private final ArmFigures figures;

    LoadSections(Analysis analysis) {
        this.comparison = analysis.comparison();
        this.figures = new ArmFigures(analysis);
    }

    /** Throughput and latency, by rate and by connections. */
    Section loads() {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Paragraph("Bands, whiskers and ± are 95 % intervals of the mean of all rounds."));
        List<Block.Picture> pictures =
                Stream.concat(throughput().stream(), latency().stream()).toList();
        if (!pictures.isEmpty()) {
            blocks.add(new Block.Pictures(pictures, figures.names()));
        }
        List<List<String>> rows = new ArrayList<>();
        for (LoadPoint point : comparison.points()) {
            Stream.of(
                            Figure.THROUGHPUT,
                            Figure.LATENCY_P50,
                            Figure.LATENCY_P99,
                            comparison.setup().goal().figure())
                    .distinct()
                    .filter(figure -> point.isClosed() == (figure == Figure.THROUGHPUT))
                    .filter(figure -> figures.hasAny(figure, point))
                    .forEach(figure -> rows.add(figures.row(
                            point.name(), figure.title() + ", " + figure.unit(), new Criterion(figure, point))));
        }
        if (!rows.isEmpty()) {
            blocks.add(new Block.Table(figures.head("load", "figure"), rows));
        }
        return new Section("Throughput and latency", Section.Length.SHORT, blocks);
    }

    private List<Block.Picture> throughput() {
        List<LoadPoint> closed =
                comparison.points().stream().filter(LoadPoint::isClosed).toList();
        List<Block.Picture> pictures = new ArrayList<>();
        if (closed.size() > 1) {
            pictures.add(
                    figures.lines(Figure.THROUGHPUT, byConnections(closed), LoadPoint::connections, "connections"));
        } else {
            closed.stream()
                    .filter(point -> figures.hasAny(Figure.THROUGHPUT, point))
                    .forEach(point -> pictures.add(figures.bars(
                            Figure.THROUGHPUT,
                            point,
                            "throughput at " + point.name() + ", " + point.connections() + " connections")));
        }
        return pictures;
    }

    private List<Block.Picture> latency() {
        List<Figure> shown = Stream.of(
                        Figure.LATENCY_P50, comparison.setup().goal().figure())
                .distinct()
                .toList();
        List<LoadPoint> open =
                comparison.points().stream().filter(point -> !point.isClosed()).toList();
        List<Block.Picture> pictures = new ArrayList<>();
        for (Figure figure : shown) {
            Map<Integer, List<LoadPoint>> byConnections = groups(open, LoadPoint::connections);
            for (List<LoadPoint> points : byConnections.values()) {
                if (points.size() > 1) {
                    pictures.add(figures.lines(figure, byRate(points), LoadPoint::rate, "requests/s"));
                }
            }
            for (List<LoadPoint> points : groups(open, LoadPoint::rate).values()) {
                if (points.size() > 1) {
                    pictures.add(figures.lines(figure, byConnections(points), LoadPoint::connections, "connections"));
                }
            }
            if (pictures.isEmpty() && open.size() == 1 && figures.hasAny(figure, open.getFirst())) {
                pictures.add(figures.bars(
                        figure,
                        open.getFirst(),
                        figure.title() + " at " + open.getFirst().name()));
            }
        }
        return pictures;
    }

    private static <K> Map<K, List<LoadPoint>> groups(List<LoadPoint> points, Function<LoadPoint, K> key) {
        return points.stream().collect(Collectors.groupingBy(key, TreeMap::new, Collectors.toList()));
    }

    private static List<LoadPoint> byConnections(List<LoadPoint> points) {
        return points.stream()
                .sorted(Comparator.comparingInt(LoadPoint::connections))
                .toList();
    }

    private static List<LoadPoint> byRate(List<LoadPoint> points) {
        return points.stream()
                .sorted(Comparator.comparingDouble(LoadPoint::rate))
                .toList();
    }

    /** The latency at each percentile. */
    Section curves() {
        List<Block.Picture> pictures = comparison.points().stream()
                .filter(point -> !point.isClosed() && !curves(point).isEmpty())
                .map(point -> new Block.Picture(
                        "latency at " + point.name() + ", " + Numbers.of(point.rate()) + " requests/s", curve(point)))
                .toList();
        List<Block> blocks = new ArrayList<>();
        if (pictures.isEmpty()) {
            blocks.add(new Block.Paragraph("No percentiles were measured."));
        } else {
            blocks.add(new Block.Pictures(pictures, figures.names()));
            blocks.add(new Block.Paragraph(
                    "Lines are the medians of all rounds, bands go from the lowest round to the highest."
                            + " Latency counts from when a request was due."));
            blocks.add(percentiles());
        }
        return new Section("Percentiles", Section.Length.LONG, blocks);
    }

    /** The medians of some percentiles, in milliseconds. */
    private Block.Table percentiles() {
        List<String> head = new ArrayList<>(List.of("load", "arm"));
        SHOWN.forEach(
                percentile -> head.add(percentile == ALL ? "longest, ms" : "p" + Numbers.tick(percentile) + ", ms"));
        List<List<String>> rows = new ArrayList<>();
        for (LoadPoint point : comparison.points()) {
            for (Arm arm : comparison.arms()) {
                List<List<Double>> all = curves(arm, point);
                if (!point.isClosed() && !all.isEmpty()) {
                    List<String> row = new ArrayList<>(List.of(point.name(), arm.name()));
                    SHOWN.forEach(percentile ->
                            row.add(Numbers.of(dot(percentile, at(all, Reading.PERCENTILES.indexOf(percentile)))
                                    .y())));
                    rows.add(row);
                }
            }
        }
        return new Block.Table(head, rows);
    }

    private List<List<Double>> curves(LoadPoint point) {
        return comparison.arms().stream()
                .flatMap(arm -> curves(arm, point).stream())
                .toList();
    }

    private List<List<Double>> curves(Arm arm, LoadPoint point) {
        return comparison.rounds().stream()
                .flatMap(round -> round.cell(arm.name()).stream())
                .flatMap(cell -> cell.reading(point).stream())
                .filter(reading -> reading.invalid().isEmpty())
                .map(Reading::curve)
                .filter(curve -> !curve.isEmpty())
                .toList();
    }

    private String curve(LoadPoint point) {
        List<Plot.Series> series = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        for (int arm = 0; arm < comparison.arms().size(); arm++) {
            List<List<Double>> all = curves(comparison.arms().get(arm), point);
            List<Plot.Dot> dots = new ArrayList<>();
            for (int i = 0; i < Reading.PERCENTILES.size() && !all.isEmpty(); i++) {
                double percentile = Reading.PERCENTILES.get(i);
                if (percentile <= LAST_PERCENTILE) {
                    Plot.Dot dot = dot(percentile, at(all, i));
                    values.addAll(List.of(dot.low(), dot.high()));
                    dots.add(dot);
                }
            }
            series.add(new Plot.Series(arm, dots, false));
        }
        Plot plot = new Plot(new Scale(1, tail(LAST_PERCENTILE), true), Scale.log(values), "percentile", "ms (log)");
        return plot.svg(
                "latency at " + point.name() + " by percentile",
                series,
                Stream.of(0.0, 50.0, 90.0, 99.0, 99.9, LAST_PERCENTILE)
                        .map(LoadSections::tail)
                        .toList(),
                tail -> Numbers.tick(ALL - ALL / tail));
    }

    private static List<Double> at(List<List<Double>> curves, int index) {
        return curves.stream().map(curve -> curve.get(index)).sorted().toList();
    }

    private static Plot.Dot dot(double percentile, List<Double> sorted) {
        return new Plot.Dot(tail(percentile), sorted.get(sorted.size() / 2), sorted.getFirst(), sorted.getLast(), "");
    }

    /** How many requests there are for one above this percentile. */
    private static double tail(double percentile) {
        return ALL / (ALL - percentile);
    }

    /** The highest rates within the goal. */
    Section highest() {
        List<List<String>> rows = comparison.highest().stream()
                .map(rate -> List.of(rate.arm(), highest(rate), attempts(rate)))
                .toList();
        String goal = comparison.setup().goal().figure().title() + " of at most "
                + Numbers.of(comparison.setup().goal().millis()) + " ms";
        return new Section(
                "Highest rate within the goal",
                Section.Length.SHORT,
                List.of(
                        new Block.Paragraph(
                                "The goal is a " + goal + ". It was looked for once for each arm, so these rates have"
                                        + " no interval: they only place the loads of the rounds."),
                        new Block.Table(List.of("arm", "highest rate", "rates that were tried"), rows)));
    }

    private static String highest(HighestRate rate) {
        return rate.rate() == 0 ? "none" : Numbers.of(rate.rate(), Figure.THROUGHPUT);
    }

    private static String attempts(HighestRate rate) {
        return rate.attempts().stream()
                .map(attempt ->
                        Numbers.of(attempt.rate()) + " (" + latency(attempt) + (attempt.isMet() ? ")" : ", missed)"))
                .collect(Collectors.joining(", "));
    }

    private static String latency(HighestRate.Attempt attempt) {
        return attempt.hasLatency() ? Numbers.of(attempt.millis()) + " ms" : "no response";
    }

    /** Whether highest rates were looked for. */
    boolean hasHighest() {
        return !comparison.highest().isEmpty();
    }
}
