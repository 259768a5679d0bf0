package dev.thrum.lab.scenario;

import dev.thrum.simulation.explore.Program;
import java.util.List;

/** The main thread starts a worker that adds up the numbers from 1 to 10, and shows the sum. */
final class Join {
    private static final int RIGHT = 55;

    private Join() {}

    /** The main thread does not wait for the end of the worker. */
    static final class Broken implements Program {
        private int sum;
        private int shown;

        @Override
        public List<Actor> actors() {
            return List.of(this::main);
        }

        private void main() {
            Thread worker = new Thread(() -> sum = add(1, 10), "worker");
            worker.start();
            shown = sum; // Perhaps before the worker has written it.
        }

        @Override
        public void invariant() {
            if (shown != RIGHT) {
                throw new AssertionError("expected shown to be " + RIGHT + " but was " + shown);
            }
        }

        @Override
        public String outcome() {
            return "shows " + shown;
        }
    }

    /** The main thread waits for the end of the worker, and then reads all that the worker has written. */
    static final class Fixed implements Program {
        private int sum;
        private int shown;

        @Override
        public List<Actor> actors() {
            return List.of(this::main);
        }

        private void main() throws InterruptedException {
            Thread worker = new Thread(() -> sum = add(1, 10), "worker");
            worker.start();
            worker.join();
            shown = sum;
        }

        @Override
        public void invariant() {
            if (shown != RIGHT) {
                throw new AssertionError("expected shown to be " + RIGHT + " but was " + shown);
            }
        }

        @Override
        public String outcome() {
            return "shows " + shown;
        }
    }

    private static int add(int first, int last) {
        int sum = 0;
        for (int number = first; number <= last; number++) {
            sum += number;
        }
        return sum;
    }
}
