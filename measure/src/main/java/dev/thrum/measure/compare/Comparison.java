package dev.thrum.measure.compare;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that a comparison has measured so far: what the verdicts, the reports and later comparisons are made from.
 *
 * @param setup what was asked for
 * @param conditions where it was measured
 * @param arms what is compared, and the second copy of one of them
 * @param points the loads
 * @param highest the highest rates within the goal; empty if they weren't looked for
 * @param warmUps how the arms warmed up; empty if it wasn't recorded
 * @param rounds the complete rounds, in order
 * @param classic the classic table; null if it wasn't measured
 * @param isInterrupted whether it was ended before all rounds were done
 */
public record Comparison(
        Setup setup,
        Conditions conditions,
        List<Arm> arms,
        List<LoadPoint> points,
        List<HighestRate> highest,
        List<WarmUp> warmUps,
        List<Round> rounds,
        @Nullable ClassicTable classic,
        boolean isInterrupted) {
    /** Throws an {@link IllegalArgumentException} if names are not unique, or a name is used that there isn't. */
    public Comparison {
        arms = List.copyOf(arms);
        points = List.copyOf(points);
        highest = List.copyOf(highest);
        warmUps = List.copyOf(warmUps);
        rounds = List.copyOf(rounds);
        Set<String> names = unique("arm", arms.stream().map(Arm::name).toList());
        Set<String> loads = unique("load", points.stream().map(LoadPoint::name).toList());
        arms.forEach(arm -> known("arm", arm.copyOf(), names));
        highest.forEach(rate -> known("arm", rate.arm(), names));
        warmUps.forEach(warmUp -> known("arm", warmUp.arm(), names));
        for (Round round : rounds) {
            for (Cell cell : round.cells()) {
                known("arm", cell.arm(), names);
                cell.readings().forEach(reading -> known("load", reading.point(), loads));
            }
        }
    }

    /** A comparison of which nothing has been measured. */
    public static Comparison of(Setup setup, Conditions conditions, List<Arm> arms) {
        return new Comparison(setup, conditions, arms, List.of(), List.of(), List.of(), List.of(), null, false);
    }

    private static Set<String> unique(String what, List<String> names) {
        Set<String> known = new HashSet<>();
        for (String name : names) {
            if (!known.add(name)) {
                throw new IllegalArgumentException(
                        "expected one " + what + " of each name but there are two of " + name);
            }
        }
        return known;
    }

    private static void known(String what, @Nullable String name, Set<String> names) {
        if (name != null && !names.contains(name)) {
            throw new IllegalArgumentException("expected one of the " + what + "s " + names + " but was " + name);
        }
    }

    /** The arms that are no copies. */
    public List<Arm> contenders() {
        return arms.stream().filter(arm -> !arm.isCopy()).toList();
    }

    /** The second copy of an arm. */
    public Optional<Arm> copy() {
        return arms.stream().filter(Arm::isCopy).findFirst();
    }

    /** The same with the length of the warm-up. */
    public Comparison withWarmUps(List<WarmUp> traces, double seconds) {
        Setup longer = new Setup(
                setup.workload(),
                setup.mode(),
                setup.rounds(),
                setup.goal(),
                seconds,
                setup.windowSeconds(),
                setup.limits(),
                setup.command());
        return new Comparison(longer, conditions, arms, points, highest, traces, rounds, classic, isInterrupted);
    }

    /** The same with the highest rates and the loads that follow from them. */
    public Comparison withPoints(List<HighestRate> rates, List<LoadPoint> loads) {
        return new Comparison(setup, conditions, arms, loads, rates, warmUps, rounds, classic, isInterrupted);
    }

    /** The same with one more round. */
    public Comparison withRound(Round round) {
        List<Round> more = new ArrayList<>(rounds);
        more.add(round);
        return new Comparison(setup, conditions, arms, points, highest, warmUps, more, classic, isInterrupted);
    }

    /** The same with the classic table. */
    public Comparison withClassic(ClassicTable table) {
        return new Comparison(setup, conditions, arms, points, highest, warmUps, rounds, table, isInterrupted);
    }

    /** The same, ended before all rounds were done. */
    public Comparison interrupted() {
        return new Comparison(setup, conditions, arms, points, highest, warmUps, rounds, classic, true);
    }
}
