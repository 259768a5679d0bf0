package dev.thrum.lab.scenario;

import dev.thrum.lab.scenario.LabScenario.Variant;
import dev.thrum.simulation.explore.Program;
import java.util.List;
import java.util.Optional;

/** All scenarios, by row. */
public final class Scenarios {
    private static final int SECOND = 1_000;

    /** A fixed program need not be run as often as one that fails sometimes. */
    private static final int FEWER = 100;

    private static final List<LabScenario> ALL = List.of(
            new LabScenario(
                    21,
                    "hello",
                    "two threads with names say hello; run() starts none",
                    "A thread runs only after start(). run() is a method like any other: the caller does the work itself, and"
                            + " nothing happens at the same time. Give threads names: logs and thread dumps show them.",
                    List.of("main"),
                    hazard(Hello.Broken.class, Hello.Fixed.class, List.of(), List.of(), 1),
                    null),
            new LabScenario(
                    21,
                    "join",
                    "the sum of a worker; shown before it is there",
                    "start() returns at once. The work of the thread may be done later or at the same time. join() waits for"
                            + " the end of the thread, and everything that it has written is visible afterwards.",
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
                    "count++ reads, adds and writes. If another thread writes between the read and the write, its value is"
                            + " overwritten with one that was computed from a copy that is out of date. With a lock the three steps"
                            + " are one.",
                    List.of("A", "B"),
                    hazard(Counter.Broken.class, Counter.Fixed.class, List.of(1), List.of(1_000_000), 100),
                    null),
            new LabScenario(
                    23,
                    "pan",
                    "three cooks with one frying pan; dishes are mixed up",
                    "Something that one thread at a time can use needs mutual exclusion: a lock that each takes before and gives"
                            + " back afterwards. Without it no thread waits, and each finds the things of another.",
                    List.of("egg cook", "fish cook", "onion cook"),
                    hazard(Pan.Broken.class, Pan.Fixed.class, List.of(1), List.of(100_000), 100),
                    null),
            new LabScenario(
                    24,
                    "bank",
                    "deposits and withdrawals; money appears or disappears",
                    "To check a balance and to change it are two steps. The check may be true, and no longer true at the"
                            + " write: the balance gets below zero, or a deposit is overwritten. The lock must be held for both.",
                    List.of(),
                    hazard(Bank.Broken.class, Bank.Fixed.class, List.of(2, 1), List.of(5, 100_000), 100),
                    null),
            new LabScenario(
                    25,
                    "deadlock",
                    "fork and knife taken in opposite order; nobody eats again",
                    "Each holds the lock that the other one needs, and waits for the lock that the other one holds. If all"
                            + " threads take locks in one order, one of them can always go on.",
                    List.of("Ann", "Bob"),
                    hazard(Deadlock.Broken.class, Deadlock.Fixed.class, List.of(1), List.of(100_000), 100),
                    null),
            new LabScenario(
                    25,
                    "livelock",
                    "both give way at the same moment, again and again",
                    "A time limit ends a deadlock, but if both give up and try again at the same moments, they only repeat it."
                            + " With pauses that differ, usually random ones, one of them is first.",
                    List.of("Ann", "Bob"),
                    hazard(Livelock.Broken.class, Livelock.Fixed.class, List.of(), List.of(), 20),
                    null),
            new LabScenario(
                    26,
                    "chef",
                    "a chef waits for a delivery that is already there",
                    "A signal wakes only threads that wait at that moment. The chef must check and begin to wait under one lock,"
                            + " so that no signal is given in between, and check again after each wake-up: while, not if.",
                    List.of("chef", "boy"),
                    hazard(Chef.Broken.class, Chef.Fixed.class, List.of(), List.of(), 20_000),
                    null),
            new LabScenario(
                    26,
                    "signal",
                    "runners wait for the shot; one is too late to hear it",
                    "An event must be kept, because a thread may begin to wait for it later. A condition keeps nothing; a latch"
                            + " stays open.",
                    List.of("runner 1", "runner 2", "starter"),
                    hazard(Signal.Broken.class, Signal.Fixed.class, List.of(), List.of(), 20_000),
                    null),
            new LabScenario(
                    27,
                    "log",
                    "a log with a queue and one writer; the last records are lost",
                    "A flag means that there will be no more records. The writer must still write those that are in the queue,"
                            + " and the flag does not wake a writer that waits for the next one. An end mark in the queue does both.",
                    List.of("handler", "writer"),
                    hazard(Log.Broken.class, Log.Fixed.class, List.of(2), List.of(1_000), 100),
                    null),
            new LabScenario(
                    27,
                    "pool",
                    "tasks that wait for tasks of their own pool",
                    "A pool has a fixed number of threads. If each of them waits for a task that is still in the queue, none is"
                            + " left to run that task. The thread that submits should wait, and can take results as they are completed.",
                    List.of("main"),
                    hazard(Pool.Broken.class, Pool.Fixed.class, List.of(), List.of(), 2_000),
                    null),
            new LabScenario(
                    28,
                    "async",
                    "asynchronous operations: 3 s, 2 s, and an error that nobody sees",
                    "Operations that wait can wait at the same time: together they take as long as the longest. An error of an"
                            + " asynchronous operation is kept in its future, and is lost if nobody asks.",
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
                    "As with downloads. Be polite: a server may have a limit for requests at the same time.",
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
                            + " it costs more, and if it fails, the others go on.",
                    List.of(),
                    List.of(),
                    new Processes()),
            new LabScenario(
                    30,
                    "cores",
                    "a computation on 1 to n threads",
                    "Java has no global lock: a computation gets faster with each thread, up to the number of processors. More"
                            + " threads than that bring nothing.",
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
