package dev.thrum.lab.scenario;

import dev.thrum.simulation.explore.Program;
import java.util.ArrayList;
import java.util.List;

/** Three files, each of which takes three seconds to download. */
final class Downloads {
    private static final int COUNT = 3;
    private static final int SECONDS = 3;

    private Downloads() {}

    private static void download(int second) {
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
                download(second);
            }
            stopwatch.stop(COUNT + " downloads");
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
                Thread thread = new Thread(() -> download(second), "download " + i);
                thread.start();
                threads.add(thread);
            }
            for (Thread thread : threads) {
                thread.join();
            }
            stopwatch.stop(COUNT + " downloads");
        }

        @Override
        public String outcome() {
            return stopwatch.toString();
        }
    }
}
