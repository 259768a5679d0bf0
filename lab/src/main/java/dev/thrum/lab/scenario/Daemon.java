package dev.thrum.lab.scenario;

import dev.thrum.simulation.explore.Program;
import java.util.List;

/**
 * The main thread starts a thread that saves three pages, and ends. The JVM then waits for all threads that are not daemons,
 * and for no others.
 */
final class Daemon {
    private static final int PAGES = 3;

    private Daemon() {}

    /** The saver is a daemon: the JVM ends without it, in the middle of its work. */
    static final class Broken implements Program {
        private int saved;
        private int savedAtExit;

        @Override
        public List<Actor> actors() {
            return List.of(this::main);
        }

        private void main() throws InterruptedException {
            Thread saver = new Thread(this::save, "saver");
            saver.setDaemon(true); // For work that nobody misses, such as a clock in a corner of the screen.
            saver.start();
            exit(saver);
        }

        private void save() {
            for (int page = 0; page < PAGES; page++) {
                saved++;
            }
        }

        /** What the JVM does at the end of main. */
        private void exit(Thread saver) throws InterruptedException {
            if (!saver.isDaemon()) {
                saver.join();
            }
            savedAtExit = saved;
        }

        @Override
        public void invariant() {
            if (savedAtExit != PAGES) {
                throw new AssertionError("expected savedAtExit to be " + PAGES + " but was " + savedAtExit);
            }
        }

        @Override
        public String outcome() {
            return savedAtExit + " of " + PAGES + " pages saved";
        }
    }

    /** The saver is an ordinary thread: the JVM ends after it. */
    static final class Fixed implements Program {
        private int saved;
        private int savedAtExit;

        @Override
        public List<Actor> actors() {
            return List.of(this::main);
        }

        private void main() throws InterruptedException {
            Thread saver = new Thread(this::save, "saver");
            saver.setDaemon(false);
            saver.start();
            exit(saver);
        }

        private void save() {
            for (int page = 0; page < PAGES; page++) {
                saved++;
            }
        }

        /** What the JVM does at the end of main. */
        private void exit(Thread saver) throws InterruptedException {
            if (!saver.isDaemon()) {
                saver.join();
            }
            savedAtExit = saved;
        }

        @Override
        public void invariant() {
            if (savedAtExit != PAGES) {
                throw new AssertionError("expected savedAtExit to be " + PAGES + " but was " + savedAtExit);
            }
        }

        @Override
        public String outcome() {
            return savedAtExit + " of " + PAGES + " pages saved";
        }
    }
}
