package dev.thrum.measure.report;

import dev.thrum.measure.compare.Arm;
import dev.thrum.measure.compare.Cell;
import dev.thrum.measure.compare.ClassicTable;
import dev.thrum.measure.compare.ClassicTable.Way;
import dev.thrum.measure.compare.Comparison;
import dev.thrum.measure.compare.Conditions;
import dev.thrum.measure.compare.Figure;
import dev.thrum.measure.compare.Goal;
import dev.thrum.measure.compare.HighestRate;
import dev.thrum.measure.compare.LoadPoint;
import dev.thrum.measure.compare.Reading;
import dev.thrum.measure.compare.Round;
import dev.thrum.measure.compare.Setup;
import dev.thrum.measure.compare.WarmUp;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** A comparison of three engines with all that a report can show. The figures are made up. */
final class SampleComparison {
    private static final List<Arm> ARMS = List.of(
            new Arm("threads", "threads, 256 threads", null),
            new Arm("virtual", "virtual", null),
            new Arm("events", "events, 2 loops", null),
            new Arm("threads again", "threads, 256 threads", "threads"));

    private static final List<LoadPoint> POINTS = List.of(
            new LoadPoint("saturation", 0, 64, true),
            new LoadPoint("saturation, 8 connections", 0, 8, false),
            new LoadPoint("saturation, 512 connections", 0, 512, false),
            new LoadPoint("50 %", 10_000, 64, true),
            new LoadPoint("70 %", 14_000, 64, true),
            new LoadPoint("90 %", 18_000, 64, true));

    private static final Setup SETUP = new Setup(
            "echo",
            "quick",
            5,
            new Goal(Figure.LATENCY_P99, 50),
            3.4,
            2,
            Map.of("backlog", "1024", "heap", "512 MiB"),
            "thrum compare echo --quick");

    private final SplittableRandom random = new SplittableRandom(11);
    private final double noise;

    private SampleComparison(double noise) {
        this.noise = noise;
    }

    /** A comparison with this number of rounds, and this deviation of its cells. */
    static Comparison of(int rounds, int cpus, double noise) {
        Conditions conditions = new Conditions(
                "2026-01-31T12:00:00Z",
                "Example CPU 3000 @ 2.40GHz",
                cpus,
                8L << 30,
                "Linux 6.12.0",
                "OpenJDK 64-Bit Server VM 25.0.1+8-LTS",
                List.of("-Xmx512m", "-XX:+UseSerialGC"),
                "0.1.0");
        return new SampleComparison(noise).measured(Comparison.of(SETUP, conditions, ARMS), rounds);
    }

    private Comparison measured(Comparison begun, int rounds) {
        Comparison comparison = begun.withWarmUps(
                        List.of(
                                warmUp("threads", 0.5, 12, 1),
                                warmUp("virtual", 0.35, 15, 1),
                                warmUp("events", 0.3, 8, 0.85)),
                        3.4)
                .withPoints(
                        List.of(
                                new HighestRate(
                                        "threads",
                                        20_000,
                                        List.of(
                                                new HighestRate.Attempt(16_000, 4.2, true),
                                                new HighestRate.Attempt(24_000, 80, false),
                                                new HighestRate.Attempt(28_000, Double.MAX_VALUE, false),
                                                new HighestRate.Attempt(20_000, 12.2, true))),
                                new HighestRate("events", 31_000, List.of())),
                        POINTS)
                .withClassic(new ClassicTable(
                        1,
                        List.of(1.0, 1.5, 2.0, 2.5, 3.0),
                        List.of(
                                new ClassicTable.Row(Way.IN_TURN, List.of(10.003)),
                                new ClassicTable.Row(Way.POOL, List.of(3.004)),
                                new ClassicTable.Row(Way.VIRTUAL, List.of(3.002)),
                                new ClassicTable.Row(Way.EVENT_LOOP, List.of(3.003)),
                                new ClassicTable.Row(Way.BLOCKED_LOOP, List.of(10.004)))));
        for (int round = 0; round < rounds; round++) {
            List<Cell> cells = new ArrayList<>();
            for (Arm arm : ARMS) {
                cells.add(cell(arm.name()));
            }
            comparison = comparison.withRound(new Round(cells));
        }
        return comparison;
    }

    private double noisy(double value) {
        return value * Math.exp(noise * random.nextGaussian());
    }

    private Cell cell(String arm) {
        boolean isEvents = arm.equals("events");
        double speed = isEvents ? 1.4 : arm.equals("virtual") ? 1.15 : 1;
        List<Reading> readings = new ArrayList<>();
        for (LoadPoint point : POINTS) {
            EnumMap<Figure, Double> figures = new EnumMap<>(Figure.class);
            double load = point.isClosed() ? 1 : point.rate() / 22_000 / speed;
            double p99 = 0.8 / speed / Math.max(0.1, 1 - load);
            figures.put(Figure.LATENCY_P50, noisy(p99 / 6));
            figures.put(Figure.LATENCY_P99, noisy(p99));
            if (point.isClosed()) {
                figures.put(
                        Figure.THROUGHPUT, noisy(22_000 * speed * point.connections() / (point.connections() + 6.0)));
            }
            figures.put(Figure.CPU_PER_REQUEST, noisy(42 / speed));
            figures.put(Figure.CONTEXT_SWITCHES, noisy(isEvents ? 0.12 : 1.9));
            figures.put(Figure.GC_PAUSES, noisy(2.1));
            figures.put(Figure.SERVER_HICCUP, noisy(0.9));
            figures.put(Figure.GENERATOR_HICCUP, noisy(0.4));
            if (isEvents) {
                figures.put(Figure.LOOP_LAG, noisy(0.15));
            }
            readings.add(new Reading(point.name(), figures, curve(p99), List.of()));
        }
        return new Cell(
                arm,
                null,
                readings,
                Map.of(
                        Figure.MEMORY, noisy(isEvents ? 90 : 140),
                        Figure.IDLE_CONNECTION, noisy(isEvents ? 9_000 : 26_000)));
    }

    private List<Double> curve(double p99) {
        double level = noisy(p99);
        return Reading.PERCENTILES.stream()
                .map(percentile -> level * (0.1 + Math.log10(100 / (100.0001 - percentile)) / 2))
                .toList();
    }

    private WarmUp warmUp(String arm, double first, double slow, double last) {
        List<Double> rates = IntStream.range(0, 60)
                .mapToObj(i -> 20_000
                        * (i > 20 ? last : 1)
                        * (1 - (1 - first) * Math.exp(-i / slow))
                        * Math.exp(0.02 * random.nextGaussian()))
                .toList();
        return new WarmUp(arm, 100, 20, rates);
    }
}
