package dev.thrum.lab.scenario;

import dev.thrum.simulation.explore.Program;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** A handler puts the records of a log on a queue, and one writer takes and writes them. */
final class Log {
    private static final int NO_RECORD = -1;

    private Log() {}

    /** The writer stops when the log is closed, whatever is still in the queue. */
    static final class Broken implements Program {
        private final int records;
        private final BlockingQueue<Integer> queue = new ArrayBlockingQueue<>(10);
        private volatile boolean closed;
        private int written;

        Broken(int records) {
            this.records = records;
        }

        @Override
        public List<Actor> actors() {
            return List.of(this::handle, this::write);
        }

        private void handle() throws InterruptedException {
            for (int record = 1; record <= records; record++) {
                queue.put(record);
            }
            closed = true;
        }

        private void write() throws InterruptedException {
            while (!closed) { // Closed is not the same as empty.
                queue.take();
                written++;
            }
        }

        @Override
        public void invariant() {
            if (written != records) {
                throw new AssertionError("expected written to be " + records + " but was " + written);
            }
        }

        @Override
        public String outcome() {
            return "%,d of %,d records written".formatted(written, records);
        }
    }

    /** The end of the log is an element of the queue, after all records. */
    static final class Fixed implements Program {
        private final int records;
        private final BlockingQueue<Integer> queue = new ArrayBlockingQueue<>(10);
        private int written;

        Fixed(int records) {
            this.records = records;
        }

        @Override
        public List<Actor> actors() {
            return List.of(this::handle, this::write);
        }

        private void handle() throws InterruptedException {
            for (int record = 1; record <= records; record++) {
                queue.put(record);
            }
            queue.put(NO_RECORD);
        }

        private void write() throws InterruptedException {
            while (queue.take() != NO_RECORD) {
                written++;
            }
        }

        @Override
        public void invariant() {
            if (written != records) {
                throw new AssertionError("expected written to be " + records + " but was " + written);
            }
        }

        @Override
        public String outcome() {
            return "%,d of %,d records written".formatted(written, records);
        }
    }
}
