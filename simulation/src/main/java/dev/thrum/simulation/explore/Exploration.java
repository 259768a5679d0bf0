package dev.thrum.simulation.explore;

import dev.thrum.simulation.explore.code.ExploredCode;
import dev.thrum.simulation.explore.run.Machine;
import dev.thrum.simulation.explore.run.Strategy;
import dev.thrum.simulation.explore.search.FixedSchedule;
import dev.thrum.simulation.explore.search.PartialOrderSearch;
import dev.thrum.simulation.explore.search.PlainSearch;
import dev.thrum.simulation.explore.search.RandomSearch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One exploration: runs schedules until none is left or the budget is spent. Used by one thread. */
final class Exploration {
    /** The most runs that are spent on a shorter schedule for a finding. */
    private static final long SHORTENING = 20_000;

    private final ExploredCode code;
    private final LoadedProgram program;
    private final Explorer.Plan plan;
    private final boolean hasEnding;
    private final long end = System.nanoTime();

    private final Map<String, long[]> outcomes = new LinkedHashMap<>();
    private final Map<String, Shown> shown = new LinkedHashMap<>();
    private long schedules;
    private long redundant;
    private long steps;
    private boolean spun;

    /** Whether the constructor and the invariant of the program start no threads. */
    private boolean quietly;

    /** A schedule, and what it has led to. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Shown(RunResult result, int[] threads, int preemptions) {
        boolean isLongerThan(Machine machine) {
            int other = machine.state().preemptions();
            return other < preemptions || (other == preemptions && machine.depth() < threads.length);
        }
    }

    Exploration(ExploredCode code, Explorer.Plan plan) {
        this.code = code;
        this.plan = plan;
        this.program = new LoadedProgram(code, plan.subject());
        this.hasEnding = program.hasEnding();
    }

    private Machine machine(Strategy strategy) {
        Machine machine = new Machine(code, strategy, plan.budget().steps(), plan.timeouts() == Timeouts.ANY);
        Machine.activate(machine);
        return machine;
    }

    ExplorationReport explore() {
        Search search = plan.search();
        boolean exhausted;
        int bound = -1;
        Shown first = first();
        checkRepeats(first);
        if (search.kind() == Search.Kind.BOUNDED) {
            exhausted = true;
            boolean more = true;
            for (int most = 0; most <= search.preemptions() && exhausted && more; most++) {
                PlainSearch bounded = PlainSearch.bounded(most);
                schedules = 0;
                outcomes.clear();
                exhausted = search(bounded);
                bound = exhausted ? most : bound;
                more = bounded.hasCut() && shown.size() < plan.budget().findings();
            }
        } else {
            exhausted = search(strategy(search)) && search.kind() != Search.Kind.RANDOM;
        }
        checkRepeats(first);
        List<Finding> findings = new ArrayList<>();
        for (Shown one : shown.values()) {
            findings.add(describe(shorten(one)));
        }
        return report(exhausted, bound, findings, List.of());
    }

    private static Strategy strategy(Search search) {
        return switch (search.kind()) {
            case SYSTEMATIC -> PartialOrderSearch.sourceSets();
            case SLEEP_SETS -> PartialOrderSearch.sleepSets();
            case PLAIN -> PlainSearch.unbounded();
            case BOUNDED -> PlainSearch.bounded(search.preemptions());
            case RANDOM -> new RandomSearch(search.seed(), search.depth(), search.runs());
        };
    }

    /** Runs the first schedule. */
    private Shown first() {
        Machine machine = machine(PlainSearch.bounded(0));
        RunResult result = run(machine);
        quietly = machine.startsNoThreads();
        return shownBy(machine, result);
    }

    /** Runs a schedule again: a program that is not the same each time may have come to no point that differs, so far. */
    private void checkRepeats(Shown first) {
        FixedSchedule again = new FixedSchedule(first.threads());
        Machine machine = machine(again);
        RunResult result = run(machine);
        boolean whole = first.threads().length < plan.budget().steps();
        if (whole && (again.impossible() >= 0 || !first.result().outcome().equals(result.outcome()))) {
            machine.differs(Math.max(0, again.impossible()), 0, 0, -1);
            failOnProblem(machine);
        }
    }

    /** Returns whether nothing is left. */
    private boolean search(Strategy strategy) {
        Machine machine = machine(strategy);
        if (quietly) {
            machine.startsNoThreads();
        }
        long deadline = plan.budget().time().toNanos();
        long runs = 0;
        do {
            RunResult result = run(machine);
            steps += machine.depth();
            if (machine.wasGivenUp()) {
                redundant++;
            } else {
                schedules++;
                outcomes.computeIfAbsent(result.outcome(), _ -> new long[1])[0]++;
                if (!result.isFine() && note(machine, result)) {
                    spun |= machine.state().spun();
                    return false;
                }
            }
            if (++runs >= plan.budget().schedules() || (runs % 64 == 0 && System.nanoTime() - end > deadline)) {
                spun |= machine.state().spun();
                return !strategy.advance();
            }
        } while (strategy.advance());
        spun |= machine.state().spun();
        return true;
    }

    /** Keeps the shortest schedule; returns whether there are enough findings. */
    private boolean note(Machine machine, RunResult result) {
        Shown known = shown.get(result.sign());
        if (known == null ? shown.size() < plan.budget().findings() : known.isLongerThan(machine)) {
            shown.put(result.sign(), shownBy(machine, result));
        }
        return shown.size() >= plan.budget().findings();
    }

    private static Shown shownBy(Machine machine, RunResult result) {
        return new Shown(result, threads(machine), machine.state().preemptions());
    }

    private static int[] threads(Machine machine) {
        int[] threads = new int[machine.depth()];
        Arrays.setAll(threads, machine::taken);
        return threads;
    }

    private RunResult run(Machine machine) {
        machine.run(program);
        failOnProblem(machine);
        program.checkCreated();
        RunResult result = RunResult.of(machine);
        if (!hasEnding || machine.wasGivenUp() || machine.wasTooLong()) {
            return result;
        }
        Ending ending = new Ending(program.current(), result);
        machine.runQuietly(ending);
        failOnProblem(machine);
        return ending.result();
    }

    private static void failOnProblem(Machine machine) {
        String problem = machine.state().problem();
        if (problem != null) {
            throw new IllegalStateException(problem);
        }
    }

    /** Looks for a schedule with fewer preemptions, within reason. */
    private Shown shorten(Shown found) {
        for (int most = 0; most < found.preemptions(); most++) {
            PlainSearch bounded = PlainSearch.bounded(most);
            Machine machine = machine(bounded);
            long runs = 0;
            do {
                RunResult result = run(machine);
                if (result.kind() == found.result().kind()
                        && result.sign().equals(found.result().sign())) {
                    return shownBy(machine, result);
                }
            } while (++runs < SHORTENING && bounded.advance());
        }
        return found;
    }

    private Finding describe(Shown found) {
        TracedSchedule traced = new TracedSchedule(found.threads(), program::root);
        Machine machine = machine(traced);
        machine.state().trace();
        RunResult again = run(machine);
        if (traced.impossible() >= 0 || again.kind() != found.result().kind()) {
            machine.differs(Math.max(0, traced.impossible()), 0, 0, -1);
            failOnProblem(machine);
        }
        return finding(again, found.threads(), machine, traced);
    }

    private Finding finding(RunResult result, int[] threads, Machine machine, TracedSchedule traced) {
        Finding.Kind kind = result.kind() == null ? Finding.Kind.EXCEPTION : result.kind();
        if (kind == Finding.Kind.DEADLOCK) {
            kind = traced.kindOfWait();
        }
        String message = switch (kind) {
            case INVARIANT -> "the invariant fails: " + result.failure();
            case EXCEPTION -> thrower(machine) + " throws " + result.failure();
            case LIVELOCK -> "the threads go on after " + machine.depth() + " steps: " + traced.cycle();
            case DEADLOCK, MISSED_WAKE_UP, OUTLIVES -> traced.waiting();
        };
        return new Finding(
                kind,
                StableText.of(message),
                Traces.of(result.failure()),
                machine.state().preemptions(),
                ScheduleText.write(name(), threads),
                traced.steps());
    }

    private static String thrower(Machine machine) {
        var thread = machine.state().thrower();
        return thread == null ? "a thread" : thread.name();
    }

    private String name() {
        return program + (plan.timeouts() == Timeouts.ANY ? " with timeouts ANY" : "");
    }

    ExplorationReport replay(String schedule) {
        return trace(ScheduleText.read(name(), schedule));
    }

    /** Runs a schedule that shows the program at work: one in which a thread has to wait, if there is one, otherwise the first. */
    ExplorationReport sample() {
        Shown chosen = first();
        ContendedSearch search = new ContendedSearch();
        Machine machine = machine(search);
        long runs = 0;
        do {
            RunResult result = run(machine);
            if (result.isFine() && search.wasContended() && !machine.wasGivenUp()) {
                chosen = shownBy(machine, result);
                break;
            }
        } while (++runs < SHORTENING && search.advance());
        return trace(chosen.threads());
    }

    private ExplorationReport trace(int[] threads) {
        TracedSchedule traced = new TracedSchedule(threads, program::root);
        Machine machine = machine(traced);
        machine.state().trace();
        RunResult result = run(machine);
        if (traced.impossible() >= 0) {
            throw new IllegalArgumentException(
                    "expected a schedule of " + name() + " but at step " + traced.impossible()
                            + " the program can't go on like that: it has changed since, or is another one");
        }
        steps = machine.depth();
        schedules = 1;
        outcomes.put(result.outcome(), new long[] {1});
        spun = machine.state().spun();
        List<Finding> findings = result.isFine() ? List.of() : List.of(finding(result, threads, machine, traced));
        return report(false, -1, findings, traced.steps());
    }

    private ExplorationReport report(boolean exhausted, int bound, List<Finding> findings, List<Finding.Step> trace) {
        Map<String, Long> counts = new LinkedHashMap<>();
        outcomes.forEach((outcome, count) -> counts.put(outcome, count[0]));
        return new ExplorationReport(
                plan.search(),
                schedules,
                redundant,
                steps,
                exhausted,
                bound,
                findings,
                counts,
                Unseen.of(plan, spun),
                trace);
    }
}
