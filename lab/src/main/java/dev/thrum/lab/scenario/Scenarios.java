package dev.thrum.lab.scenario;

import dev.thrum.lab.scenario.LabScenario.Variant;
import dev.thrum.simulation.explore.Program;
import java.util.List;
import java.util.Optional;

/** All scenarios, by row. */
public final class Scenarios {
    private static final int SECOND = 1_000;

    /** What is right need not be run as often as what fails sometimes. */
    private static final int FEWER = 100;

    private static final List<LabScenario> ALL = List.of(
            new LabScenario(
                    21,
                    "hello",
                    "two threads with names say hello; run() starts none",
                    "A thread runs only after start(). To call run() is to call a method: the caller does the work itself, and"
                            + " nothing happens at the same time. Give threads names: logs and thread dumps show them.",
                    List.of("main"),
                    hazard(Hello.Broken.class, Hello.Fixed.class, List.of(), List.of(), 1),
                    null),
            new LabScenario(
                    21,
                    "join",
                    "the sum of a worker; shown before it is there",
                    "start() returns at once. What the thread does happens later, at the earliest at the same time. join() waits"
                            + " for its end, and everything that it has written is visible afterwards.",
                    List.of("main"),
                    hazard(Join.Broken.class, Join.Fixed.class, List.of(), List.of(), 1_000),
                    null),
            new LabScenario(
                    21,
                    "daemon",
                    "a thread that saves pages; the JVM ends without it",
                    "The JVM waits for all threads that are not daemons. A daemon is cut off wherever it is, without an exception"
                            + " and without its finally blocks. So daemons are for work that may be lost.",
                    List.of("main"),
                    hazard(Daemon.Broken.class, Daemon.Fixed.class, List.of(), List.of(), 1_000),
                    null),
            new LabScenario(
                    22,
                    "counter",
                    "two threads count; increments are lost",
                    "count++ reads, adds and writes. If another thread writes between the read and the write, what it has written"
                            + " is overwritten with a copy that is out of date. A lock makes the three steps one for all who hold it.",
                    List.of("A", "B"),
                    hazard(Counter.Broken.class, Counter.Fixed.class, List.of(1), List.of(1_000_000), 100),
                    null),
            new LabScenario(
                    23,
                    "pan",
                    "three cooks with one frying pan; dishes are mixed up",
                    "Something that only one can use at a time needs mutual exclusion: a lock that each takes before and gives"
                            + " back after. Without it nobody waits, and each finds what another has left.",
                    List.of("egg cook", "fish cook", "onion cook"),
                    hazard(Pan.Broken.class, Pan.Fixed.class, List.of(1), List.of(100_000), 100),
                    null),
            new LabScenario(
                    24,
                    "bank",
                    "deposits and withdrawals; money appears or disappears",
                    "To look at a balance and then to change it are two steps. What was true at the look may be false at the"
                            + " write: the account goes below zero, or a deposit is overwritten. The lock must be held for both.",
                    List.of(),
                    hazard(Bank.Broken.class, Bank.Fixed.class, List.of(2, 1), List.of(5, 100_000), 100),
                    null),
            new LabScenario(
                    25,
                    "deadlock",
                    "fork and knife taken in opposite order; nobody eats again",
                    "Each holds what the other one needs, and waits for what the other one holds. If all take locks in one"
                            + " order, there is always one who can go on.",
                    List.of("Ann", "Bob"),
                    hazard(Deadlock.Broken.class, Deadlock.Fixed.class, List.of(1), List.of(100_000), 100),
                    null),
            new LabScenario(
                    25,
                    "livelock",
                    "both give way at the same moment, again and again",
                    "A time limit ends a deadlock, but if both give up and try again at the same moments, they only repeat it. A"
                            + " pause that differs from the other one's (usually a random one) lets one of them go first.",
                    List.of("Ann", "Bob"),
                    hazard(Livelock.Broken.class, Livelock.Fixed.class, List.of(), List.of(), 20),
                    null),
            new LabScenario(
                    26,
                    "chef",
                    "a chef waits for a delivery that has already come",
                    "A signal wakes only those who wait at that moment. The chef must look and begin to wait under one lock, so"
                            + " that no signal falls in between, and look again after each wake-up: while, not if.",
                    List.of("chef", "boy"),
                    hazard(Chef.Broken.class, Chef.Fixed.class, List.of(), List.of(), 20_000),
                    null),
            new LabScenario(
                    26,
                    "signal",
                    "runners wait for the shot; one comes too late to hear it",
                    "An event must be remembered, because those who wait for it may come after it. A condition remembers nothing;"
                            + " a latch stays open.",
                    List.of("runner 1", "runner 2", "starter"),
                    hazard(Signal.Broken.class, Signal.Fixed.class, List.of(), List.of(), 20_000),
                    null),
            new LabScenario(
                    27,
                    "log",
                    "a log with a queue and one writer; the last records are lost",
                    "A flag says that no more records come. It says nothing of those that are still in the queue, nor does it"
                            + " wake up a writer who waits for the next one. An end mark in the queue does both.",
                    List.of("handler", "writer"),
                    hazard(Log.Broken.class, Log.Fixed.class, List.of(2), List.of(1_000), 100),
                    null),
            new LabScenario(
                    27,
                    "pool",
                    "tasks that wait for tasks of their own pool",
                    "A pool has as many threads as it has. If each of them waits for a task that is still in the queue, nobody is"
                            + " left to run that task. Who submits should wait, and can take the results as they are completed.",
                    List.of("main"),
                    hazard(Pool.Broken.class, Pool.Fixed.class, List.of(), List.of(), 2_000),
                    null),
            new LabScenario(
                    28,
                    "async",
                    "asynchronous operations: 3 s, 2 s, and an error that nobody sees",
                    "Operations that wait can wait at the same time: together they take as long as the longest. An error of an"
                            + " asynchronous operation is kept in its future, and stays there until somebody asks.",
                    List.of("main"),
                    List.of(
                            timed("sequential", Async.Sequential.class),
                            timed("parallel", Async.Parallel.class),
                            new Variant(Variant.BROKEN, Async.Broken.class, List.of(), List.of(), 1),
                            new Variant(Variant.FIXED, Async.Fixed.class, List.of(), List.of(), 1)),
                    null),
            new LabScenario(
                    29,
                    "downloads",
                    "3 downloads of 3 s: 9 s one after the other, 3 s at the same time",
                    "A download is mostly waiting. One thread that waits three times takes as long as the three together; three"
                            + " threads that wait take as long as one.",
                    List.of("main"),
                    List.of(
                            timed("sequential", Downloads.Sequential.class),
                            timed("concurrent", Downloads.Concurrent.class)),
                    null),
            new LabScenario(
                    29,
                    "requests",
                    "5 requests of 2 s: 10 s one after the other, 2 s at the same time",
                    "As with downloads. How many at the same time are polite is for the server to say.",
                    List.of("main"),
                    List.of(
                            timed("sequential", Requests.Sequential.class),
                            timed("concurrent", Requests.Concurrent.class)),
                    null),
            new LabScenario(
                    30,
                    "processes",
                    "a thread against a process: start, memory, messages",
                    "Threads share their memory, so they are cheap to start and a message is a reference. A process has its own:"
                            + " it costs more, and if it breaks, the others go on.",
                    List.of(),
                    List.of(),
                    new Processes()),
            new LabScenario(
                    30,
                    "cores",
                    "work for the processor on 1 to n threads",
                    "Java has no lock around its threads: work that only computes gets faster with each thread, up to the number"
                            + " of processors. More threads than that bring nothing.",
                    List.of(),
                    List.of(),
                    new Cores()));

    private Scenarios() {}

    private static List<Variant> hazard(
            Class<? extends Program> broken,
            Class<? extends Program> fixed,
            List<Integer> small,
            List<Integer> large,
            int rounds) {
        return List.of(
                new Variant(Variant.BROKEN, broken, small, large, rounds),
                new Variant(Variant.FIXED, fixed, small, large, Math.max(1, rounds / FEWER)));
    }

    private static Variant timed(String name, Class<? extends Program> program) {
        return new Variant(name, program, List.of(SECOND), List.of(SECOND), 1);
    }

    /** All of them, in the order of their rows. */
    public static List<LabScenario> all() {
        return ALL;
    }

    /** The scenario with this name. */
    public static Optional<LabScenario> find(String name) {
        return ALL.stream().filter(scenario -> scenario.name().equals(name)).findFirst();
    }
}
