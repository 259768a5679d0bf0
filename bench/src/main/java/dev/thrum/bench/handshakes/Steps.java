package dev.thrum.bench.handshakes;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** The CPU time of the steps of one handshake, in nanoseconds. Owned by the thread that performs it. */
final class Steps {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private long begun;
    private long total;
    private long longest;

    void begin() {
        begun = THREADS.getCurrentThreadCpuTime();
    }

    void end() {
        long time = THREADS.getCurrentThreadCpuTime() - begun;
        total += time;
        longest = Math.max(longest, time);
    }

    /** Runs a task that a server on an engine would run elsewhere; its time is part of the total, but of no step. */
    void aside(Runnable task) {
        end();
        begin();
        task.run();
        total += THREADS.getCurrentThreadCpuTime() - begun;
        begin();
    }

    long total() {
        return total;
    }

    long longest() {
        return longest;
    }
}
