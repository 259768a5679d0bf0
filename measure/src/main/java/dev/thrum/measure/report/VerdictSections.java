package dev.thrum.measure.report;

import dev.thrum.measure.compare.Analysis;
import dev.thrum.measure.compare.Baseline;
import dev.thrum.measure.compare.Cell;
import dev.thrum.measure.compare.Comparison;
import dev.thrum.measure.compare.Criterion;
import dev.thrum.measure.compare.PairVerdict;
import dev.thrum.measure.compare.PairVerdict.RoundRatio;
import dev.thrum.measure.compare.RatioText;
import dev.thrum.measure.compare.Reading;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The sections on verdicts, and on the rounds they come from. */
final class VerdictSections {
    private final Analysis analysis;
    private final Comparison comparison;

    VerdictSections(Analysis analysis) {
        this.analysis = analysis;
        this.comparison = analysis.comparison();
    }

    /** All verdicts. */
    Section verdicts() {
        List<Block> blocks = new ArrayList<>();
        if (analysis.criteria().isEmpty()) {
            blocks.add(new Block.Paragraph("Nothing was measured that arms could be compared by."));
        } else {
            blocks.add(new Block.Verdicts(analysis.verdicts()));
        }
        return new Section("Verdicts", Section.Length.SHORT, blocks);
    }

    /** The second copy against its original. */
    Section controls() {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Paragraph(
                "One arm runs twice in each round. Its two copies are equal, so a difference between them would be a fault of"
                        + " the measurement, and nothing would be recommended."));
        if (!analysis.controls().isEmpty()) {
            blocks.add(new Block.Verdicts(analysis.controls()));
        }
        return new Section("Control (A/A)", Section.Length.LONG, blocks);
    }

    /** Better, same or worse than before. */
    static Section baseline(Baseline baseline) {
        List<Block> blocks = new ArrayList<>();
        baseline.blockers().forEach(why -> blocks.add(new Block.Paragraph("Cannot tell: " + why + ".")));
        List<List<String>> rows = baseline.changes().stream()
                .map(change -> List.of(
                        change.arm(),
                        change.criterion().title(),
                        RatioText.of(change.test().interval()),
                        change.outcome() + (change.note().isEmpty() ? "" : ": " + change.note())))
                .toList();
        if (rows.isEmpty()) {
            blocks.add(new Block.Paragraph("Both have no figure under the same load in common."));
        } else {
            blocks.add(new Block.Table(List.of("arm", "figure", "now / before", "than before"), rows));
            blocks.add(new Block.Paragraph(
                    "The two were measured at different times, so what changed on the machine in between"
                            + " is in these ratios, too. If all arms changed alike, suspect the machine."));
        }
        return new Section("Compared with the baseline", Section.Length.SHORT, blocks);
    }

    /** The ratios of each round, and what was left out. */
    Section rounds() {
        List<Block> blocks = new ArrayList<>();
        blocks.add(
                new Block.Paragraph("Each round gives one ratio to each verdict. Outliers are shown, not discarded."));
        List<Block.Picture> pictures =
                analysis.criteria().stream().map(this::picture).toList();
        if (comparison.rounds().size() > 1) {
            blocks.add(new Block.Pictures(pictures, pairNames()));
        }
        if (!comparison.rounds().isEmpty() && !pictures.isEmpty()) {
            blocks.add(new Block.Table(List.of("arms", "figure", "ratio in each good round"), ratios()));
        }
        List<String> leftOut = new ArrayList<>();
        analysis.leftOut()
                .forEach((round, why) -> leftOut.add("Round " + (round + 1) + " is left out whole: " + why + "."));
        if (!leftOut.isEmpty()) {
            blocks.add(new Block.Items(leftOut));
        }
        List<List<String>> invalid = invalid();
        if (!invalid.isEmpty()) {
            blocks.add(new Block.Paragraph(
                    "Figures that are INVALID, and why. A load with one is left out of its round for" + " all arms."));
            blocks.add(new Block.Table(List.of("arm", "load", "rounds", "first reason"), invalid));
        }
        return new Section("Rounds", Section.Length.LONG, blocks);
    }

    private List<List<String>> ratios() {
        return all().stream()
                .map(pair -> List.of(
                        name(pair),
                        pair.criterion().title(),
                        pair.ratios().stream()
                                .map(each -> RatioText.factor(each.ratio()))
                                .collect(Collectors.joining(" "))))
                .toList();
    }

    private List<PairVerdict> all() {
        List<PairVerdict> all = new ArrayList<>(analysis.verdicts());
        all.addAll(analysis.controls());
        return all;
    }

    private List<String> pairNames() {
        return all().stream().map(VerdictSections::name).distinct().toList();
    }

    private static String name(PairVerdict pair) {
        return pair.arm() + " / " + pair.other();
    }

    private Block.Picture picture(Criterion criterion) {
        List<String> names = pairNames();
        List<PairVerdict> pairs = all().stream()
                .filter(pair -> pair.criterion().equals(criterion))
                .toList();
        List<Plot.Series> series = new ArrayList<>();
        List<Double> ratios = new ArrayList<>(List.of(Analysis.BAND.low(), Analysis.BAND.high()));
        for (PairVerdict pair : pairs) {
            List<Plot.Dot> dots = new ArrayList<>();
            for (RoundRatio each : pair.ratios()) {
                ratios.add(each.ratio());
                dots.add(new Plot.Dot(
                        each.round() + 1,
                        each.ratio(),
                        each.ratio(),
                        each.ratio(),
                        name(pair) + ", round " + (each.round() + 1) + ": " + RatioText.factor(each.ratio())));
            }
            series.add(new Plot.Series(names.indexOf(name(pair)), dots, true));
        }
        double most = ratios.stream()
                .mapToDouble(ratio -> Math.max(ratio, 1 / ratio))
                .max()
                .orElse(1);
        int rounds = comparison.rounds().size();
        List<Double> ticks = new ArrayList<>();
        for (int round = 1; round <= rounds; round += 1 + rounds / 10) {
            ticks.add((double) round);
        }
        Plot plot = new Plot(new Scale(0.5, rounds + 0.5, false), Scale.around(most), "round", "ratio (log)");
        return new Block.Picture(
                criterion.title(), plot.svg("ratios of " + criterion.title() + " by round", series, ticks));
    }

    /** The readings whose figures are invalid, counted by arm and load. */
    private List<List<String>> invalid() {
        Map<String, List<String>> reasons = new TreeMap<>();
        comparison.rounds().forEach(round -> {
            for (Cell cell : round.cells()) {
                cell.readings().stream()
                        .filter(reading -> !reading.invalid().isEmpty())
                        .forEach(reading -> reasons.computeIfAbsent(key(cell, reading), _ -> new ArrayList<>())
                                .add(reading.invalid().getFirst()));
            }
        });
        List<List<String>> rows = new ArrayList<>();
        reasons.forEach((key, all) -> {
            String[] names = key.split("\n", 2);
            rows.add(List.of(names[0], names[1], "" + all.size(), all.getFirst()));
        });
        return rows;
    }

    private static String key(Cell cell, Reading reading) {
        return cell.arm() + "\n" + reading.point();
    }
}
