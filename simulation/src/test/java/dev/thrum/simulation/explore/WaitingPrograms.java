package dev.thrum.simulation.explore;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Exchanger;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Programs over classes of the JDK that threads wait by. */
// They are wrong on purpose.
@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop"})
final class WaitingPrograms {
    private WaitingPrograms() {}

    /** A program whose class says which outcomes it has. */
    abstract static class Known implements Program {
        /** What has been seen, in an order that does not depend on the schedule. */
        final StringBuilder first = new StringBuilder();

        final StringBuilder second = new StringBuilder();

        abstract Set<String> expected();

        @Override
        public String outcome() {
            return first + "," + second;
        }
    }

    static final class WaitAndNotify extends Known {
        private boolean ready;

        @Override
        public List<Actor> actors() {
            return List.of(this::waits, this::notifies);
        }

        private synchronized void waits() throws InterruptedException {
            while (!ready) {
                first.append("w");
                wait();
            }
        }

        private synchronized void notifies() {
            ready = true;
            notifyAll();
        }

        @Override
        Set<String> expected() {
            return Set.of(",", "w,");
        }
    }

    static final class TimedWait extends Known {
        private boolean ready;

        @Override
        public List<Actor> actors() {
            return List.of(this::waits, () -> {
                Thread.sleep(10);
                notifies();
            });
        }

        private synchronized void waits() throws InterruptedException {
            if (!ready) {
                wait(10);
                first.append(ready);
            }
        }

        private synchronized void notifies() {
            ready = true;
            notifyAll();
        }

        @Override
        Set<String> expected() {
            return Set.of("true,", "false,");
        }
    }

    static final class Queue extends Known {
        private final BlockingQueue<Integer> queue = new ArrayBlockingQueue<>(1);

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        queue.put(1);
                        queue.put(2);
                        first.append(queue.size());
                    },
                    () -> {
                        second.append(queue.take());
                        second.append(queue.take());
                    });
        }

        @Override
        Set<String> expected() {
            return Set.of("1,12", "0,12");
        }
    }

    static final class TimedQueue extends Known {
        private final BlockingQueue<Integer> queue = new LinkedBlockingQueue<>();

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        Thread.sleep(5);
                        queue.add(1);
                    },
                    () -> second.append(queue.poll(5, TimeUnit.MILLISECONDS)));
        }

        @Override
        Set<String> expected() {
            return Set.of(",1", ",null");
        }
    }

    static final class Futures extends Known {
        private final CompletableFuture<Integer> future = new CompletableFuture<>();
        private final CompletableFuture<Integer> next = future.thenApply(x -> x + 1);

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> first.append(next.isDone()).append(next.join()),
                    () -> second.append(future.complete(1)),
                    () -> {
                        int _ = future.getNow(0);
                    });
        }

        @Override
        Set<String> expected() {
            return Set.of("true2,true", "false2,true");
        }
    }

    static final class TimedFuture extends Known {
        private final CompletableFuture<Integer> future = new CompletableFuture<>();

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        try {
                            first.append(future.get(1, TimeUnit.SECONDS));
                        } catch (TimeoutException e) {
                            first.append("t");
                        }
                    },
                    () -> {
                        Thread.sleep(1000);
                        future.complete(1);
                    });
        }

        @Override
        Set<String> expected() {
            return Set.of("1,", "t,");
        }
    }

    static final class Async extends Known {
        private int x;

        @Override
        public List<Actor> actors() {
            return List.of(() -> {
                CompletableFuture<Void> one = CompletableFuture.runAsync(() -> x++);
                x++;
                one.join();
                first.append(x);
            });
        }

        @Override
        Set<String> expected() {
            return Set.of("1,", "2,");
        }
    }

    static final class Pool extends Known {
        private final AtomicInteger count = new AtomicInteger();

        @Override
        public List<Actor> actors() {
            return List.of(() -> {
                try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
                    Future<Integer> one = pool.submit(count::incrementAndGet);
                    Future<Integer> two = pool.submit(count::incrementAndGet);
                    first.append(one.get()).append(two.get());
                }
            });
        }

        @Override
        Set<String> expected() {
            return Set.of("12,", "21,");
        }
    }

    static final class Barrier extends Known {
        private final CyclicBarrier barrier = new CyclicBarrier(2);
        private int x;

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        x = 1;
                        barrier.await();
                    },
                    () -> {
                        second.append(x);
                        barrier.await();
                        second.append(x);
                    });
        }

        @Override
        Set<String> expected() {
            return Set.of(",01", ",11");
        }
    }

    static final class Exchange extends Known {
        private final Exchanger<String> exchanger = new Exchanger<>();

        @Override
        public List<Actor> actors() {
            return List.of(() -> first.append(exchanger.exchange("a")), () -> second.append(exchanger.exchange("b")));
        }

        @Override
        Set<String> expected() {
            return Set.of("b,a");
        }
    }
}
