package dev.thrum.simulation;

import dev.thrum.engine.spi.CustomScheduler;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The virtual threads of a simulated world. Owned by the simulation's thread. */
final class SimulatedThreads {
    private static final int SHOWN_FRAMES = 8;

    private final Scheduler scheduler;
    private int started;

    SimulatedThreads(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    Thread start(String name, Runnable body) {
        return CustomScheduler.threads(scheduler).name(name + "-" + ++started).start(body);
    }

    boolean allEnded() {
        return scheduler.live().isEmpty();
    }

    /** A description of all waiting threads with their stacks, for a report. */
    String describe() {
        return scheduler.live().stream().map(SimulatedThreads::describe).collect(Collectors.joining("\n"));
    }

    private static String describe(Thread thread) {
        String frames = Stream.of(thread.getStackTrace())
                .filter(frame -> !frame.getClassName().startsWith("java."))
                .limit(SHOWN_FRAMES)
                .map(frame -> "\n        at " + frame)
                .collect(Collectors.joining());
        String name = thread.getName().isEmpty() ? "a thread without a name" : thread.getName();
        return "    " + name + ", " + hint(thread.getState()) + frames;
    }

    private static String hint(Thread.State state) {
        return switch (state) {
            case TIMED_WAITING -> "in a wait timed by the system's clock, not by the simulation's";
            case BLOCKED -> "blocked at a monitor that another thread holds while it waits";
            default -> state.toString().toLowerCase(Locale.ROOT);
        };
    }
}
