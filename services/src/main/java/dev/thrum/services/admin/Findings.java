package dev.thrum.services.admin;

import dev.thrum.base.Plural;
import dev.thrum.services.admin.Diagnosis.Finding;
import dev.thrum.services.admin.Diagnosis.Inversion;
import dev.thrum.services.admin.Diagnosis.LockState;
import dev.thrum.services.admin.Diagnosis.LoopState;
import dev.thrum.services.admin.Diagnosis.QueueState;
import dev.thrum.services.admin.Diagnosis.RequestState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What is worth looking at in a diagnosis, the worst first, each in one line with the next step to take. */
final class Findings {
    /** A loop that gives a new task its turn later than this delays every one of its connections, in seconds. */
    private static final double LONG_LAG = 0.5;

    private static final double LONG_LOCK = 1;
    private static final double LONG_REQUEST = 10;

    /** How long the oldest item of a queue may wait: about ten times what is usual. */
    private static final Map<String, Double> LONG_QUEUES = Map.of("outbox", 10.0, "database", 1.0, "request log", 5.0);

    private Findings() {}

    /** Deadlocks first, which end only with the program; last what may go wrong some day. */
    static List<Finding> of(Diagnosis facts) {
        List<Finding> all = new ArrayList<>();
        facts.locks().deadlocks().forEach(cycle -> all.add(deadlock(cycle)));
        facts.loops().stream()
                .filter(loop -> loop.lagSeconds() >= LONG_LAG)
                .map(Findings::loop)
                .forEach(all::add);
        all.addAll(locks(facts.locks()));
        RequestState request = facts.oldestRequest();
        if (request != null && request.busySeconds() >= LONG_REQUEST && !request.waitsForPeer()) {
            all.add(request(request));
        }
        facts.queues().stream()
                .filter(queue ->
                        queue.oldestSeconds() >= LONG_QUEUES.getOrDefault(queue.name(), Double.POSITIVE_INFINITY))
                .map(Findings::queue)
                .forEach(all::add);
        facts.locks().inversions().forEach(inversion -> all.add(inversion(inversion)));
        if (facts.locks().unrecorded() > 0) {
            all.add(new Finding(
                    "lock order",
                    facts.locks().edges()
                            + " orders of two locks are recorded, which is the maximum, and others were seen "
                            + facts.locks().unrecorded() + " times",
                    "give locks of the same kind the same name"));
        }
        status(facts.status(), all);
        return all;
    }

    private static void status(String status, List<Finding> all) {
        switch (status) {
            case "draining" ->
                all.add(new Finding(
                        "draining",
                        "the server accepts no new clients and ends when the last conversation has ended",
                        "wait, or send a second signal to end it at once"));
            case "database" ->
                all.addFirst(new Finding(
                        "database", "the database can't work", "read /health/ready, which names the fault"));
            default -> {}
        }
    }

    /** A time, as people say it. */
    static String time(double seconds) {
        return seconds < 1
                ? Math.round(seconds * 1_000) + " ms"
                : String.format(Locale.ROOT, seconds < 10 ? "%.1f s" : "%.0f s", seconds);
    }

    private static Finding deadlock(List<LockState> cycle) {
        String ring = cycle.stream()
                .map(wait -> wait.thread() + " waits for lock \"" + wait.lock() + "\", held by " + wait.heldBy())
                .collect(Collectors.joining("; "));
        boolean timed = cycle.stream().anyMatch(LockState::timed);
        double waited =
                cycle.stream().mapToDouble(LockState::waitedSeconds).min().orElse(0);
        return new Finding(
                "deadlock",
                ring + " (for " + time(waited) + (timed ? ", until a time limit ends it)" : ")"),
                (timed ? "" : "restart the server; then ")
                        + "acquire these locks in one order, or together with NamedLock.lockAll");
    }

    private static Finding loop(LoopState loop) {
        String delayed = " (" + Plural.of(loop.connections(), "connection") + ")";
        return loop.keeper()
                .map(thread -> new Finding(
                        "blocked loop",
                        thread + " has kept " + loop.name() + delayed + " for " + time(loop.lagSeconds())
                                + at(loop.stack()),
                        "move this work into connection.offload(...)"))
                .orElseGet(() -> new Finding(
                        "slow loop",
                        loop.name() + delayed + " gives a new task its turn after " + time(loop.lagSeconds()),
                        "look for handlers that compute, and move that into connection.offload(...)"));
    }

    private static String at(List<String> stack) {
        String place = StackGroups.place(stack);
        return place.isEmpty() ? "" : ", in " + place;
    }

    /** One for each lock and its holder; the waits of a deadlock are reported already. */
    private static List<Finding> locks(Diagnosis.Locks locks) {
        Set<LockState> reported = new HashSet<>();
        locks.deadlocks().forEach(reported::addAll);
        Map<List<String>, List<LockState>> byLock = locks.waits().stream()
                .filter(wait -> wait.waitedSeconds() >= LONG_LOCK && !reported.contains(wait))
                .collect(Collectors.groupingBy(
                        wait -> List.of(wait.lock(), wait.heldBy()), LinkedHashMap::new, Collectors.toList()));
        return byLock.values().stream()
                .map(waits -> lock(waits.getFirst(), waits.size()))
                .toList();
    }

    private static Finding lock(LockState longest, int count) {
        return new Finding(
                "lock",
                (count == 1 ? longest.thread() + " has" : count + " threads have") + " waited for lock \""
                        + longest.lock()
                        + "\" for " + (count == 1 ? "" : "up to ") + time(longest.waitedSeconds()) + "; "
                        + longest.heldBy() + " has held it for " + time(longest.heldSeconds()) + " or more",
                "find " + longest.heldBy() + " under /debug/threads, and what it does with the lock");
    }

    private static Finding request(RequestState request) {
        String what = request.exchange().isEmpty() ? "the handler" : request.exchange();
        return new Finding(
                "slow request",
                what + " of connection " + request.connection() + " has taken " + time(request.busySeconds())
                        + " so far and waits for " + request.waitsFor() + " (" + request.thread() + ")",
                "read its stack under /debug/threads; give what it waits for a time limit");
    }

    private static Finding queue(QueueState queue) {
        return switch (queue.name()) {
            case "database" -> queue(queue, "call", "look for long transactions, or raise --db-threads");
            case "request log" -> queue(queue, "record", "check the disk of --access-log");
            default -> queue(queue, "message", "find the client that does not read under /debug/connections");
        };
    }

    private static Finding queue(QueueState queue, String item, String next) {
        return new Finding(
                queue.name(),
                Plural.of(queue.waiting(), item) + " in the queue, the oldest for " + time(queue.oldestSeconds())
                        + " or more",
                next);
    }

    private static Finding inversion(Inversion inversion) {
        return new Finding(
                "lock order",
                inversion.orders().stream()
                                .map(order -> order.thread() + " acquired \"" + order.acquired() + "\" while it held \""
                                        + order.held() + "\"")
                                .collect(Collectors.joining(", and "))
                        + ", since " + inversion.since() + ": this can deadlock",
                "acquire them in one order, or together with NamedLock.lockAll; /debug/threads has the stacks");
    }
}
