package dev.thrum.lab.scenario;

import dev.thrum.simulation.explore.Program;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A chef waits for an ingredient that a boy brings. */
final class Chef {
    private Chef() {}

    /** The chef looks without the lock, with an if: the boy may call between the look and the wait, when nobody listens. */
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
                    delivered.await(); // What if the call has come before?
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

    /** The chef looks while holding the lock, again after each call, and waits only if there is nothing. */
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
