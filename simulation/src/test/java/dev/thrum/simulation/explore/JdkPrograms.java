package dev.thrum.simulation.explore;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;

/** Programs over classes of the JDK: interrupts, parking, further locks, collections, handles, threads. */
// They are wrong on purpose.
@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop"})
final class JdkPrograms {
    private JdkPrograms() {}

    static final class Interrupts extends WaitingPrograms.Known {
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

    static final class Parks extends WaitingPrograms.Known {
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

    static final class ReadAndWrite extends WaitingPrograms.Known {
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

    static final class Stamped extends WaitingPrograms.Known {
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

    static final class Iteration extends WaitingPrograms.Known {
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

    static final class SynchronizedList extends WaitingPrograms.Known {
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

    static final class Compute extends WaitingPrograms.Known {
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

    static final class Handles extends WaitingPrograms.Known {
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

    static final class Joins extends WaitingPrograms.Known {
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

    static final class StaticMonitor extends WaitingPrograms.Known {
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
}
