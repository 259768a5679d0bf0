package dev.thrum.lab.scenario;

import dev.thrum.simulation.explore.Program;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/** Ann and Bob again, more polite: if one can't get the second thing soon, it puts the first one back. */
final class Livelock {
    private Livelock() {}

    /** Both put back and take again at the same moments, for ever: nobody waits for long, and nobody eats. */
    static final class Broken implements Program {
        private final ReentrantLock fork = new ReentrantLock();
        private final ReentrantLock knife = new ReentrantLock();
        private final AtomicInteger inVain = new AtomicInteger();

        @Override
        public List<Actor> actors() {
            return List.of(() -> eat(fork, knife), () -> eat(knife, fork));
        }

        private void eat(ReentrantLock first, ReentrantLock second) throws InterruptedException {
            while (!hasEaten(first, second)) {
                inVain.incrementAndGet(); // And once more, at once.
            }
        }

        private static boolean hasEaten(ReentrantLock first, ReentrantLock second) throws InterruptedException {
            first.lockInterruptibly();
            try {
                if (second.tryLock(10, TimeUnit.MILLISECONDS)) {
                    second.unlock();
                    return true;
                }
                return false;
            } finally {
                first.unlock();
            }
        }

        @Override
        public String outcome() {
            return inVain.get() == 0 ? "both have eaten" : "both have eaten, after tries in vain";
        }
    }

    /** Each waits before the next try, Bob longer than Ann. */
    static final class Fixed implements Program {
        private final ReentrantLock fork = new ReentrantLock();
        private final ReentrantLock knife = new ReentrantLock();
        private final AtomicInteger inVain = new AtomicInteger();

        @Override
        public List<Actor> actors() {
            return List.of(() -> eat(fork, knife, 15), () -> eat(knife, fork, 40));
        }

        private void eat(ReentrantLock first, ReentrantLock second, int pause) throws InterruptedException {
            while (!hasEaten(first, second)) {
                inVain.incrementAndGet();
                Thread.sleep(pause);
            }
        }

        private static boolean hasEaten(ReentrantLock first, ReentrantLock second) throws InterruptedException {
            first.lockInterruptibly();
            try {
                if (second.tryLock(10, TimeUnit.MILLISECONDS)) {
                    second.unlock();
                    return true;
                }
                return false;
            } finally {
                first.unlock();
            }
        }

        @Override
        public String outcome() {
            return inVain.get() == 0 ? "both have eaten" : "both have eaten, after tries in vain";
        }
    }
}
