package dev.thrum.lab.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** The same computation on 1 thread, on 2, and so on: no lock keeps them from running at the same time. */
final class Cores implements Measurement {
    private static final int PIECES = 64;
    private static final int NUMBERS = 150_000;
    private static final int REPEATS = 3;
    private static final int MANY = 4;
    private static final double NANOS = 1e9;

    /** The pieces of work that nobody has begun. */
    private final AtomicInteger left = new AtomicInteger();

    private final AtomicInteger primes = new AtomicInteger();

    @Override
    public void run(Consumer<String> lines) throws InterruptedException {
        int processors = Runtime.getRuntime().availableProcessors();
        time(processors); // The JIT compiler learns the code.
        lines.accept("threads     time   times as fast as 1");
        double one = time(1);
        for (int threads = 1; threads <= processors; threads++) {
            double seconds = threads == 1 ? one : time(threads);
            lines.accept("%7d   %.2f s   %17.1f".formatted(threads, seconds, one / seconds));
        }
        if (processors < MANY) {
            lines.accept("not measured: more than " + processors + " threads, because this machine has "
                    + (processors == 1 ? "1 processor" : processors + " processors"));
        }
    }

    /** The shortest of some times, in seconds: the others were disturbed more. */
    private double time(int threads) throws InterruptedException {
        double best = Double.MAX_VALUE;
        for (int i = 0; i < REPEATS; i++) {
            long begin = System.nanoTime();
            work(threads);
            best = Math.min(best, (System.nanoTime() - begin) / NANOS);
        }
        return best;
    }

    private void work(int count) throws InterruptedException {
        left.set(PIECES);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Thread thread = new Thread(this::takePieces, "worker " + i);
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void takePieces() {
        int piece = left.decrementAndGet();
        while (piece >= 0) {
            primes.addAndGet(countPrimes(piece * (NUMBERS / PIECES), (piece + 1) * (NUMBERS / PIECES)));
            piece = left.decrementAndGet();
        }
    }

    private static int countPrimes(int from, int to) {
        int count = 0;
        for (int number = Math.max(2, from); number < to; number++) {
            int divisor = 2;
            while (divisor < number && number % divisor != 0) {
                divisor = divisor > 2 && divisor * divisor > number ? number : divisor + 1;
            }
            count += divisor == number ? 1 : 0;
        }
        return count;
    }
}
