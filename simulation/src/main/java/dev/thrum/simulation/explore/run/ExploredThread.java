package dev.thrum.simulation.explore.run;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A thread of a run, and the step that it takes next. Owned by the thread that explores, and by the virtual threads that it
 * runs, of which there is never more than one at a time.
 */
public final class ExploredThread {
    /** Flags of a step. */
    public static final int WRITE = 1;
    /** The step may touch anything. */
    public static final int GLOBAL = 2;
    /** The step touches nothing that is shared. */
    public static final int LOCAL = 4;
    /** The step interrupts the thread that is its object. */
    public static final int INTERRUPT = 8;
    /** The step ends when its thread is interrupted. */
    public static final int INTERRUPTIBLE = 16;

    /** Keys besides those of fields: of a monitor, of a permit to go on. */
    static final int MONITOR_KEY = -2;

    static final int PERMIT_KEY = -3;

    static final long NEVER = Long.MAX_VALUE;

    /** Its number; changes only while the program is created. */
    int number;

    boolean actor;

    @Nullable
    Thread thread;

    @Nullable
    Runnable continuation;

    /** The platform thread that the program has started, if this one runs instead of it. */
    @Nullable
    Thread standsFor;

    /** The code of a thread that does not exist before its first step. */
    @Nullable
    Runnable body;

    String name;

    // The next step.
    @Nullable
    Object object;

    int key;
    int flags;
    int site = -1;
    int need;
    int argument;
    /** What the need is about, if that isn't the object of the step. */
    @Nullable
    Object needed;

    long deadline = NEVER;
    /** Whether the wait may end at any moment. */
    boolean early;

    boolean signalled;

    /** The last step that has made this one possible, -1 if none. */
    int cause = -1;
    /** All steps before this number come before the next one. */
    int barrier;
    /** The last step of this thread, -1 if none. */
    int last = -1;

    boolean permit;
    boolean yielded;
    boolean unparked;
    /** Whether it waits inside the JDK with a time limit. */
    boolean timedInJdk;
    /** Whether it has stopped at a point, and not in the JDK. */
    boolean paused;

    boolean ended;
    /** Whether it is a timer that has ended because it was cancelled before its first step. */
    boolean cancelled;
    /** While positive its steps are no points: it initializes a class, or is within a call that can't be stopped. */
    int quiet;
    /** How far its clock is ahead of the others', because waits have ended before their time. */
    long ahead;
    /** Timed waits that may still end at any moment. */
    int earlyWaits;
    /** Ends of loops since its last point. */
    long loops;
    /** What it has read in this round of a loop and in the one before, and how many rounds were the same. */
    int reads;

    boolean wrote;
    int readsBefore;
    int sameRounds;

    ExploredThread(int number, String name) {
        this.number = number;
        this.name = name;
    }

    /** Whether the calling thread is this one. */
    @SuppressWarnings("ReferenceEquality") // A thread is meant, not one that is equal to it.
    boolean isCurrent() {
        return thread == Thread.currentThread();
    }

    public String name() {
        return name;
    }

    public boolean isActor() {
        return actor;
    }

    public int number() {
        return number;
    }

    public @Nullable Object object() {
        return object;
    }

    public int key() {
        return key;
    }

    public int flags() {
        return flags;
    }

    public int site() {
        return site;
    }

    public int last() {
        return last;
    }

    public int cause() {
        return cause;
    }

    public int barrier() {
        return barrier;
    }

    public boolean ended() {
        return ended;
    }

    /** Whether it was prevented from taking its next step: the search must try that step first. */
    public boolean cancelled() {
        return cancelled;
    }

    /** Sets the next step to one that needs nothing. */
    void next(@Nullable Object of, int keyOf, int withFlags, int at) {
        object = of;
        key = keyOf;
        flags = withFlags;
        site = at;
        need = Need.NOTHING;
        needed = null;
        deadline = NEVER;
        early = false;
        loops = 0;
    }

    /** The state of what the next step is about, as a number; see {@link #couldGoOn}. */
    public int stateOfObject() {
        if ((flags & INTERRUPT) != 0 && object instanceof ExploredThread other) {
            return other.thread != null && other.thread.isInterrupted() ? 1 : 0;
        }
        Object of = hasState();
        return object == null || of == null ? Need.UNKNOWN : Need.stateOf(of);
    }

    /** What the state is of: the object of the next step, unless that needs another. */
    public @Nullable Object hasState() {
        return needed != null ? needed : object;
    }

    /** Whether the next step could have been taken in a state of its object. */
    public boolean couldGoOn(int state) {
        return Need.isMetBy(need, argument, state);
    }

    /** Whether the next step could be taken now without an interrupt or the end of its time. */
    public boolean hasWhatItNeeds() {
        return object == null || couldGoOn(stateOfObject());
    }

    /** Whether the next step is a wait that an interrupt ends. */
    public boolean isInterruptedWait() {
        return (flags & INTERRUPTIBLE) != 0 && thread != null && thread.isInterrupted();
    }

    /** Whether the next step can always be taken. */
    public boolean needsNothing() {
        return need == Need.NOTHING || (early && need != Need.SIGNAL_AND_LOCK && need != Need.SIGNAL_AND_MONITOR);
    }

    /** Whether it waits for a state of an object that it could have found earlier; not for a signal. */
    public boolean waitsForState() {
        return need >= Need.LOCK && need <= Need.PERMIT;
    }

    /** The step in which the monitor that it is about to enter was left, -1 if none. */
    public int monitorLeftIn() {
        return needed instanceof Monitor monitor ? monitor.leftIn() : -1;
    }

    /** Whether the monitor that it is about to enter was left in a step. */
    public boolean monitorWasLeftIn(int step) {
        return needed instanceof Monitor monitor && monitor.wasLeftIn(step);
    }

    /** What it waits for, for a message. */
    public String wants() {
        return switch (need) {
            case Need.LOCK, Need.READ_LOCK, Need.WRITE_LOCK -> "a lock";
            case Need.MONITOR -> "a monitor";
            case Need.PERMITS -> "a permit";
            case Need.OPEN -> "a latch";
            case Need.ITEM -> "an element";
            case Need.ROOM -> "room";
            case Need.DONE -> "a result";
            case Need.TERMINATED -> "the end of an executor";
            case Need.PERMIT -> "an unpark";
            case Need.END -> "the end of a thread";
            case Need.TIME -> "time to pass";
            case Need.SIGNAL_AND_LOCK -> signalled ? "a lock, after its signal," : "a signal";
            case Need.SIGNAL_AND_MONITOR -> signalled ? "a monitor, after its notification," : "a notification";
            case Need.UNPARK -> "something inside the JDK";
            default -> "its turn";
        };
    }

    /** Whether it waits for a lock or a monitor, which only the thread that holds it can give back. */
    public boolean wantsLock() {
        return switch (need) {
            case Need.LOCK, Need.READ_LOCK, Need.WRITE_LOCK, Need.MONITOR -> true;
            case Need.SIGNAL_AND_LOCK, Need.SIGNAL_AND_MONITOR -> signalled;
            default -> false;
        };
    }

    /** Whether it waits for a signal or a notification that has not been given. */
    public boolean wantsSignal() {
        return (need == Need.SIGNAL_AND_LOCK || need == Need.SIGNAL_AND_MONITOR) && !signalled;
    }

    /** Whether it waits for the end of another thread. */
    public boolean wantsEnd() {
        return need == Need.END;
    }

    /** The lines of the program that have led to its next step, innermost first. */
    public List<String> places() {
        return thread == null ? List.of() : Stacks.placesOf(thread);
    }

    /** Where it has stopped, for steps whose site is not known. */
    public String place() {
        return thread == null ? "" : Stacks.topOf(thread).replaceAll(".*\\((.*)\\)", "$1");
    }
}
