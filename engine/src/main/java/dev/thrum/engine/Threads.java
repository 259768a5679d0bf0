package dev.thrum.engine;

/** What the JDK's threads lack. For who makes an engine. */
public final class Threads {
    private Threads() {}

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
