package dev.thrum.simulation.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Exchanger;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs over classes of the JDK: all searches find the same outcomes, and those that are to be expected. */
// The programs are wrong on purpose.
@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop"})
class JdkCallsTest {
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

    static final class Interrupts extends Known {
        @Override
        public List<Actor> actors() {
            Thread[] waiting = new Thread[1];
            return List.of(() -> {
                waiting[0] = Thread.startVirtualThread(() -> {
                    try {
                        synchronized (this) {
                            wait(5);
                        }
                        second.append("t");
                    } catch (InterruptedException e) {
                        second.append("i");
                    }
                });
                Thread.sleep(5);
                waiting[0].interrupt();
                waiting[0].join();
            });
        }

        @Override
        Set<String> expected() {
            return Set.of(",t", ",i");
        }
    }

    static final class Parks extends Known {
        private volatile boolean ready;
        private volatile @Nullable Thread waiting;

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        waiting = Thread.currentThread();
                        while (!ready) {
                            LockSupport.park();
                        }
                        first.append("r");
                    },
                    () -> {
                        ready = true;
                        LockSupport.unpark(waiting);
                    });
        }

        @Override
        Set<String> expected() {
            return Set.of("r,");
        }
    }

    static final class ReadAndWrite extends Known {
        private final ReadWriteLock lock = new ReentrantReadWriteLock();
        private int x;
        private int y;

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        lock.writeLock().lock();
                        x = 1;
                        y = 1;
                        lock.writeLock().unlock();
                    },
                    () -> second.append(both()),
                    () -> first.append(both()));
        }

        private int both() {
            lock.readLock().lock();
            try {
                return x + y;
            } finally {
                lock.readLock().unlock();
            }
        }

        @Override
        Set<String> expected() {
            return Set.of("0,0", "2,2", "0,2", "2,0");
        }
    }

    static final class Stamped extends Known {
        private final StampedLock lock = new StampedLock();
        private int x;

        @Override
        public List<Actor> actors() {
            return List.of(this::increment, this::increment);
        }

        private void increment() {
            long stamp = lock.writeLock();
            x++;
            lock.unlockWrite(stamp);
        }

        @Override
        public String outcome() {
            return "" + x;
        }

        @Override
        Set<String> expected() {
            return Set.of("2");
        }
    }

    static final class Iteration extends Known {
        private final List<Integer> list = new ArrayList<>(List.of(1, 2, 3));

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        try {
                            for (int i : list) {
                                first.append(i);
                            }
                        } catch (java.util.ConcurrentModificationException e) {
                            first.append("!");
                        }
                    },
                    () -> list.add(4));
        }

        @Override
        Set<String> expected() {
            return Set.of("1234,", "123,", "1!,", "12!,", "!,", "123!,");
        }
    }

    static final class SynchronizedList extends Known {
        private final List<Integer> list = Collections.synchronizedList(new ArrayList<>());

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        synchronized (list) {
                            if (list.isEmpty()) {
                                list.add(1);
                            }
                        }
                    },
                    () -> list.add(2));
        }

        @Override
        public String outcome() {
            return list.toString();
        }

        @Override
        Set<String> expected() {
            return Set.of("[1, 2]", "[2]");
        }
    }

    static final class Compute extends Known {
        private final Map<String, Integer> map = new ConcurrentHashMap<>();
        private int x;

        @Override
        public List<Actor> actors() {
            Actor add = () -> map.merge("a", 1, (one, other) -> {
                x++;
                return one + other;
            });
            return List.of(add, add, () -> first.append(map.getOrDefault("a", 0)));
        }

        @Override
        public String outcome() {
            return first + " " + map + x;
        }

        @Override
        Set<String> expected() {
            return Set.of("0 {a=2}1", "1 {a=2}1", "2 {a=2}1");
        }
    }

    static final class Handles extends Known {
        private static final VarHandle X;
        private static final AtomicIntegerFieldUpdater<Handles> Y =
                AtomicIntegerFieldUpdater.newUpdater(Handles.class, "y");

        static {
            try {
                X = MethodHandles.lookup().findVarHandle(Handles.class, "x", int.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        private volatile int x;
        private volatile int y;

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        boolean _ = X.compareAndSet(this, 0, 1);
                        Y.incrementAndGet(this);
                    },
                    () -> second.append(y).append(x));
        }

        @Override
        Set<String> expected() {
            return Set.of(",00", ",01", ",11");
        }
    }

    static final class Joins extends Known {
        private int x;

        /** A thread by inheritance, on the platform. */
        private final class Writer extends Thread {
            @Override
            public void run() {
                x = 1;
                first.append(Thread.currentThread() == this);
            }
        }

        @Override
        public List<Actor> actors() {
            return List.of(() -> {
                Thread writer = new Writer();
                writer.start();
                second.append(x);
                writer.join();
                second.append(x).append(writer.isAlive());
            });
        }

        @Override
        Set<String> expected() {
            return Set.of("true,01false", "true,11false");
        }
    }

    static final class StaticMonitor extends Known {
        private int x;

        @Override
        public List<Actor> actors() {
            return List.of(() -> increment(this), () -> increment(this));
        }

        private static synchronized void increment(StaticMonitor of) {
            of.x++;
        }

        @Override
        public String outcome() {
            return "" + x;
        }

        @Override
        Set<String> expected() {
            return Set.of("2");
        }
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                WaitAndNotify.class,
                TimedWait.class,
                Queue.class,
                TimedQueue.class,
                Futures.class,
                TimedFuture.class,
                Async.class,
                Pool.class,
                Barrier.class,
                Exchange.class,
                Interrupts.class,
                Parks.class,
                ReadAndWrite.class,
                Stamped.class,
                Iteration.class,
                SynchronizedList.class,
                Compute.class,
                Handles.class,
                Joins.class,
                StaticMonitor.class
            })
    void everySearch_findsTheOutcomes(Class<? extends Known> program) throws ReflectiveOperationException {
        var constructor = program.getDeclaredConstructor();
        Set<String> expected = constructor.newInstance().expected();
        Explorer explorer = Explorer.of(program).withFindings(10);

        ExplorationReport systematic = explorer.explore();
        assertThat(systematic.findings()).isEmpty();
        assertThat(systematic.outcomes().keySet()).isEqualTo(expected);
        assertThat(systematic.exhausted()).isTrue();
        ExplorationReport asleep = explorer.withSearch(Search.sleepSets()).explore();
        assertThat(asleep.outcomes().keySet()).isEqualTo(expected);
        assertThat(asleep.schedules()).isEqualTo(systematic.schedules());
        ExplorationReport plain = explorer.withSearch(Search.plain())
                .withBudget(200_000, java.time.Duration.ofSeconds(20))
                .explore();
        assertThat(plain.outcomes().keySet()).isEqualTo(expected);
    }
}
