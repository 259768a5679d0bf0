package dev.thrum.measure.report;

import dev.thrum.measure.compare.Analysis;
import dev.thrum.measure.compare.ClassicTable;
import dev.thrum.measure.compare.Comparison;
import dev.thrum.measure.compare.Criterion;
import dev.thrum.measure.compare.Figure;
import dev.thrum.measure.compare.LoadPoint;
import dev.thrum.measure.compare.RatioText;
import dev.thrum.measure.compare.WarmUp;
import dev.thrum.measure.statistics.SteadyState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The sections on what requests cost, on warm-up, and the classic table. */
final class CostSections {
    private static final List<Figure> COSTS = List.of(
            Figure.CPU_PER_REQUEST,
            Figure.CONTEXT_SWITCHES,
            Figure.MEMORY,
            Figure.IDLE_CONNECTION,
            Figure.GC_PAUSES,
            Figure.LOOP_LAG,
            Figure.SERVER_HICCUP,
            Figure.GENERATOR_HICCUP);

    private static final double MILLIS = 1_000;

    private final Analysis analysis;
    private final Comparison comparison;
    private final ArmFigures figures;

    CostSections(Analysis analysis) {
        this.analysis = analysis;
        this.comparison = analysis.comparison();
        this.figures = new ArmFigures(analysis);
    }

    /** CPU per request, memory and so on. */
    Section costs() {
        List<Block> blocks = new ArrayList<>();
        Optional<LoadPoint> point = Criterion.forCosts(comparison);
        List<Figure> known = COSTS.stream()
                .filter(figure -> point.isPresent() && figures.hasAny(figure, point.get()))
                .toList();
        if (point.isEmpty() || known.isEmpty()) {
            blocks.add(new Block.Paragraph("No costs were measured."));
            return new Section("Costs", Section.Length.SHORT, blocks);
        }
        LoadPoint load = point.get();
        blocks.add(new Block.Paragraph("At " + load.name()
                + (load.isClosed()
                        ? "."
                        : ", " + Numbers.of(load.rate())
                                + " requests/s: all arms answer equally many requests there.")));
        blocks.add(new Block.Pictures(
                known.stream()
                        .map(figure -> figures.bars(figure, load, figure.title()))
                        .toList(),
                List.of()));
        blocks.add(new Block.Table(
                figures.head("cost", "unit"),
                known.stream()
                        .map(figure -> figures.row(figure.title(), figure.unit(), new Criterion(figure, load)))
                        .toList()));
        List<List<String>> ratios = analysis.costs().stream()
                .map(cost -> List.of(
                        cost.figure().title(),
                        cost.arm() + " / " + cost.other(),
                        RatioText.of(cost.ratio()),
                        cost.isSupported() ? "differs" : "the rounds don't show a difference"))
                .toList();
        if (!ratios.isEmpty()) {
            blocks.add(new Block.Table(List.of("cost", "arms", "ratio (95 % interval)", "verdict"), ratios));
        }
        return new Section("Costs", Section.Length.SHORT, blocks);
    }

    /** How arms warmed up. */
    Section warmUps() {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Paragraph(String.format(
                Locale.ROOT,
                "Each server was warmed up for %.1f s, as long as the slowest arm needs to become steady.",
                comparison.setup().warmUpSeconds())));
        List<Block.Picture> pictures = new ArrayList<>();
        List<List<String>> rows = new ArrayList<>();
        for (WarmUp warmUp : comparison.warmUps()) {
            SteadyState state = warmUp.state();
            pictures.add(new Block.Picture(warmUp.arm(), trace(warmUp)));
            rows.add(List.of(
                    warmUp.arm(),
                    state.kind().title(),
                    state.isQuiet()
                            ? String.format(Locale.ROOT, "%.1f s", state.start() * warmUp.windowMillis() / MILLIS)
                            : "never",
                    "" + state.changes().size()));
        }
        blocks.add(new Block.Pictures(pictures, List.of()));
        blocks.add(new Block.Table(List.of("arm", "kind", "steady after", "changes"), rows));
        return new Section("Warm-up", Section.Length.LONG, blocks);
    }

    private String trace(WarmUp warmUp) {
        List<Plot.Dot> dots = new ArrayList<>();
        for (int i = 0; i < warmUp.rates().size(); i++) {
            double rate = warmUp.rates().get(i);
            dots.add(new Plot.Dot(seconds(warmUp, i + 1), rate, rate, rate, ""));
        }
        int arm = figures.names().indexOf(warmUp.arm());
        Plot plot = new Plot(
                new Scale(0, Math.max(1, seconds(warmUp, warmUp.rates().size())), false),
                Scale.linear(warmUp.rates()),
                "seconds (dashed: the speed changes)",
                "requests/s");
        return plot.with(warmUp.state().changes().stream()
                        .map(change -> seconds(warmUp, change))
                        .toList())
                .svg("warm-up of " + warmUp.arm(), List.of(new Plot.Series(arm, dots, false)));
    }

    private static double seconds(WarmUp warmUp, int windows) {
        return windows * warmUp.windowMillis() / MILLIS;
    }

    /** Whether warm-ups were recorded. */
    boolean hasWarmUps() {
        return !comparison.warmUps().isEmpty();
    }

    /** The same few tasks, run in different ways. */
    static Section classic(ClassicTable table) {
        double first = table.rows().isEmpty() ? 0 : table.rows().getFirst().mean();
        List<Bars.Row> bars = new ArrayList<>();
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < table.rows().size(); i++) {
            ClassicTable.Row row = table.rows().get(i);
            String time = String.format(Locale.ROOT, "%.2f s", row.mean());
            String ratio = String.format(Locale.ROOT, "%.2f", first / row.mean());
            bars.add(new Bars.Row(i, row.way().title(), time, Numbers.Spread.of(row.seconds())));
            rows.add(List.of(row.way().title(), time, ratio + " ×"));
        }
        String tasks = table.taskSeconds().stream()
                .map(Numbers::tick)
                .reduce((a, b) -> a + ", " + b)
                .orElse("");
        return new Section(
                "The classic table",
                Section.Length.SHORT,
                List.of(
                        new Block.Paragraph(table.taskSeconds().size() + " tasks that wait " + tasks + " s"
                                + (table.scale() == 1 ? "." : ", scaled by " + Numbers.tick(table.scale()) + ".")),
                        new Block.Pictures(
                                List.of(new Block.Picture(
                                        "time of all tasks together", new Bars(bars).svg("time of all tasks"))),
                                List.of()),
                        new Block.Table(List.of("way", "time", "as fast as the first"), rows),
                        new Block.Paragraph(table.sentence())));
    }
}
