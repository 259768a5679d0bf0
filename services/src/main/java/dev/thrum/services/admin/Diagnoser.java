package dev.thrum.services.admin;

import static dev.thrum.services.admin.Metrics.seconds;

import dev.thrum.base.Rfc3339;
import dev.thrum.base.Threads;
import dev.thrum.database.DatabaseStats;
import dev.thrum.engine.ConnectionInfo;
import dev.thrum.engine.ConnectionInfo.Waiting;
import dev.thrum.engine.Engine;
import dev.thrum.engine.EngineStats;
import dev.thrum.log.LogStats;
import dev.thrum.log.RequestLog;
import dev.thrum.services.data.Data;
import dev.thrum.work.LockReport;
import dev.thrum.work.NamedLock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link Diagnosis}. It takes no lock that a handler could hold for long and waits for nothing but the turns of loops,
 * for at most a second; so it works while every loop, worker and named lock is taken. Until somebody asks it does nothing.
 */
final class Diagnoser {
    private final Engine watched;
    private final @Nullable Data data;
    private final @Nullable RequestLog log;

    Diagnoser(Engine watched, @Nullable Data data, @Nullable RequestLog log) {
        this.watched = watched;
        this.data = data;
        this.log = log;
    }

    /**
     * What this program is doing now. The caller must not be a thread of the engine that is watched.
     *
     * @param status of the server
     */
    Diagnosis diagnose(String status) {
        List<EngineStats.Loop> loops = watched.loops();
        List<EngineStats.Handler> handlers = watched.handlers();
        LockReport locks = NamedLock.report();
        Diagnosis facts = new Diagnosis(
                Diagnosis.PROGRAM,
                status,
                List.of(),
                locks(locks),
                loops.stream().map(Diagnoser::loop).toList(),
                queues(),
                oldestRequest(handlers, locks).orElse(null),
                StackGroups.of(threads(loops, handlers, locks)));
        return facts.withFindings(Findings.of(facts));
    }

    private Set<Thread> threads(
            Collection<EngineStats.Loop> loops, Collection<EngineStats.Handler> handlers, LockReport locks) {
        Set<Thread> threads = StackGroups.platform();
        handlers.forEach(handler -> threads.add(handler.thread()));
        threads.addAll(watched.asideThreads());
        loops.forEach(loop -> loop.keeper().ifPresent(threads::add));
        locks.waits().forEach(wait -> {
            threads.add(wait.thread());
            threads.add(wait.owner());
        });
        return threads;
    }

    private static Diagnosis.Locks locks(LockReport report) {
        return new Diagnosis.Locks(
                report.waits().stream().map(Diagnoser::lock).toList(),
                report.cycles().stream()
                        .map(cycle -> cycle.stream().map(Diagnoser::lock).toList())
                        .toList(),
                report.inversions().stream().map(Diagnoser::inversion).toList(),
                report.edges(),
                report.unrecorded());
    }

    private static Diagnosis.LockState lock(LockReport.Wait wait) {
        return new Diagnosis.LockState(
                Threads.label(wait.thread()),
                wait.lock(),
                seconds(wait.waited()),
                wait.timed(),
                Threads.label(wait.owner()),
                seconds(wait.held()));
    }

    private static Diagnosis.Inversion inversion(LockReport.Inversion inversion) {
        return new Diagnosis.Inversion(
                Rfc3339.text(inversion.since()),
                inversion.edges().stream()
                        .map(edge -> new Diagnosis.Order(
                                edge.held(),
                                edge.acquired(),
                                edge.thread(),
                                Rfc3339.text(edge.since()),
                                StackGroups.lines(edge.stack())))
                        .toList());
    }

    private static Diagnosis.LoopState loop(EngineStats.Loop loop) {
        return new Diagnosis.LoopState(
                loop.name(),
                loop.connections(),
                seconds(loop.lag()),
                loop.keeper().map(Threads::label).orElse(null),
                loop.keeper().map(StackGroups::stack).orElse(List.of()));
    }

    private List<Diagnosis.QueueState> queues() {
        List<Diagnosis.QueueState> queues = new ArrayList<>();
        List<ConnectionInfo.Messages> outboxes = watched.connections().stream()
                .map(ConnectionInfo::messages)
                .filter(messages -> messages.waiting() > 0)
                .toList();
        queues.add(new Diagnosis.QueueState(
                "outbox",
                outboxes.stream().mapToLong(ConnectionInfo.Messages::waiting).sum(),
                seconds(outboxes.stream()
                        .map(ConnectionInfo.Messages::oldest)
                        .max(Comparator.naturalOrder())
                        .orElse(Duration.ZERO))));
        if (data != null) {
            DatabaseStats stats = data.stats();
            queues.add(new Diagnosis.QueueState("database", stats.waiting(), seconds(stats.oldest())));
        }
        if (log != null) {
            LogStats stats = log.stats();
            queues.add(new Diagnosis.QueueState("request log", stats.waiting(), seconds(stats.oldest())));
        }
        return queues;
    }

    /** The handler that has been busy longest; if one waits for its client, only if no other is busy. */
    private static Optional<Diagnosis.RequestState> oldestRequest(
            Collection<EngineStats.Handler> handlers, LockReport locks) {
        Map<Thread, LockReport.Wait> waits =
                locks.waits().stream().collect(Collectors.toMap(LockReport.Wait::thread, Function.identity()));
        return handlers.stream()
                .filter(handler -> !handler.busy().isZero())
                .max(Comparator.<EngineStats.Handler>comparingInt(handler -> waitsForPeer(handler) ? 0 : 1)
                        .thenComparing(EngineStats.Handler::busy))
                .map(handler -> request(handler, Optional.ofNullable(waits.get(handler.thread()))));
    }

    private static boolean waitsForPeer(EngineStats.Handler handler) {
        return handler.waitingFor() != Waiting.NOTHING;
    }

    private static Diagnosis.RequestState request(EngineStats.Handler handler, Optional<LockReport.Wait> wait) {
        List<String> stack = StackGroups.stack(handler.thread());
        return new Diagnosis.RequestState(
                handler.connection(),
                handler.exchange(),
                seconds(handler.busy()),
                Threads.label(handler.thread()),
                waitsForPeer(handler),
                wait.map(known -> "lock \"" + known.lock() + "\", held by " + Threads.label(known.owner()))
                        .orElseGet(() -> waitsFor(handler, stack)),
                stack);
    }

    private static String waitsFor(EngineStats.Handler handler, List<String> stack) {
        if (waitsForPeer(handler)) {
            return handler.waitingFor() == Waiting.OUTPUT ? "its client to read" : "its client to send";
        }
        String place = StackGroups.place(stack);
        String where = place.isEmpty() ? "" : " in " + place;
        return switch (handler.thread().getState()) {
            case RUNNABLE -> "nothing: it runs" + where;
            case BLOCKED -> "a monitor that another thread holds," + where;
            case NEW, WAITING, TIMED_WAITING, TERMINATED -> blocker(handler.thread()) + where;
        };
    }

    /** What a thread is parked for: the class is the JDK's mostly, such as that of a future. */
    private static String blocker(Thread thread) {
        Object blocker = LockSupport.getBlocker(thread);
        return blocker == null ? "something" : "a " + blocker.getClass().getName();
    }
}
