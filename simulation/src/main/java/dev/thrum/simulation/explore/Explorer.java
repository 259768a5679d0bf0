package dev.thrum.simulation.explore;

import java.time.Duration;
import java.util.List;

/**
 * Runs a {@link Program} under every schedule that can differ.
 *
 * <pre>{@code
 * Explorer.of(LostUpdate.class).check();
 * Explorer.of(Transfer.class).withSearch(Search.bounded(2)).withTimeouts(Timeouts.ANY).check();
 * }</pre>
 *
 * <p>A schedule is a sequence of steps, and a step is one access to something shared: a field, an array, a lock, an object of
 * the JDK. Before each access another thread may be given its turn. The classes of the program, and all that they use
 * except for the JDK and libraries for tests, are loaded again with a call before each access.
 *
 * <p>Immutable: each {@code with...} method returns another explorer. Explorations of one JVM run one after another; each
 * runs on the thread that calls, which must be a platform thread. The JVM needs the flag {@code --add-opens=java.base/java.lang=ALL-UNNAMED}.
 */
public final class Explorer {
    private final Class<? extends Program> program;
    private final List<Object> arguments;
    private final Search search;
    private final Timeouts timeouts;
    private final Budget budget;

    /** How much an exploration may cost. */
    private record Budget(long schedules, Duration time, int steps, int findings) {}

    private Explorer(
            Class<? extends Program> program, List<Object> arguments, Search search, Timeouts timeouts, Budget budget) {
        this.program = program;
        this.arguments = arguments;
        this.search = search;
        this.timeouts = timeouts;
        this.budget = budget;
    }

    /**
     * An explorer of this program, with a systematic search, time limits by the clock, and no limit but 10,000 steps for each
     * schedule. It ends at the first finding.
     *
     * @param program a top-level or static nested class
     * @param arguments for the constructor of that many parameters, the same for each schedule, so only values that
     *     can't change: strings, numbers, booleans, characters, enum constants of the JDK
     * @throws IllegalArgumentException if there is no such constructor or an argument can change
     */
    public static Explorer of(Class<? extends Program> program, Object... arguments) {
        return new Explorer(
                program,
                List.of(arguments),
                Search.systematic(),
                Timeouts.BY_CLOCK,
                new Budget(Long.MAX_VALUE, Duration.ofDays(365), 10_000, 1));
    }

    /** Other arguments for the constructor; the code that is loaded and rewritten is shared. */
    public Explorer withArguments(Object... values) {
        return new Explorer(program, List.of(values), search, timeouts, budget);
    }

    public Explorer withSearch(Search value) {
        return new Explorer(program, arguments, value, timeouts, budget);
    }

    public Explorer withTimeouts(Timeouts value) {
        return new Explorer(program, arguments, search, value, budget);
    }

    /** Ends the search after this many runs or this time, whatever comes first; the report is then not exhausted. */
    public Explorer withBudget(long schedules, Duration time) {
        return new Explorer(
                program, arguments, search, timeouts, new Budget(schedules, time, budget.steps(), budget.findings()));
    }

    /** The most steps of a schedule: one that has more goes on for ever, which is a finding. */
    public Explorer withSteps(int most) {
        return new Explorer(
                program,
                arguments,
                search,
                timeouts,
                new Budget(budget.schedules(), budget.time(), most, budget.findings()));
    }

    /** Ends the search when so many different things are found; 1 unless set. */
    public Explorer withFindings(int most) {
        return new Explorer(
                program,
                arguments,
                search,
                timeouts,
                new Budget(budget.schedules(), budget.time(), budget.steps(), most));
    }

    /**
     * Explores.
     *
     * @throws IllegalArgumentException if the program has no actors or its class can't be rewritten
     * @throws IllegalStateException if the program behaves differently under the same schedule, because state has leaked
     *     from one run to another; if a thread that the explorer can't schedule takes part; or if the JVM lacks the flag
     */
    public ExplorationReport explore() {
        throw new UnsupportedOperationException();
    }

    /**
     * Explores, and fails if there is a finding.
     *
     * @throws ExplorationFailure with the report
     */
    public ExplorationReport check() {
        ExplorationReport report = explore();
        if (!report.findings().isEmpty()) {
            throw new ExplorationFailure(report);
        }
        return report;
    }

    /**
     * Runs one schedule, given by {@link Finding#schedule}. The report has this schedule's finding, and its steps.
     *
     * @throws IllegalArgumentException if it is the schedule of another program, or no schedule
     */
    public ExplorationReport replay(String schedule) {
        throw new UnsupportedOperationException(schedule);
    }
}
