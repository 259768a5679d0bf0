package dev.thrum.lab.scenario;

import dev.thrum.simulation.explore.Program;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** Ann and Bob eat at one table with one fork and one knife: each needs both. */
final class Deadlock {
    private Deadlock() {}

    /** Ann takes the fork first, Bob the knife: when each has one, both wait for ever. */
    static final class Broken implements Program {
        private final int meals;
        private final ReentrantLock fork = new ReentrantLock();
        private final ReentrantLock knife = new ReentrantLock();
        private int eaten;

        Broken(int meals) {
            this.meals = meals;
        }

        @Override
        public List<Actor> actors() {
            return List.of(() -> eat(fork, knife), () -> eat(knife, fork));
        }

        private void eat(ReentrantLock first, ReentrantLock second) {
            for (int meal = 0; meal < meals; meal++) {
                first.lock();
                try {
                    second.lock();
                    try {
                        eaten++;
                    } finally {
                        second.unlock();
                    }
                } finally {
                    first.unlock();
                }
            }
        }

        @Override
        public String outcome() {
            return "%,d of %,d meals eaten".formatted(eaten, 2 * meals);
        }
    }

    /** Both take the fork first: the one that has the fork gets the knife, too. */
    static final class Fixed implements Program {
        private final int meals;
        private final ReentrantLock fork = new ReentrantLock();
        private final ReentrantLock knife = new ReentrantLock();
        private int eaten;

        Fixed(int meals) {
            this.meals = meals;
        }

        @Override
        public List<Actor> actors() {
            return List.of(() -> eat(fork, knife), () -> eat(fork, knife));
        }

        private void eat(ReentrantLock first, ReentrantLock second) {
            for (int meal = 0; meal < meals; meal++) {
                first.lock();
                try {
                    second.lock();
                    try {
                        eaten++;
                    } finally {
                        second.unlock();
                    }
                } finally {
                    first.unlock();
                }
            }
        }

        @Override
        public String outcome() {
            return "%,d of %,d meals eaten".formatted(eaten, 2 * meals);
        }
    }
}
