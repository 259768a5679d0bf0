package dev.thrum.measure.report;

import dev.thrum.measure.compare.Analysis;
import dev.thrum.measure.compare.Arm;
import dev.thrum.measure.compare.Criterion;
import dev.thrum.measure.compare.Figure;
import dev.thrum.measure.compare.LoadPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Pictures and tables of one figure of all arms. */
final class ArmFigures {
    private final Analysis analysis;
    private final List<Arm> arms;

    ArmFigures(Analysis analysis) {
        this.analysis = analysis;
        this.arms = analysis.comparison().arms();
    }

    List<String> names() {
        return arms.stream().map(Arm::name).toList();
    }

    boolean hasAny(Figure figure, LoadPoint point) {
        return arms.stream()
                .anyMatch(arm -> !analysis.shown(arm.name(), new Criterion(figure, point))
                        .isEmpty());
    }

    /** A bar for each arm. */
    Block.Picture bars(Figure figure, LoadPoint point, String title) {
        List<Bars.Row> rows = new ArrayList<>();
        for (int i = 0; i < arms.size(); i++) {
            List<Double> values = analysis.shown(arms.get(i).name(), new Criterion(figure, point));
            if (!values.isEmpty()) {
                Numbers.Spread spread = Numbers.Spread.of(values);
                rows.add(new Bars.Row(i, arms.get(i).name(), Numbers.of(spread.mean(), figure), spread));
            }
        }
        return new Block.Picture(title, new Bars(rows).svg(title));
    }

    /** A line with a band for each arm, over loads that are placed by one of their numbers. */
    Block.Picture lines(Figure figure, List<LoadPoint> points, ToDoubleFunction<LoadPoint> place, String xTitle) {
        boolean isByConnections = xTitle.equals("connections");
        List<Plot.Series> series = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < arms.size(); i++) {
            List<Plot.Dot> dots = new ArrayList<>();
            for (LoadPoint point : points) {
                List<Double> all = analysis.shown(arms.get(i).name(), new Criterion(figure, point));
                if (!all.isEmpty()) {
                    Numbers.Spread spread = Numbers.Spread.of(all);
                    values.addAll(List.of(spread.low(), spread.mean(), spread.high()));
                    String tip = arms.get(i).name() + ", " + point.name() + ": " + Numbers.of(all, figure.unit());
                    dots.add(new Plot.Dot(place.applyAsDouble(point), spread.mean(), spread.low(), spread.high(), tip));
                }
            }
            series.add(new Plot.Series(i, dots, true));
        }
        List<Double> places = points.stream().map(place::applyAsDouble).toList();
        boolean isThroughput = figure == Figure.THROUGHPUT;
        Plot plot = new Plot(
                isByConnections ? Scale.log(places) : Scale.near(places),
                isThroughput ? Scale.linear(values) : Scale.log(values),
                xTitle,
                figure.unit() + (isThroughput ? "" : " (log)"));
        String title = figure.title() + " by " + (isByConnections ? "connections" : "rate");
        return new Block.Picture(title, plot.svg(title, series, places));
    }

    /** A row for a figure under a load, with a column for each arm. */
    List<String> row(String first, String second, Criterion criterion) {
        List<String> row = new ArrayList<>(List.of(first, second));
        arms.forEach(arm -> row.add(Numbers.of(analysis.shown(arm.name(), criterion), "")));
        return row;
    }

    /** The head of a table of such rows. */
    List<String> head(String first, String second) {
        List<String> head = new ArrayList<>(List.of(first, second));
        head.addAll(names());
        return head;
    }
}
