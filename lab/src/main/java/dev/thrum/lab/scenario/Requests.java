package dev.thrum.lab.scenario;

import dev.thrum.simulation.explore.Program;
import java.util.ArrayList;
import java.util.List;

/** Five requests to a slow server, each of which takes two seconds. */
final class Requests {
    private static final int COUNT = 5;
    private static final int SECONDS = 2;

    private Requests() {}

    private static void request(int second) {
        try {
            Thread.sleep((long) SECONDS * second);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One after the other. */
    static final class Sequential implements Program {
        private final int second;
        private final Stopwatch stopwatch = new Stopwatch();

        Sequential(int second) {
            this.second = second;
        }

        @Override
        public List<Actor> actors() {
            return List.of(this::main);
        }

        private void main() {
            stopwatch.start();
            for (int i = 0; i < COUNT; i++) {
                request(second);
            }
            stopwatch.stop(COUNT + " requests");
        }

        @Override
        public String outcome() {
            return stopwatch.toString();
        }
    }

    /** Each on a thread of its own: all wait at the same time. */
    static final class Concurrent implements Program {
        private final int second;
        private final Stopwatch stopwatch = new Stopwatch();

        Concurrent(int second) {
            this.second = second;
        }

        @Override
        public List<Actor> actors() {
            return List.of(this::main);
        }

        private void main() throws InterruptedException {
            stopwatch.start();
            List<Thread> threads = new ArrayList<>();
            for (int i = 1; i <= COUNT; i++) {
                Thread thread = new Thread(() -> request(second), "request " + i);
                thread.start();
                threads.add(thread);
            }
            for (Thread thread : threads) {
                thread.join();
            }
            stopwatch.stop(COUNT + " requests");
        }

        @Override
        public String outcome() {
            return stopwatch.toString();
        }
    }
}
