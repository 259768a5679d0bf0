package dev.thrum.simulation.explore;

import dev.thrum.engine.spi.CustomScheduler;
import dev.thrum.simulation.explore.code.ExploredCode;
import dev.thrum.simulation.explore.run.Machine;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

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
 * except for the JDK and libraries for tests, are loaded again, once for each {@link #of}, with a call before each access.
 *
 * <p>Immutable: each {@code with...} method returns another explorer. Explorations of one JVM run one after another; each
 * runs on the thread that calls, which must be a platform thread. The JVM needs the flag {@code --add-opens=java.base/java.lang=ALL-UNNAMED}.
 */
public final class Explorer {
    /** Explorations run one at a time: threads of a run find their machine in one place, which must cost nothing. */
    private static final ReentrantLock ONE_AT_A_TIME = new ReentrantLock();

    private final ExploredCode code;
    private final Plan plan;

    /** What is to be explored, and how. */
    record Plan(Subject subject, Search search, Timeouts timeouts, Budget budget) {}

    /** How much an exploration may cost. */
    record Budget(long schedules, Duration time, int steps, int findings) {}

    private Explorer(ExploredCode code, Plan plan) {
        this.code = code;
        this.plan = plan;
    }

    private Explorer with(Plan other) {
        return new Explorer(code, other);
    }

    private Explorer with(Budget budget) {
        return with(new Plan(plan.subject, plan.search, plan.timeouts, budget));
    }

    /**
     * An explorer of this program, with a systematic search, time limits by the clock, and no limit but 10,000 steps for each
     * schedule. It ends at the first finding.
     *
     * @param program a top-level or static nested class
     * @param arguments for the constructor of that many parameters, the same for each schedule, so only values that
     *     can't change: strings, numbers, booleans, characters, enum constants of the JDK
     * @throws IllegalArgumentException if an argument can change, or the class can't be created
     */
    public static Explorer of(Class<? extends Program> program, Object... arguments) {
        return of(Subject.program(program, List.of(arguments)));
    }

    /**
     * An explorer of methods of one object, such as a test: a new object for each schedule, made by the constructor
     * without parameters. Otherwise as {@link #of}.
     *
     * @param type a top-level or nested class; an object of an inner class is made with one of the class around it
     * @param setUp what is called on a new object of the class that declares it, before the actors begin
     * @param actors what runs at the same time; a method that is there twice is run by two threads
     * @param invariant what is called when all threads have ended, and must not throw
     * @throws IllegalArgumentException if a method has parameters or is static, or an object can't be made
     */
    public static Explorer ofMethods(Class<?> type, List<Method> setUp, List<Method> actors, Method invariant) {
        return of(new Subject(type, List.of(), Optional.of(new Subject.Methods(setUp, actors, invariant))));
    }

    private static Explorer of(Subject subject) {
        return new Explorer(
                ExploredCode.of(subject.type().getClassLoader()),
                new Plan(
                        subject,
                        Search.systematic(),
                        Timeouts.BY_CLOCK,
                        new Budget(Long.MAX_VALUE, Duration.ofDays(365), 10_000, 1)));
    }

    /** Other arguments for the constructor; the classes that are loaded are shared. */
    public Explorer withArguments(Object... values) {
        return with(new Plan(
                new Subject(plan.subject.type(), List.of(values), plan.subject.methods()),
                plan.search,
                plan.timeouts,
                plan.budget));
    }

    public Explorer withSearch(Search value) {
        return with(new Plan(plan.subject, value, plan.timeouts, plan.budget));
    }

    public Explorer withTimeouts(Timeouts value) {
        return with(new Plan(plan.subject, plan.search, value, plan.budget));
    }

    /** Ends the search after this many runs or this time, whatever comes first; the report is then not exhausted. */
    public Explorer withBudget(long schedules, Duration time) {
        return with(new Budget(schedules, time, plan.budget.steps, plan.budget.findings));
    }

    /** The most steps of a schedule: one that has more goes on for ever, which is a finding. */
    public Explorer withSteps(int most) {
        return with(new Budget(plan.budget.schedules, plan.budget.time, most, plan.budget.findings));
    }

    /** Ends the search after this many different findings; 1 unless set. */
    public Explorer withFindings(int most) {
        return with(new Budget(plan.budget.schedules, plan.budget.time, plan.budget.steps, most));
    }

    /**
     * Explores.
     *
     * @throws IllegalArgumentException if the program has no actors, there is no constructor for the arguments, or its class can't be rewritten
     * @throws IllegalStateException if the program behaves differently under the same schedule, because state has leaked
     *     from one run to another; if a thread that the explorer can't schedule takes part; or if the JVM lacks the flag
     */
    public ExplorationReport explore() {
        return alone(Exploration::explore);
    }

    /**
     * Explores, and fails if there is a finding.
     *
     * @throws ExplorationFailure with the report
     */
    public ExplorationReport check() {
        ExplorationReport report = explore();
        if (!report.findings().isEmpty()) {
            throw new ExplorationFailure(report, Finding::call);
        }
        return report;
    }

    /**
     * Runs one schedule, given by {@link Finding#schedule}. The report has this schedule's finding, if there is one, and its steps:
     * {@link ExplorationReport#trace}.
     *
     * @throws IllegalArgumentException if it is the schedule of another program, or no schedule
     */
    public ExplorationReport replay(String schedule) {
        return alone(exploration -> exploration.replay(schedule));
    }

    /**
     * Runs one schedule that shows how the program works: with at most one preemption, and such that a thread has to wait for a
     * lock, if there is such a schedule among the first ones and nothing goes wrong in it; otherwise the first schedule. The report
     * has its steps: {@link ExplorationReport#trace}.
     */
    public ExplorationReport sample() {
        return alone(Exploration::sample);
    }

    private ExplorationReport alone(Function<Exploration, ExplorationReport> task) {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("expected a platform thread to explore on but was called by "
                    + Thread.currentThread() + ": call it from the test's own thread");
        }
        CustomScheduler.problem().ifPresent(problem -> {
            throw new IllegalStateException(problem + "; run the JVM with " + CustomScheduler.REMEDY);
        });
        if (ONE_AT_A_TIME.isHeldByCurrentThread()) {
            throw new IllegalStateException("expected one exploration at a time but a program being explored explores");
        }
        ONE_AT_A_TIME.lock();
        try {
            return task.apply(new Exploration(code, plan));
        } finally {
            Machine.activate(null);
            ONE_AT_A_TIME.unlock();
        }
    }
}
