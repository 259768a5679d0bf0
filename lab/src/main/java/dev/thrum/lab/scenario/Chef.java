package dev.thrum.lab.scenario;

import dev.thrum.simulation.explore.Program;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A chef waits for an ingredient that a boy brings. */
final class Chef {
    private Chef() {}

    /** The chef checks without the lock: the boy may signal between the check and the wait, when nobody waits. */
    @SuppressWarnings("WaitNotInLoop") // Wrong on purpose.
    static final class Broken implements Program {
        private final ReentrantLock kitchen = new ReentrantLock();
        private final Condition delivered = kitchen.newCondition();
        private int ingredients;

        @Override
        public List<Actor> actors() {
            return List.of(this::cook, this::bring);
        }

        private void cook() throws InterruptedException {
            if (ingredients == 0) {
                kitchen.lock();
                try {
                    delivered.await(); // What if the signal was given before?
                } finally {
                    kitchen.unlock();
                }
            }
            ingredients--;
        }

        private void bring() {
            kitchen.lock();
            try {
                ingredients++;
                delivered.signal();
            } finally {
                kitchen.unlock();
            }
        }

        @Override
        public String outcome() {
            return ingredients == 0 ? "cooked" : "nothing cooked";
        }
    }

    /** The chef checks while holding the lock, and again after each signal. */
    static final class Fixed implements Program {
        private final ReentrantLock kitchen = new ReentrantLock();
        private final Condition delivered = kitchen.newCondition();
        private int ingredients;

        @Override
        public List<Actor> actors() {
            return List.of(this::cook, this::bring);
        }

        private void cook() throws InterruptedException {
            kitchen.lock();
            try {
                while (ingredients == 0) {
                    delivered.await(); // Gives the lock back while it waits.
                }
                ingredients--;
            } finally {
                kitchen.unlock();
            }
        }

        private void bring() {
            kitchen.lock();
            try {
                ingredients++;
                delivered.signal();
            } finally {
                kitchen.unlock();
            }
        }

        @Override
        public String outcome() {
            return ingredients == 0 ? "cooked" : "nothing cooked";
        }
    }
}
