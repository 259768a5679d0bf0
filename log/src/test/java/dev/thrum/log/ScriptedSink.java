package dev.thrum.log;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A sink that fails or hangs as the test demands. */
final class ScriptedSink implements LogSink {
    final List<RequestRecord> written = new CopyOnWriteArrayList<>();
    final List<Gap> gaps = new CopyOnWriteArrayList<>();
    final Semaphore attempts = new Semaphore(0);
    final CountDownLatch closed = new CountDownLatch(1);

    volatile boolean failing;
    volatile boolean defective;
    volatile CountDownLatch gate = new CountDownLatch(0);

    /** Makes each further write wait until the returned latch is counted down. */
    CountDownLatch hang() {
        CountDownLatch latch = new CountDownLatch(1);
        gate = latch;
        return latch;
    }

    private void pass() throws IOException {
        attempts.release();
        try {
            if (!gate.await(60, TimeUnit.SECONDS)) {
                throw new AssertionError("expected the gate to be opened");
            }
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
        if (failing) {
            throw new IOException("No space left on device");
        }
        if (defective) {
            throw new IllegalStateException("a defect");
        }
    }

    @Override
    public int write(List<RequestRecord> records) throws IOException {
        pass();
        // Only half of them: the caller must pass the rest again.
        int count = (records.size() + 1) / 2;
        written.addAll(records.subList(0, count));
        return count;
    }

    @Override
    public void write(Gap gap) throws IOException {
        pass();
        gaps.add(gap);
    }

    long dropped() {
        return gaps.stream().mapToLong(Gap::dropped).sum();
    }

    @Override
    public void close() {
        closed.countDown();
    }

    @Override
    public String toString() {
        return "a scripted sink";
    }
}
