package dev.thrum.lab.picture;

import dev.thrum.simulation.explore.Explorer;
import dev.thrum.simulation.explore.Finding;
import dev.thrum.simulation.explore.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Programs that go wrong, and pictures of them. */
// They are wrong on purpose.
@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop", "UnusedVariable"})
final class Programs {
    private static final String FILE = "src/test/java/dev/thrum/lab/picture/Programs.java";

    private Programs() {}

    static class Increments implements Program {
        int count;

        @Override
        public List<Actor> actors() {
            return List.of(this::increment, this::increment);
        }

        void increment() {
            count++;
        }

        @Override
        public void invariant() {
            if (count != 2) {
                throw new IllegalStateException("expected count to be 2 but was " + count);
            }
        }
    }

    static final class Synchronized extends Increments {
        @Override
        synchronized void increment() {
            count++;
        }
    }

    static final class OppositeOrder implements Program {
        private final ReentrantLock left = new ReentrantLock();
        private final ReentrantLock right = new ReentrantLock();

        @Override
        public List<Actor> actors() {
            return List.of(() -> both(left, right), () -> both(right, left));
        }

        private static void both(ReentrantLock first, ReentrantLock second) {
            first.lock();
            second.lock();
            second.unlock();
            first.unlock();
        }
    }

    static final class EarlySignal implements Program {
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition ready = lock.newCondition();

        @Override
        public List<Actor> actors() {
            return List.of(this::await, this::signal);
        }

        private void await() throws InterruptedException {
            lock.lock();
            try {
                ready.await();
            } finally {
                lock.unlock();
            }
        }

        private void signal() {
            lock.lock();
            ready.signal();
            lock.unlock();
        }
    }

    static final class Philosophers implements Program {
        private final ReentrantLock[] forks = {new ReentrantLock(), new ReentrantLock(), new ReentrantLock()};

        @Override
        public List<Actor> actors() {
            return List.of(() -> eat(0), () -> eat(1), () -> eat(2));
        }

        private void eat(int left) {
            forks[left].lock();
            forks[(left + 1) % 3].lock();
            forks[(left + 1) % 3].unlock();
            forks[left].unlock();
        }
    }

    /** Each gives way to the other, for ever. */
    static final class Polite implements Program {
        private volatile int turn = 2;

        @Override
        public List<Actor> actors() {
            return List.of(() -> giveWay(1), () -> giveWay(0));
        }

        private void giveWay(int other) {
            while (turn != 3) {
                turn = other;
            }
        }
    }

    static final class Loops implements Program {
        private int sum;

        @Override
        public List<Actor> actors() {
            return List.of(this::add, this::add);
        }

        private void add() {
            for (int i = 0; i < 20; i++) {
                sum = sum + 1;
            }
        }

        @Override
        public void invariant() {
            if (sum != 40) {
                throw new IllegalStateException("expected sum to be 40 but was " + sum);
            }
        }
    }

    static final class Hostile implements Program {
        private String text = "";

        @Override
        public List<Actor> actors() {
            return List.of(() -> text = "</script><b onclick=\"x\">\u001b[2J", () -> {
                if (!text.isEmpty()) {
                    throw new IllegalStateException("</title><script>alert(1)</script>");
                }
            });
        }
    }

    static final List<Class<? extends Program>> WRONG = List.of(
            Increments.class,
            OppositeOrder.class,
            EarlySignal.class,
            Philosophers.class,
            Polite.class,
            Loops.class,
            Hostile.class);

    static Finding finding(Class<? extends Program> program) {
        return Explorer.of(program).withSteps(200).explore().findings().getFirst();
    }

    /** What a picture says in one line. */
    static String summary(Class<? extends Program> program) {
        return Plotter.plot(finding(program), caption(program)).verdict().sentence();
    }

    static Picture picture(Class<? extends Program> program) {
        return Picture.of(finding(program), caption(program));
    }

    static Caption caption(Class<? extends Program> program) {
        return new Caption(program.getSimpleName(), "What it does.", "How it was found.", source(program), List.of());
    }

    /** The lines of a class of this file. */
    private static Listing source(Class<?> program) {
        List<String> all;
        try {
            all = Files.readAllLines(Path.of(FILE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Listing.ofClass(program, "Programs.java", all);
    }
}
