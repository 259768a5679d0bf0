package dev.thrum.pipeline;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The number of unfinished items of a pipeline, and the place where its end is found.
 *
 * <p>An item is registered before it is put into a queue, and settled after its stage's effects are complete. A worker
 * registers the children of an item before it settles the item. So the number is 0 only when nothing waits, runs, or is
 * to be retried, and no input is to come; it is never 0 before.
 *
 * <p>If all workers changed one number for each item, they would do little else. So a worker has an {@link Account}: it
 * fetches credit for many registrations at once, uses it for children, and adds to it what it settles. The number is then
 * too high by the credits, never too low. A worker that finds no work returns its credit before it waits; so the last one
 * that does finds 0.
 */
final class Ledger {
    /** How much an account fetches at once. */
    private static final int CREDIT = 256;

    /** Unfinished items, credits, and 1 while input may come. */
    private final AtomicLong open;

    private final Runnable end;

    /** Creates a ledger whose input is open; {@code end} is called by the thread that settles the last item. */
    Ledger(Runnable end) {
        this(1, end);
    }

    private Ledger(long open, Runnable end) {
        this.open = new AtomicLong(open);
        this.end = end;
    }

    /**
     * A ledger that never finds the end. A process that shares its queues settles items that others have registered, and
     * the other way round, so its own number says nothing.
     */
    static Ledger ofShared() {
        return new Ledger(Long.MAX_VALUE / 2, () -> {});
    }

    /** Registers items from outside; returns false, and does nothing, if the end has been found. */
    boolean register(long items) {
        return open.getAndUpdate(number -> number == 0 ? 0 : number + items) != 0;
    }

    /** Settles items, or the input. */
    void settle(long items) {
        if (open.addAndGet(-items) == 0) {
            end.run();
        }
    }

    /** Unfinished items, credits, and 1 while input may come. */
    long open() {
        return open.get();
    }

    Account account() {
        return new Account();
    }

    /** The share of one worker. Owned by its thread. */
    final class Account {
        private long credit;

        private Account() {}

        /** Registers a child; before it is put into a queue, and before its parent is settled. */
        void register() {
            if (credit == 0) {
                open.addAndGet(CREDIT);
                credit = CREDIT;
            }
            credit--;
        }

        /** Settles an item whose effects are complete, or a child that was not put after all. */
        void settle() {
            credit++;
        }

        /** Returns the credit; before its worker waits for work, and when it ends. */
        void close() {
            if (credit > 0) {
                long all = credit;
                credit = 0;
                Ledger.this.settle(all);
            }
        }
    }
}
