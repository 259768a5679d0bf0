package dev.thrum.base;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The threads that run certain tasks at this moment, for reports: the JDK lists no virtual threads. A thread is in it only
 * while it runs such a task, so none is kept alive. Safe for concurrent use.
 */
public final class LiveThreads {
    private final Set<Thread> running = ConcurrentHashMap.newKeySet();

    /** A task that runs this one, and is in the list meanwhile. */
    public Runnable listed(Runnable task) {
        if (!LiveRecords.areKept()) {
            return task;
        }
        return () -> {
            running.add(Thread.currentThread());
            try {
                task.run();
            } finally {
                running.remove(Thread.currentThread());
            }
        };
    }

    /** A copy. */
    public List<Thread> list() {
        return List.copyOf(running);
    }
}
