package dev.thrum.measure.compare;

import dev.thrum.measure.statistics.RatioTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A comparison against an earlier one of the same workload, on the same machine and JDK. */
public final class Baseline {
    /** Rates that differ by less are the same load. */
    private static final double SAME_RATE = 0.01;

    private final Analysis now;
    private final Analysis before;
    private final List<Change> changes;

    private Baseline(Analysis now, Analysis before) {
        this.now = now;
        this.before = before;
        changes = judged();
    }

    /**
     * A figure of an arm, then and now.
     *
     * @param arm the arm
     * @param criterion the figure and its load
     * @param test the ratio of now to before
     * @param outcome whether it is better now
     * @param note why it can't be told; empty if it can
     */
    public record Change(String arm, Criterion criterion, RatioTest test, Outcome outcome, String note) {}

    /**
     * A comparison and an earlier one.
     *
     * @throws IllegalArgumentException as {@link #check} does
     */
    public static Baseline of(Analysis now, Comparison before) {
        check(now.comparison().conditions(), now.comparison().setup(), before);
        return new Baseline(now, Analysis.of(before));
    }

    /**
     * Checks that an earlier comparison can be compared with one under these conditions.
     *
     * @throws IllegalArgumentException if machine, JDK, workload or goal differ; the message is a line for the user
     */
    public static void check(Conditions conditions, Setup setup, Comparison before) {
        Conditions old = before.conditions();
        same("CPU", old.cpu(), conditions.cpu());
        same("number of CPUs", old.cpus(), conditions.cpus());
        same("memory", old.memory(), conditions.memory());
        same("kernel", old.kernel(), conditions.kernel());
        same("JDK", old.jdk(), conditions.jdk());
        same("JVM options", old.jvmOptions(), conditions.jvmOptions());
        same("workload", before.setup().workload(), setup.workload());
        same("goal", before.setup().goal(), setup.goal());
        same("limits", before.setup().limits(), setup.limits());
    }

    private static void same(String what, Object then, Object now) {
        if (!then.equals(now)) {
            throw new IllegalArgumentException("expected a baseline with the same " + what + ", which is " + now
                    + ", but it was measured with " + then + ": measure a new one here");
        }
    }

    /** Why nothing can be told, whatever the figures are; none if something can be. */
    public List<String> blockers() {
        List<String> blockers = new ArrayList<>();
        now.blockers().forEach(why -> blockers.add("now " + why));
        before.blockers().forEach(why -> blockers.add("in the baseline " + why));
        return blockers;
    }

    /** The figures that both have, with at least {@link Analysis#LEAST_ROUNDS} rounds in each. */
    public List<Change> changes() {
        return changes;
    }

    private List<Change> judged() {
        List<Change> untested = new ArrayList<>();
        for (Arm arm : now.comparison().contenders()) {
            now.criteria().forEach(criterion -> change(arm.name(), criterion).ifPresent(untested::add));
        }
        List<Judgement> judgements = Judgement.family(
                untested.stream().map(Change::test).toList(),
                untested.stream().map(change -> change.criterion.figure()).toList());
        List<String> blockers = blockers();
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < untested.size(); i++) {
            Judgement judgement =
                    blockers.isEmpty() ? judgements.get(i) : new Judgement(Outcome.CANNOT_TELL, blockers.getFirst());
            Change change = untested.get(i);
            changes.add(new Change(change.arm, change.criterion, change.test, judgement.outcome(), judgement.note()));
        }
        return List.copyOf(changes);
    }

    private Optional<Change> change(String arm, Criterion criterion) {
        List<Double> ours = now.values(arm, criterion);
        List<Double> theirs = before.criteria().stream()
                .filter(old -> isSame(old, criterion))
                .findFirst()
                .map(old -> before.values(arm, old))
                .orElse(List.of());
        if (Math.min(ours.size(), theirs.size()) < Analysis.LEAST_ROUNDS) {
            return Optional.empty();
        }
        RatioTest test = RatioTest.unpaired(ours, theirs, Analysis.BAND);
        return Optional.of(new Change(arm, criterion, test, Outcome.CANNOT_TELL, ""));
    }

    private static boolean isSame(Criterion old, Criterion criterion) {
        LoadPoint was = old.point();
        LoadPoint is = criterion.point();
        return old.figure() == criterion.figure()
                && was.connections() == is.connections()
                && was.isClosed() == is.isClosed()
                && Math.abs(was.rate() - is.rate()) <= SAME_RATE * is.rate();
    }
}
