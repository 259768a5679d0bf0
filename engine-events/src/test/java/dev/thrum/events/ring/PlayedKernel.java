package dev.thrum.events.ring;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A kernel's side of a ring, played by a test in plain memory, because the counters of a real kernel always begin at 0. It takes
 * entries in order, and completes what the test tells it to; what does not fit into the queue it keeps, as Linux does.
 */
final class PlayedKernel implements Ring.Enter {
    private static final int ENTRY_DATA = 32;
    private static final int OVERFLOW = 2;
    private static final int GETEVENTS = 1;

    private static final int HEADS = 64;

    final Queues queues;
    private final long memory;
    private final long size;

    /** The data of the entries that were taken, in order. */
    final List<Long> taken = new ArrayList<>();

    /** The results of the next calls, which then take nothing; below zero. */
    final Deque<Integer> errors = new ArrayDeque<>();

    /** How many entries a call takes at most. */
    int most = Integer.MAX_VALUE;

    int calls;
    private final Deque<long[]> kept = new ArrayDeque<>();
    private boolean closed;

    /** Begins with queues whose counters all are {@code start}. */
    PlayedKernel(int submissions, int completions, int start) {
        size = HEADS + (long) submissions * Queues.ENTRY + (long) completions * Queues.COMPLETION;
        memory = Kernel.map(size);
        long entries = memory + HEADS;
        queues = new Queues(
                memory,
                memory + 4,
                memory + 8,
                submissions,
                entries,
                memory + 12,
                memory + 16,
                completions,
                entries + (long) submissions * Queues.ENTRY);
        Kernel.putInt(queues.submissionHead(), start);
        Kernel.putInt(queues.submissionTail(), start);
        Kernel.putInt(queues.completionHead(), start);
        Kernel.putInt(queues.completionTail(), start);
    }

    @Override
    public int enter(int submit, int wait, int flags, long argument) {
        calls++;
        if ((flags & GETEVENTS) != 0) {
            flush();
        }
        Integer error = errors.poll();
        if (error != null) {
            return error;
        }
        int head = Kernel.getInt(queues.submissionHead());
        int there = Kernel.getIntAcquire(queues.submissionTail()) - head;
        if (submit > there || there > queues.submissions()) {
            throw new AssertionError("expected to submit what is in the queue but " + submit + " of " + there);
        }
        int count = Math.min(submit, most);
        for (int i = 0; i < count; i++, head++) {
            long at = queues.entries() + (long) (head & (queues.submissions() - 1)) * Queues.ENTRY;
            taken.add(Kernel.getLong(at + ENTRY_DATA));
        }
        Kernel.putIntRelease(queues.submissionHead(), head);
        return count;
    }

    /** Completes an operation. */
    void complete(long data, int result, int flags) {
        kept.add(new long[] {data, result, flags});
        flush();
    }

    private void flush() {
        int tail = Kernel.getInt(queues.completionTail());
        while (!kept.isEmpty() && tail - Kernel.getIntAcquire(queues.completionHead()) < queues.completions()) {
            long[] next = kept.remove();
            long at = queues.completed() + (long) (tail & (queues.completions() - 1)) * Queues.COMPLETION;
            Kernel.putLong(at, next[0]);
            Kernel.putInt(at + 8, (int) next[1]);
            Kernel.putInt(at + 12, (int) next[2]);
            tail++;
        }
        Kernel.putIntRelease(queues.completionTail(), tail);
        Kernel.putInt(queues.submissionFlags(), kept.isEmpty() ? 0 : OVERFLOW);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Kernel.unmap(memory, size);
        }
    }
}
