package dev.thrum.measure.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Comparisons whose truth is known. Arm {@code b} is faster than {@code a} by a planted factor; {@code a again} is the second
 * copy of {@code a}.
 */
final class Planted {
    static final LoadPoint SATURATION = new LoadPoint("saturation", 0, 64, true);

    private static final Conditions CONDITIONS = new Conditions(
            "2026-01-31T12:00:00Z", "Model", 8, 16L << 30, "Linux 6", "VM 25", List.of("-Xmx512m"), "0.1.0");
    private static final Setup SETUP = new Setup(
            "echo", "quick", 5, new Goal(Figure.LATENCY_P99, 50), 4, 2, Map.of("backlog", "128"), "thrum compare echo");

    private final RandomGenerator random;
    private final int rounds;
    private final List<LoadPoint> points;
    private final List<Arm> arms;

    /** The factor by which an arm is faster in a round, without noise. */
    @FunctionalInterface
    interface Effect {
        double of(String arm, int round);
    }

    /** What multiplies the speed of a cell: 1 on average, more or less. */
    @FunctionalInterface
    interface Noise {
        double next(RandomGenerator random);
    }

    Planted(long seed, int rounds) {
        this(seed, rounds, List.of(SATURATION), "a", "b");
    }

    Planted(long seed, int rounds, List<LoadPoint> points, String... contenders) {
        this.random = new SplittableRandom(seed);
        this.rounds = rounds;
        this.points = points;
        this.arms = new ArrayList<>();
        Arrays.stream(contenders).forEach(name -> arms.add(new Arm(name, "engine of " + name, null)));
        arms.add(new Arm(contenders[0] + " again", "engine of " + contenders[0], contenders[0]));
    }

    static Noise normal(double deviation) {
        return random -> Math.exp(deviation * random.nextGaussian());
    }

    /** An effect of one factor, that of {@code b}. */
    static Effect faster(double factor) {
        return (arm, _) -> arm.equals("b") ? factor : 1;
    }

    Comparison comparison(Effect effect, Noise noise) {
        Comparison comparison = Comparison.of(SETUP, CONDITIONS, arms).withPoints(List.of(), points);
        for (int round = 0; round < rounds; round++) {
            List<Cell> cells = new ArrayList<>();
            for (Arm arm : arms) {
                cells.add(cell(arm, effect.of(arm.name(), round), noise));
            }
            comparison = comparison.withRound(new Round(cells));
        }
        return comparison;
    }

    private Cell cell(Arm arm, double speed, Noise noise) {
        List<Reading> readings = new ArrayList<>();
        for (LoadPoint point : points) {
            double faster = speed * noise.next(random);
            EnumMap<Figure, Double> figures = new EnumMap<>(Figure.class);
            if (point.isClosed()) {
                figures.put(Figure.THROUGHPUT, 10_000 * faster);
            } else {
                figures.put(Figure.LATENCY_P99, 5 / faster);
                figures.put(Figure.CPU_PER_REQUEST, 80 / (speed * noise.next(random)));
            }
            readings.add(new Reading(point.name(), figures, List.of(), List.of()));
        }
        return new Cell(arm.name(), null, readings, Map.of());
    }

    /** The same comparison with a cell replaced. */
    static Comparison with(Comparison comparison, int round, Cell cell) {
        List<Round> changed = new ArrayList<>(comparison.rounds());
        changed.set(
                round,
                new Round(changed.get(round).cells().stream()
                        .map(each -> each.arm().equals(cell.arm()) ? cell : each)
                        .toList()));
        return new Comparison(
                comparison.setup(),
                comparison.conditions(),
                comparison.arms(),
                comparison.points(),
                List.of(),
                List.of(),
                changed,
                null,
                false);
    }

    /** A cell with this throughput, or none if it is negative. */
    static Cell cell(String arm, double throughput) {
        Map<Figure, Double> figures = throughput < 0 ? Map.of() : Map.of(Figure.THROUGHPUT, throughput);
        return new Cell(arm, null, List.of(new Reading(SATURATION.name(), figures, List.of(), List.of())), Map.of());
    }

    /** The outcome of {@code b} against {@code a} in throughput. */
    static Outcome outcome(Comparison comparison) {
        return Analysis.of(comparison).verdicts().getFirst().outcomeOf("b");
    }
}
