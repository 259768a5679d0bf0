package dev.thrum.events;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A conversation on a loop: while it lasts, the watchdog finds its thread by its continuation. */
final class CarriedTask implements Runnable {
    private final Map<Runnable, Thread> carried;
    private final Runnable task;

    // Both set on the loop's thread before it runs.
    private @Nullable Thread thread;
    private @Nullable Runnable continuation;

    /** Creates it; {@code carried}: the threads of the loop's continuations. */
    CarriedTask(Map<Runnable, Thread> carried, Runnable task) {
        this.carried = carried;
        this.task = task;
    }

    Runnable task() {
        return task;
    }

    void runBy(Thread owner) {
        thread = owner;
    }

    /** The loop runs its thread by this continuation. */
    void carry(Runnable by) {
        continuation = by;
        carried.put(by, Objects.requireNonNull(thread));
    }

    @Override
    public void run() {
        try {
            task.run();
        } finally {
            if (continuation != null) {
                carried.remove(continuation);
            }
        }
    }
}
