package dev.thrum.base;

import java.time.Duration;
import java.util.concurrent.ThreadFactory;

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

    /** What a message calls a thread: its name, or its number where it has none. */
    public static String label(Thread thread) {
        return thread.getName().isEmpty() ? "thread #" + thread.threadId() : thread.getName();
    }

    /**
     * Where a thread is now, from the innermost frame on: to be logged with a report that names the guilty thread. It is no
     * failure and is never thrown.
     */
    public static Throwable stack(Thread thread) {
        return new ThreadStack(thread, DEEPEST);
    }

    /** Like {@link #joinUninterruptibly(Thread)}, at most so long; returns whether the thread has ended. */
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
     * Waits until a thread has ended; an interrupt meanwhile is kept for the caller. A thread that would wait for itself
     * does not wait.
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
