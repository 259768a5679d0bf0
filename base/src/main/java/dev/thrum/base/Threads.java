package dev.thrum.base;

import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What the JDK's threads lack. For who makes an engine. */
public final class Threads {
    private static final int DEEPEST = 30;

    private Threads() {}

    /** Where a thread is now, from the innermost frame on, a line for each: for a report that names who is guilty. */
    public static String stack(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .limit(DEEPEST)
                .map(frame -> "\n    at " + frame)
                .collect(Collectors.joining());
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
