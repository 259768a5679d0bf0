package dev.thrum.measure.report;

import dev.thrum.measure.compare.Analysis;
import dev.thrum.measure.compare.Cell;
import dev.thrum.measure.compare.Comparison;
import dev.thrum.measure.compare.Conditions;
import dev.thrum.measure.compare.Figure;
import dev.thrum.measure.compare.LoadPoint;
import dev.thrum.measure.compare.Reading;
import dev.thrum.measure.compare.Setup;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The sections on how it was measured, and the raw data. */
final class MethodSections {
    private static final double GIBI = 1 << 30;

    private final Comparison comparison;

    MethodSections(Analysis analysis) {
        this.comparison = analysis.comparison();
    }

    /** How verdicts are made. */
    static Section methods() {
        return new Section(
                "Methods",
                Section.Length.LONG,
                List.of(
                        new Block.Items(
                                List.of(
                                        "Each arm of each round is a new server process, loaded by a generator in another process. Each round has"
                                                + " all arms in its own order, and a second copy of one of them.",
                                        "The unit is the round. A verdict is on the ratios of two arms by round, so whatever slows both alike"
                                                + " cancels out. The interval is that of the mean of their logarithms, by Student's t (95 %).",
                                        "Better or worse: the interval excludes 1, and its far end is beyond 1.03 or its reciprocal. Same: all of"
                                                + " it is within them. Otherwise: cannot tell.",
                                        "With several verdicts some would differ by chance. Holm's correction keeps the probability that any"
                                                + " difference is false at 5 % at most, and likewise that any \"same\" is.",
                                        "Means move with outliers. If the robust estimate of Hodges and Lehmann would give another verdict, the"
                                                + " verdict is: cannot tell.",
                                        "Rounds must not depend on when they were measured. A t test of the slope finds trends, the largest t over"
                                                + " all cuts in two finds steps (Worsley 1979, bounded by Bonferroni), both with Holm's correction.",
                                        "A round in which an arm failed is left out whole. Nothing is recommended with fewer than 4 good rounds,"
                                                + " with a trend or a step, or if the two copies differ.",
                                        "An arm is recommended if it is better than each other one in something, and worse in nothing.",
                                        "Pictures and tables of figures show all rounds with valid figures; verdicts count only good rounds."))));
    }

    /** Where and with what it was measured. */
    Section conditions() {
        Conditions conditions = comparison.conditions();
        Setup setup = comparison.setup();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("command", setup.command()));
        rows.add(List.of("started", conditions.started()));
        rows.add(List.of("CPU", conditions.cpus() + " × " + conditions.cpu()));
        rows.add(List.of("memory", String.format(Locale.ROOT, "%.1f GiB", conditions.memory() / GIBI)));
        rows.add(List.of("system", conditions.kernel()));
        rows.add(List.of("JDK", conditions.jdk()));
        rows.add(List.of("JVM options of servers", String.join(" ", conditions.jvmOptions())));
        rows.add(List.of("Thrum", conditions.thrum()));
        rows.add(List.of("each load measured for", Numbers.tick(setup.windowSeconds()) + " s"));
        setup.limits().forEach((name, limit) -> rows.add(List.of(name, limit)));
        comparison
                .arms()
                .forEach(arm -> rows.add(List.of(
                        "arm " + arm.name(),
                        arm.engine() + (arm.copyOf() == null ? "" : ", a second copy of " + arm.copyOf()))));
        comparison.points().forEach(point -> rows.add(List.of("load " + point.name(), load(point))));
        return new Section("Conditions", Section.Length.LONG, List.of(new Block.Table(List.of("what", "value"), rows)));
    }

    private static String load(LoadPoint point) {
        return (point.isClosed() ? "closed loop" : Numbers.of(point.rate()) + " requests/s, open loop") + ", "
                + point.connections() + " connections" + (point.isJudged() ? "" : ", shown without verdict");
    }

    /** Everything. */
    Section raw() {
        Set<Figure> known = EnumSet.noneOf(Figure.class);
        comparison
                .rounds()
                .forEach(round -> round.cells().forEach(cell -> {
                    known.addAll(cell.figures().keySet());
                    cell.readings()
                            .forEach(reading -> known.addAll(reading.figures().keySet()));
                }));
        List<String> head = new ArrayList<>(List.of("round", "arm", "load"));
        known.forEach(figure -> head.add(figure.title() + (figure.unit().isEmpty() ? "" : ", " + figure.unit())));
        head.add("remarks");
        List<List<String>> rows = new ArrayList<>();
        for (int round = 0; round < comparison.rounds().size(); round++) {
            for (Cell cell : comparison.rounds().get(round).cells()) {
                rows(round, cell, known, rows);
            }
        }
        return new Section("Raw data", Section.Length.RAW, List.of(new Block.Table(head, rows)));
    }

    private static void rows(int round, Cell cell, Set<Figure> known, List<List<String>> rows) {
        String failure = cell.failure();
        if (failure != null || !cell.figures().isEmpty()) {
            rows.add(row(round, cell, "-", cell.figures(), known, failure == null ? "" : "failed: " + failure));
        }
        for (Reading reading : cell.readings()) {
            rows.add(row(round, cell, reading.point(), reading.figures(), known, String.join("; ", reading.invalid())));
        }
    }

    private static List<String> row(
            int round, Cell cell, String load, Map<Figure, Double> figures, Set<Figure> known, String remarks) {
        List<String> row = new ArrayList<>(List.of("" + (round + 1), cell.arm(), load));
        known.forEach(figure -> {
            Double value = figures.get(figure);
            row.add(value == null ? "" : Numbers.of(value));
        });
        row.add(remarks);
        return row;
    }
}
