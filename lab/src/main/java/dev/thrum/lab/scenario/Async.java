package dev.thrum.lab.scenario;

import dev.thrum.simulation.explore.Program;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Two operations that take one second and two: one after the other, at the same time, and with an error. */
final class Async {
    private Async() {}

    /** An operation over the network: it takes time, and no processor. */
    private static String load(String what, int millis) throws InterruptedException {
        Thread.sleep(millis);
        return what;
    }

    private static String failToLoad(String what) {
        throw new IllegalStateException(what + " is not there");
    }

    /** The second begins when the first has ended: the times add up. */
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

        private void main() throws InterruptedException {
            stopwatch.start();
            String page = load("page", second);
            String photo = load("photo", 2 * second);
            stopwatch.stop(page + " and " + photo);
        }

        @Override
        public String outcome() {
            return stopwatch.toString();
        }
    }

    /** Both run at the same time: together they take as long as the longer one. */
    static final class Parallel implements Program {
        private final int second;
        private final Stopwatch stopwatch = new Stopwatch();
        private final ExecutorService pool = Executors.newFixedThreadPool(2);

        Parallel(int second) {
            this.second = second;
        }

        @Override
        public List<Actor> actors() {
            return List.of(this::main);
        }

        private void main() throws InterruptedException, ExecutionException {
            stopwatch.start();
            try (pool) {
                Future<String> page = pool.submit(() -> load("page", second));
                Future<String> photo = pool.submit(() -> load("photo", 2 * second));
                stopwatch.stop(page.get() + " and " + photo.get());
            }
        }

        @Override
        public String outcome() {
            return stopwatch.toString();
        }
    }

    /** Nobody asks for the result of the second operation, so its error stays in a future that nobody reads. */
    @SuppressWarnings("FutureReturnValueIgnored") // Wrong on purpose.
    static final class Broken implements Program {
        private final ExecutorService pool = Executors.newFixedThreadPool(2);
        private String report = "";

        @Override
        public List<Actor> actors() {
            return List.of(this::main);
        }

        private void main() throws InterruptedException, ExecutionException {
            try (pool) {
                Future<String> page = pool.submit(() -> load("page", 10));
                pool.submit(() -> failToLoad("photo"));
                report = page.get() + ", all is well";
            }
        }

        @Override
        public void invariant() {
            check(report);
        }

        @Override
        public String outcome() {
            return report;
        }
    }

    /** Each future is asked, and an error becomes part of the report. */
    static final class Fixed implements Program {
        private final ExecutorService pool = Executors.newFixedThreadPool(2);
        private String report = "";

        @Override
        public List<Actor> actors() {
            return List.of(this::main);
        }

        private void main() throws InterruptedException, ExecutionException {
            try (pool) {
                Future<String> page = pool.submit(() -> load("page", 10));
                Future<String> photo = pool.submit(() -> failToLoad("photo"));
                report = page.get();
                try {
                    report += " and " + photo.get();
                } catch (ExecutionException _) {
                    report += ", but " + photo.exceptionNow().getMessage();
                }
            }
        }

        @Override
        public void invariant() {
            check(report);
        }

        @Override
        public String outcome() {
            return report;
        }
    }

    private static void check(String report) {
        if (!report.contains("photo is not there")) {
            throw new AssertionError("expected report to say that the photo is not there but was: " + report);
        }
    }
}
