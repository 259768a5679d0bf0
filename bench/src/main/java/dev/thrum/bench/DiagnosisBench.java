package dev.thrum.bench;

import dev.thrum.bench.Turns.Turn;
import dev.thrum.bench.load.Exchange;
import dev.thrum.bench.load.Load;
import dev.thrum.bench.options.Protocol;
import dev.thrum.bench.tables.Results;
import dev.thrum.measure.Child;
import dev.thrum.measure.Pinning;
import dev.thrum.measure.Window;
import dev.thrum.measure.statistics.Bound;
import dev.thrum.measure.statistics.Finding;
import dev.thrum.measure.statistics.Interval;
import dev.thrum.work.NamedLock;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What the diagnosis of a server costs: its records for each request, a named lock, and the page {@code /debug/threads}. Part of
 * {@code thrum bench lab}.
 */
final class DiagnosisBench {
    private static final Load LOAD = new Load(Exchange.PLAINTEXT, 64);
    private static final Duration WINDOW = Duration.ofSeconds(2);
    private static final int WARM_UP_WINDOWS = 4;
    private static final int LOCKINGS = 20_000_000;
    private static final String WITH = "with records";
    private static final String WITHOUT = "without";

    private final Path thrum;
    private final PrintStream out;

    /** How often a lock was acquired; guarded by the one that is measured. */
    private long guarded;

    DiagnosisBench(Path thrum, PrintStream out) {
        this.thrum = thrum;
        this.out = out;
    }

    void run(int rounds) throws IOException, InterruptedException {
        List<Finding> findings = new ArrayList<>();
        findings.add(new Finding(
                "locks and requests recorded, against not",
                "CPU per request",
                LOAD.toString(),
                requests(rounds),
                Bound.atMost(1.03, 1.01)));
        findings.add(new Finding(
                "NamedLock against ReentrantLock",
                "time to lock and unlock",
                "one thread",
                locks(rounds),
                Bound.atMost(2, 1.3)));
        DiagnosisPauses pauses = DiagnosisPauses.measure(rounds);
        findings.add(new Finding(
                "longest pause of a handler while /debug/threads is asked",
                "ms",
                DiagnosisPauses.WAITING + " waiting virtual threads",
                pauses.asked(),
                Bound.atMost(50, 10)));
        findings.add(new Finding(
                "the same while it is not",
                "ms",
                DiagnosisPauses.WAITING + " waiting virtual threads",
                pauses.unasked(),
                Bound.none()));
        Finding.print(out, findings);
    }

    /** The servers run at the same time on one core and are loaded in turn. */
    private Interval requests(int rounds) throws IOException, InterruptedException {
        Pinning pinning = Pinning.find();
        Processes with = new Processes(Protocol.HTTP, thrum, pinning);
        Processes without = new Processes(Protocol.HTTP, thrum, pinning, List.of("-Dthrum.diagnosis=false"));
        Results results = new Results();
        try (Child generator = with.generator();
                Child one = with.server(DiagnosedServer.class);
                Child other = without.server(DiagnosedServer.class)) {
            Meter meter = new Meter(generator, WINDOW, Contest.REPEATS);
            List<Turn> turns = List.of(
                    new Turn(meter, new Meter.Target(WITH, Processes.port(one), one.pid()), LOAD),
                    new Turn(meter, new Meter.Target(WITHOUT, Processes.port(other), other.pid()), LOAD));
            for (Turn turn : turns) {
                turn.warmUp(WARM_UP_WINDOWS);
            }
            new Turns(rounds).measure("lab, requests", turns, results);
        }
        List<Window> recorded = results.windows(WITH, LOAD);
        List<Window> plain = results.windows(WITHOUT, LOAD);
        return Interval.ofPairs(recorded, plain, Window::cpu);
    }

    private Interval locks(int rounds) {
        NamedLock named = new NamedLock("measured");
        ReentrantLock plain = new ReentrantLock();
        List<Double> ratios = new ArrayList<>();
        // The first rounds are compiled meanwhile.
        for (int round = -2; round < rounds; round++) {
            System.err.println("lab, locks, round " + (round + 1) + " of " + rounds);
            double ratio = (double) named(named) / plain(plain);
            if (round >= 0) {
                ratios.add(ratio);
            }
        }
        System.err.println("lab, locks: " + guarded + " times locked and unlocked");
        return Interval.of(ratios);
    }

    // Two methods, so that each call has one type of lock.

    private long named(NamedLock lock) {
        long begun = System.nanoTime();
        for (int i = 0; i < LOCKINGS; i++) {
            lock.lock();
            try {
                guarded++;
            } finally {
                lock.unlock();
            }
        }
        return System.nanoTime() - begun;
    }

    private long plain(ReentrantLock lock) {
        long begun = System.nanoTime();
        for (int i = 0; i < LOCKINGS; i++) {
            lock.lock();
            try {
                guarded++;
            } finally {
                lock.unlock();
            }
        }
        return System.nanoTime() - begun;
    }
}
