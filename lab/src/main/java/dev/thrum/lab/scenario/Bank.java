package dev.thrum.lab.scenario;

import dev.thrum.simulation.explore.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** Tellers pay in and take out: the balance must never be below zero, and must be the sum of the receipts. */
final class Bank {
    private static final int AMOUNT = 10;

    private Bank() {}

    /** Between the check of the balance and the write, other tellers pay in and take out. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // Wrong on purpose.
    static final class Broken implements Program {
        private final int times;
        private final int[] receipts;
        private volatile int balance = AMOUNT;

        Broken(int pairs, int times) {
            this.times = times;
            this.receipts = new int[2 * pairs];
        }

        @Override
        public List<Actor> actors() {
            List<Actor> tellers = new ArrayList<>();
            for (int i = 0; i < receipts.length; i += 2) {
                int teller = i;
                tellers.add(() -> deposit(teller));
                tellers.add(() -> withdraw(teller + 1));
            }
            return tellers;
        }

        private void deposit(int teller) {
            int receipt = 0;
            for (int i = 0; i < times; i++) {
                balance += AMOUNT;
                receipt += AMOUNT;
            }
            receipts[teller] = receipt;
        }

        private void withdraw(int teller) {
            int receipt = 0;
            for (int i = 0; i < times; i++) {
                if (balance >= AMOUNT) { // True now, but perhaps not in the next line.
                    balance -= AMOUNT;
                    receipt -= AMOUNT;
                }
            }
            receipts[teller] = receipt;
        }

        @Override
        public void invariant() {
            check(balance, receipts);
        }

        @Override
        public String outcome() {
            return result(balance, receipts);
        }
    }

    /** A teller holds the lock from the check of the balance to the write. */
    static final class Fixed implements Program {
        private final int times;
        private final int[] receipts;
        private final ReentrantLock lock = new ReentrantLock();
        private int balance = AMOUNT;

        Fixed(int pairs, int times) {
            this.times = times;
            this.receipts = new int[2 * pairs];
        }

        @Override
        public List<Actor> actors() {
            List<Actor> tellers = new ArrayList<>();
            for (int i = 0; i < receipts.length; i += 2) {
                int teller = i;
                tellers.add(() -> deposit(teller));
                tellers.add(() -> withdraw(teller + 1));
            }
            return tellers;
        }

        private void deposit(int teller) {
            int receipt = 0;
            for (int i = 0; i < times; i++) {
                lock.lock();
                try {
                    balance += AMOUNT;
                    receipt += AMOUNT;
                } finally {
                    lock.unlock();
                }
            }
            receipts[teller] = receipt;
        }

        private void withdraw(int teller) {
            int receipt = 0;
            for (int i = 0; i < times; i++) {
                lock.lock();
                try {
                    if (balance >= AMOUNT) {
                        balance -= AMOUNT;
                        receipt -= AMOUNT;
                    }
                } finally {
                    lock.unlock();
                }
            }
            receipts[teller] = receipt;
        }

        @Override
        public void invariant() {
            check(balance, receipts);
        }

        @Override
        public String outcome() {
            return result(balance, receipts);
        }
    }

    private static int expected(int[] receipts) {
        int sum = AMOUNT;
        for (int receipt : receipts) {
            sum += receipt;
        }
        return sum;
    }

    private static void check(int balance, int[] receipts) {
        if (balance < 0) {
            throw new AssertionError("expected balance to be at least 0 but was " + balance);
        }
        if (balance != expected(receipts)) {
            throw new AssertionError("expected balance to be " + expected(receipts) + " but was " + balance);
        }
    }

    private static String result(int balance, int[] receipts) {
        return balance == expected(receipts)
                ? "balance %,d, as the receipts say".formatted(balance)
                : "balance %,d, receipts %,d".formatted(balance, expected(receipts));
    }
}
