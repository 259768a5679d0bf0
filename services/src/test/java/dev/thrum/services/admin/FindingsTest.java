package dev.thrum.services.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.services.admin.Diagnosis.LockState;
import dev.thrum.services.admin.Diagnosis.LoopState;
import dev.thrum.services.admin.Diagnosis.QueueState;
import dev.thrum.services.admin.Diagnosis.RequestState;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is reported, in which order and words. */
class FindingsTest {
    private static final Diagnosis.Locks NO_LOCKS = new Diagnosis.Locks(List.of(), List.of(), List.of(), 0, 0);

    private static Diagnosis facts(
            String status,
            Diagnosis.Locks locks,
            List<LoopState> loops,
            List<QueueState> queues,
            @Nullable RequestState request) {
        return new Diagnosis(
                Diagnosis.PROGRAM,
                status,
                List.of(),
                locks,
                loops,
                queues,
                request,
                new Diagnosis.Threads(0, 0, List.of(), 0));
    }

    private static List<String> lines(Diagnosis facts) {
        return Findings.of(facts).stream()
                .map(finding -> finding.kind() + ": " + finding.text() + "; next: " + finding.next())
                .toList();
    }

    private static RequestState request(double seconds, boolean waitsForPeer) {
        return new RequestState(7, "GET /slow", seconds, "worker-1", waitsForPeer, "lock \"x\", held by y", List.of());
    }

    @Test
    void healthyServer_hasNone() {
        assertThat(Findings.of(facts(
                        "ready",
                        NO_LOCKS,
                        List.of(new LoopState("loop-1", 3, 0.002, null, List.of())),
                        List.of(new QueueState("database", 9, 0.9), new QueueState("outbox", 9, 9)),
                        request(9, false))))
                .isEmpty();
    }

    @Test
    void allKinds_comeWorstFirst_oneLineEach() {
        LockState left = new LockState("a", "left", 12.3, false, "b", 13);
        LockState right = new LockState("b", "right", 12, false, "a", 13);
        LockState third = new LockState("c", "left", 2, false, "b", 13);
        LockState fourth = new LockState("d", "left", 1.5, false, "b", 13);
        Diagnosis.Locks locks = new Diagnosis.Locks(
                List.of(left, right, third, fourth),
                List.of(List.of(left, right)),
                List.of(new Diagnosis.Inversion(
                        "2026-01-01T00:00:00Z",
                        List.of(
                                new Diagnosis.Order("right", "left", "b", "2026-01-01T00:00:00Z", List.of()),
                                new Diagnosis.Order("left", "right", "a", "2026-01-01T00:00:00Z", List.of())))),
                1_024,
                5);

        assertThat(lines(facts(
                        "draining",
                        locks,
                        List.of(
                                new LoopState(
                                        "loop-1",
                                        1,
                                        3.25,
                                        "loop-1-7",
                                        List.of(
                                                "java.base/java.lang.Thread.sleep(Thread.java:1)",
                                                "app//my.Code.run(Code.java:2)")),
                                new LoopState("loop-2", 2, 0.5, null, List.of())),
                        List.of(
                                new QueueState("outbox", 1, 10),
                                new QueueState("database", 2, 1),
                                new QueueState("request log", 3, 5)),
                        request(34, false))))
                .containsExactly(
                        "deadlock: a waits for lock \"left\", held by b; b waits for lock \"right\", held by a (for 12 s); next:"
                                + " restart the server; then acquire these locks in one order, or together with"
                                + " NamedLock.lockAll",
                        "blocked loop: loop-1-7 has kept loop-1 (1 connection) for 3.3 s, in my.Code.run(Code.java:2); next: move"
                                + " this work into connection.offload(...)",
                        "slow loop: loop-2 (2 connections) gives a new task its turn after 500 ms; next: look for handlers that"
                                + " compute, and move that into connection.offload(...)",
                        "lock: 2 threads have waited for lock \"left\" for up to 2.0 s; b has held it for 13 s or more; next: find"
                                + " b under /debug/threads, and what it does with the lock",
                        "slow request: GET /slow of connection 7 has taken 34 s so far and waits for lock \"x\", held by y"
                                + " (worker-1); next: read its stack under /debug/threads; give what it waits for a time limit",
                        "outbox: 1 message in the queue, the oldest for 10 s or more; next: find the client that does not read"
                                + " under /debug/connections",
                        "database: 2 calls in the queue, the oldest for 1.0 s or more; next: look for long transactions, or raise"
                                + " --db-threads",
                        "request log: 3 records in the queue, the oldest for 5.0 s or more; next: check the disk of --access-log",
                        "lock order: b acquired \"left\" while it held \"right\", and a acquired \"right\" while it held \"left\","
                                + " since 2026-01-01T00:00:00Z: this can deadlock; next: acquire them in one order, or together"
                                + " with NamedLock.lockAll; /debug/threads has the stacks",
                        "lock order: 1024 orders of two locks are recorded, which is the maximum, and others were seen 5 times;"
                                + " next: give locks of the same kind the same name",
                        "draining: the server accepts no new clients and ends when the last conversation has ended; next: wait,"
                                + " or send a second signal to end it at once");
    }

    @Test
    void deadlockWithATimeLimit_endsByItself() {
        LockState left = new LockState("a", "left", 0.2, true, "b", 1);
        LockState right = new LockState("b", "right", 0.1, false, "a", 1);

        assertThat(lines(facts(
                        "ready",
                        new Diagnosis.Locks(List.of(left, right), List.of(List.of(left, right)), List.of(), 0, 0),
                        List.of(),
                        List.of(),
                        null)))
                .singleElement()
                .asString()
                .contains("(for 100 ms, until a time limit ends it); next: acquire these locks in one order");
    }

    @Test
    void requestThatWaitsForItsClient_isNoFinding() {
        assertThat(lines(facts("ready", NO_LOCKS, List.of(), List.of(), request(100, true))))
                .isEmpty();
    }

    @Test
    void databaseThatCannotWork_comesFirst() {
        assertThat(lines(facts("database", NO_LOCKS, List.of(), List.of(new QueueState("database", 2, 1)), null)))
                .first()
                .asString()
                .startsWith("database: the database can't work; next: read /health/ready");
    }
}
