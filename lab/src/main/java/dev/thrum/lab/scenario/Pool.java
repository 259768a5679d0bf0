package dev.thrum.lab.scenario;

import dev.thrum.simulation.explore.Program;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A pool of two threads counts the words of two books, each with one chapter. */
final class Pool {
    private static final int WORDS = 100;

    private Pool() {}

    /** A task waits for a task of its own pool: when all threads wait like that, none is left to run those tasks. */
    static final class Broken implements Program {
        private final ExecutorService pool = Executors.newFixedThreadPool(2);
        private int words;

        @Override
        public List<Actor> actors() {
            return List.of(this::main);
        }

        private void main() throws InterruptedException, ExecutionException {
            try (pool) {
                Future<Integer> first = pool.submit(this::countBook);
                Future<Integer> second = pool.submit(this::countBook);
                words = first.get() + second.get();
            }
        }

        private int countBook() throws InterruptedException, ExecutionException {
            Future<Integer> chapter = pool.submit(() -> WORDS);
            return chapter.get(); // Keeps a thread of the pool, and does nothing with it.
        }

        @Override
        public String outcome() {
            return "%,d words".formatted(words);
        }
    }

    /** Only the main thread waits. It submits all tasks, and takes each result as it is completed. */
    static final class Fixed implements Program {
        private final ExecutorService pool = Executors.newFixedThreadPool(2);
        private int words;

        @Override
        public List<Actor> actors() {
            return List.of(this::main);
        }

        private void main() throws InterruptedException, ExecutionException {
            try (pool) {
                CompletionService<Integer> chapters = new ExecutorCompletionService<>(pool);
                for (int book = 0; book < 2; book++) {
                    chapters.submit(() -> WORDS);
                }
                for (int book = 0; book < 2; book++) {
                    words += chapters.take().get();
                }
            }
        }

        @Override
        public String outcome() {
            return "%,d words".formatted(words);
        }
    }
}
