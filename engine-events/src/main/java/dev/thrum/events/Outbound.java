package dev.thrum.events;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** The tasks that a connection's writers have for its channel: its loop runs them in order, from whichever thread they are. */
final class Outbound {
    private final Loop loop;
    private final Consumer<Throwable> whenFailed;

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    /** Whether the loop will run the tasks. */
    private final AtomicBoolean announced = new AtomicBoolean();

    /** Creates it; a task that throws is reported to {@code whenFailed}. */
    Outbound(Loop loop, Consumer<Throwable> whenFailed) {
        this.loop = loop;
        this.whenFailed = whenFailed;
    }

    /**
     * Adds a task, which runs before the loop asks the kernel again.
     *
     * @param home whether the caller is a virtual thread that runs on the loop
     */
    void add(Runnable task, boolean home) {
        tasks.add(task);
        if (!announced.getAndSet(true)) {
            if (home) {
                loop.soon(this::run);
            } else {
                loop.execute(this::run);
            }
        }
    }

    private void run() {
        announced.set(false);
        for (Runnable next = tasks.poll(); next != null; next = tasks.poll()) {
            try {
                next.run();
            } catch (RuntimeException | Error e) {
                // Out of direct memory, for example: nothing may be sent after the missing bytes.
                whenFailed.accept(e);
            }
        }
    }
}
