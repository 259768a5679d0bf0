package dev.thrum.simulation.explore;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Something wrong that a schedule of a program shows, with the shortest such schedule that was found: the one with the
 * fewest preemptions, of those the one with the fewest steps.
 *
 * @param kind what is wrong
 * @param message one line; for a deadlock who waits for what, held by whom
 * @param cause the trace of the exception, if one was thrown, otherwise empty
 * @param preemptions how often the schedule switches away from a thread that could go on
 * @param schedule a string that replays it exactly: {@link Explorer#replay}
 * @param steps what happens, step by step
 */
public record Finding(Kind kind, String message, String cause, int preemptions, String schedule, List<Step> steps) {
    /** What can be wrong. */
    public enum Kind {
        /** {@link Program#invariant} has thrown. */
        INVARIANT,
        /** An actor, or a thread that the program has started, has thrown. */
        EXCEPTION,
        /** A thread waits for a lock or a permit that a thread that waits holds, for a lock that was never given back, or for its own end. */
        DEADLOCK,
        /**
         * A thread waits for something that nobody will ever do, such as a signal that came before the wait, and nobody
         * holds what another one waits for. What it waits for may be a latch, a result, an element, or a thread that waits so.
         */
        MISSED_WAKE_UP,
        /** The threads go on for ever and nothing happens. */
        LIVELOCK,
        /** The actors have ended but a thread that the program has started waits for ever. */
        OUTLIVES
    }

    /**
     * A step: one access to something shared, and all that the thread does after it until its next one.
     *
     * @param thread the number of the thread, from 0; actors come first, in their order
     * @param name the name of the thread
     * @param place where it is in the source, such as {@code LostUpdate.java:12}
     * @param operation what it does, such as {@code reads}
     * @param object to what, such as {@code LostUpdate.count}
     * @param value the value that was read or is written, empty if there is none
     * @param scene what a picture of the step needs besides
     */
    public record Step(
            int thread, String name, String place, String operation, String object, String value, Scene scene) {}

    /**
     * What a step is about, taken apart, and how things are after it.
     *
     * @param number the number of the step in the schedule, from 0; those of a long schedule have gaps
     * @param subject the object alone: {@code Bank.left} where the step says {@code Bank.left (ReentrantLock.lock)}; empty if there is none
     * @param call the method of the JDK that is called, such as {@code ReentrantLock.lock}, empty if none is
     * @param writes whether the step may change its object
     * @param before the value before the step, empty if there is none
     * @param places the lines of the program that have led to the step, innermost first, such as {@code Bank.java:12}
     * @param holders the locks, monitors and permits that threads hold after the step, by name, with the number of the thread
     * @param waits the threads that wait after the step
     * @param signals the conditions, and objects with a monitor, that the step has signalled, whether a thread waited or not
     */
    public record Scene(
            int number,
            String subject,
            String call,
            boolean writes,
            String before,
            List<String> places,
            SortedMap<String, Integer> holders,
            List<Wait> waits,
            List<String> signals) {
        public Scene {
            places = List.copyOf(places);
            holders = Collections.unmodifiableSortedMap(new TreeMap<>(holders));
            waits = List.copyOf(waits);
            signals = List.copyOf(signals);
        }
    }

    /**
     * A thread that can't go on.
     *
     * @param thread its number
     * @param reason what it waits for, such as {@code a lock}
     * @param object the name of the lock or other object, empty if there is none
     * @param holder the number of the thread that holds it, or whose end is waited for; -1 if none does
     * @param places the lines of the program that have led to the wait, innermost first
     */
    public record Wait(int thread, String reason, String object, int holder, List<String> places) {
        public Wait {
            places = List.copyOf(places);
        }
    }

    /** The columns for the names of threads, unless one is longer. */
    private static final int LEAST_WIDTH = 10;

    public Finding {
        steps = List.copyOf(steps);
    }

    @Override
    public String toString() {
        return text(Finding::call);
    }

    /** The call that replays a schedule. */
    static String call(String schedule) {
        return "Explorer.replay(\"" + schedule + "\")";
    }

    /** The finding, with another way to replay its schedule. */
    String text(UnaryOperator<String> repeat) {
        int width = steps.stream().mapToInt(step -> step.name().length()).reduce(LEAST_WIDTH, Math::max);
        String same = "\n" + " ".repeat(width + 3);
        StringBuilder text = new StringBuilder().append(kind).append(": ").append(message);
        int last = -1;
        for (Step step : steps) {
            text.append(
                    step.thread() == last
                            ? same
                            : "\n  " + step.name()
                                    + " ".repeat(width - step.name().length() + 1));
            text.append("%s %s".formatted(step.operation(), step.object()).strip());
            text.append(step.value().isEmpty() ? "" : " = " + step.value());
            text.append(step.place().isEmpty() ? "" : "  (" + step.place() + ")");
            last = step.thread();
        }
        text.append("\n  replay it with ").append(repeat.apply(schedule));
        return cause.isEmpty() ? text.toString() : text + "\n" + cause.stripTrailing();
    }
}
