package dev.thrum.bench.explore.collection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.simulation.explore.ExplorationReport;
import dev.thrum.simulation.explore.Explorer;
import dev.thrum.simulation.explore.Finding;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Faults that are seeded into small copies of our own structures are found; without a fault nothing is. */
class SeededFaultsTest {
    /** A copy, and what may be wrong with it. */
    private record Copy(Class<? extends Seeded> program, List<String> faults) {
        static Copy of(Class<? extends Seeded> program, String... faults) {
            return new Copy(program, List.of(faults));
        }
    }

    record Fault(Class<? extends Seeded> program, String name) {
        @Override
        public String toString() {
            return program.getSimpleName() + ", " + name;
        }
    }

    private static final List<Copy> COPIES = List.of(
            Copy.of(
                    QueueCopies.TwoTakers.class,
                    "put: no signal",
                    "take: no signal",
                    "take: if for while",
                    "take: signal of the wrong condition"),
            Copy.of(QueueCopies.TwoPutters.class, "put: if for while", "take: no signal"),
            Copy.of(
                    QueueCopies.Joined.class,
                    "taskDone: no lock",
                    "taskDone: no signal",
                    "take: counted after the lock",
                    "join: items in hand are forgotten"),
            Copy.of(
                    QueueCopies.ClosedForTakers.class,
                    "close: one signal",
                    "close: no lock",
                    "close: signals, then closes",
                    "take: closed is not checked"),
            Copy.of(QueueCopies.ClosedForPutters.class, "close: no lock", "close: no signal for putters"),
            Copy.of(QueueCopies.ClosedWhileFull.class, "put: closed is checked before the wait only"),
            Copy.of(
                    FlagCopies.Refs.class,
                    "enter: no compare-and-set",
                    "leave: never closes",
                    "close: does not check whether anyone is inside",
                    "close: looks, then closes"),
            Copy.of(
                    FlagCopies.FilePool.class,
                    "give: room is looked at, then taken",
                    "give: looks, then adds",
                    "give: does not look",
                    "retire: empties, then says so"),
            Copy.of(
                    FlagCopies.EndActions.class,
                    "add: does not look again",
                    "add: refuses without taking it back",
                    "run: says so afterwards"),
            Copy.of(
                    FlagCopies.Inbox.class,
                    "loop: looks, then says that it is idle",
                    "send: looks, then adds",
                    "send: wakes a loop that is not idle"),
            Copy.of(FlagCopies.Woken.class, "owner: looks, then clears", "wake: says so, then adds", "wake: no lock"),
            Copy.of(
                    FlagCopies.Backlog.class,
                    "pause: does not look again",
                    "pause: looks, then pauses",
                    "read: looks, then counts"),
            Copy.of(
                    TaskCopies.Task.class,
                    "claim: looks, then claims",
                    "run: without a claim",
                    "withdraw: future left open"),
            Copy.of(
                    TaskCopies.Ledger.class,
                    "end: counts, then looks",
                    "work: ends, then sends",
                    "work: sends, then counts"),
            Copy.of(
                    TaskCopies.LockAll.class,
                    "lockAll: in the order of the arguments",
                    "lockAll: only the first",
                    "close: not released"),
            Copy.of(
                    TaskCopies.TimedWait.class,
                    "await: interrupt is left",
                    "await: does not wait for the interrupt",
                    "expire: interrupts, then says so",
                    "expire: no compare-and-set"),
            Copy.of(
                    TaskCopies.Executor.class,
                    "offer: looks, then adds",
                    "take: stays idle",
                    "serve: does not look after it has taken"));

    static Stream<Class<? extends Seeded>> programs() {
        return COPIES.stream().map(Copy::program);
    }

    static Stream<Fault> faults() {
        return COPIES.stream().flatMap(copy -> copy.faults.stream().map(name -> new Fault(copy.program, name)));
    }

    @ParameterizedTest
    @MethodSource("programs")
    void copyWithoutAFault_isExhausted(Class<? extends Seeded> program) {
        ExplorationReport report = Explorer.of(program, Seeded.NONE).check();

        assertThat(report.exhausted()).isTrue();
        assertThat(report.schedules()).isGreaterThan(1);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void seededFault_isFound_andItsScheduleShowsItAgain(Fault fault) {
        Explorer explorer = Explorer.of(fault.program, fault.name);
        List<Finding> findings = explorer.explore().findings();

        assertThat(findings).hasSize(1);
        assertThat(explorer.replay(findings.getFirst().schedule()).findings()).isEqualTo(findings);
    }

    @Test
    void faults_areAtLeastTwenty() {
        assertThat(faults().distinct().count()).isGreaterThanOrEqualTo(20);
    }
}
