package dev.thrum.base;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** Starts daemon threads, and supplies what the JDK's threads lack. */
public final class Threads {
    private static final int DEEPEST = 30;

    private Threads() {}

    /** A platform daemon thread of this name, not started. */
    public static Thread daemon(String name, Runnable body) {
        return Thread.ofPlatform().daemon().name(name).unstarted(body);
    }

    /** Makes platform daemon threads called {@code prefix} and a number from 1. */
    public static ThreadFactory daemons(String prefix) {
        return Thread.ofPlatform().daemon().name(prefix, 1).factory();
    }

    /** The label of a thread in messages: its name, or its number if it has none. */
    public static String label(Thread thread) {
        return thread.getName().isEmpty() ? "thread #" + thread.threadId() : thread.getName();
    }

    /**
     * The current stack of a thread, innermost frame first, to be logged with a report that names the thread. It is
     * no failure and is never thrown.
     */
    public static Throwable stack(Thread thread) {
        return new ThreadStack(thread, DEEPEST);
    }

    /**
     * A stack that was taken before, innermost frame first, to be logged like that of {@link #stack(Thread)}.
     *
     * @param about a line above it
     * @param next another one, to be logged after it
     */
    public static Throwable stack(String about, List<StackTraceElement> stack, @Nullable Throwable next) {
        return new ThreadStack(about, stack, next);
    }

    /** Like {@link #joinUninterruptibly(Thread)}, for at most this long; returns whether the thread has ended. */
    public static boolean joinUninterruptibly(Thread thread, Duration patience) {
        boolean interrupted = Thread.interrupted();
        try {
            return thread.equals(Thread.currentThread()) || thread.join(patience);
        } catch (InterruptedException e) {
            interrupted = true;
            return joinUninterruptibly(thread, patience);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Waits until a thread has ended; an interrupt meanwhile is kept for the caller. Returns at once when called by
     * the thread itself.
     */
    public static void joinUninterruptibly(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive() && !thread.equals(Thread.currentThread())) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
