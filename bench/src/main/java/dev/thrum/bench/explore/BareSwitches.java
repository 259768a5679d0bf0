package dev.thrum.bench.explore;

import dev.thrum.engine.spi.CustomScheduler;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Two virtual threads on a scheduler that only takes turns: each yields again and again. What a switch between two threads costs
 * without an explorer.
 */
final class BareSwitches {
    private final Queue<Runnable> ready = new ArrayDeque<>();

    /** Switches this many times, on the calling thread. */
    void run(int times) {
        for (int i = 0; i < 2; i++) {
            CustomScheduler.threads(ready::add)
                    .unstarted(() -> takeTurns(times / 2))
                    .start();
        }
        for (Runnable next = ready.poll(); next != null; next = ready.poll()) {
            next.run();
        }
    }

    // Not a hint to the scheduler but the switch that is measured.
    @SuppressWarnings("ThreadPriorityCheck")
    private static void takeTurns(int times) {
        for (int i = 0; i < times; i++) {
            Thread.yield();
        }
    }
}
