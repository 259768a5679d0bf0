package dev.thrum.lab.scenario;

import dev.thrum.simulation.explore.Program;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Two threads with names say hello. */
final class Hello {
    private Hello() {}

    /** The main thread calls {@code run}, so it does the work itself: no other thread ever starts. */
    static final class Broken implements Program {
        private final Queue<String> greeters = new ConcurrentLinkedQueue<>();

        @Override
        public List<Actor> actors() {
            return List.of(this::main);
        }

        @SuppressWarnings("DoNotCall") // Wrong on purpose.
        private void main() {
            Thread.currentThread().setName("main");
            Thread ann = new Thread(this::hello, "Ann");
            Thread bob = new Thread(this::hello, "Bob");
            ann.run(); // A call like any other: it runs on the thread that calls.
            bob.run();
        }

        private void hello() {
            greeters.add(Thread.currentThread().getName());
        }

        @Override
        public void invariant() {
            if (!greeters.contains("Ann") || !greeters.contains("Bob")) {
                throw new AssertionError("expected hello from Ann and from Bob but was " + outcome());
            }
        }

        @Override
        public String outcome() {
            return "hello from " + String.join(" and from ", greeters);
        }
    }

    /** The main thread calls {@code start}: each thread says hello itself, in any order. */
    static final class Fixed implements Program {
        private final Queue<String> greeters = new ConcurrentLinkedQueue<>();

        @Override
        public List<Actor> actors() {
            return List.of(this::main);
        }

        private void main() {
            Thread.currentThread().setName("main");
            Thread ann = new Thread(this::hello, "Ann");
            Thread bob = new Thread(this::hello, "Bob");
            ann.start();
            bob.start();
        }

        private void hello() {
            greeters.add(Thread.currentThread().getName());
        }

        @Override
        public void invariant() {
            if (!greeters.contains("Ann") || !greeters.contains("Bob")) {
                throw new AssertionError("expected hello from Ann and from Bob but was " + outcome());
            }
        }

        @Override
        public String outcome() {
            return "hello from " + String.join(" and from ", greeters);
        }
    }
}
