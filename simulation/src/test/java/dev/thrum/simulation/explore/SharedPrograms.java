package dev.thrum.simulation.explore;

import dev.thrum.base.Clock;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** Programs about what a step touches: anything, nothing, or a thing that only looks as if it did not change. */
// They are as short as they can be.
@SuppressWarnings({"LockNotBeforeTry", "ModifyingCollectionWithItself"})
final class SharedPrograms {
    private SharedPrograms() {}

    /** A step that may touch anything, while a lock is held, does not hide that the other thread may be first. */
    static final class AnythingUnderLock extends WaitingPrograms.Known {
        private final ReentrantLock lock = new ReentrantLock();
        private final List<Integer> numbers = List.of(1);

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        lock.lock();
                        try {
                            first.append(numbers.containsAll(numbers) ? "1" : "");
                        } finally {
                            lock.unlock();
                        }
                    },
                    () -> {
                        lock.lock();
                        try {
                            first.append("2");
                        } finally {
                            lock.unlock();
                        }
                    });
        }

        @Override
        Set<String> expected() {
            return Set.of("12,", "21,");
        }
    }

    /** The same with a monitor, which a thread leaves without a step. */
    static final class AnythingUnderMonitor extends WaitingPrograms.Known {
        private final List<Integer> numbers = List.of(1);

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        synchronized (numbers) {
                            first.append(numbers.containsAll(numbers) ? "1" : "");
                        }
                    },
                    () -> {
                        synchronized (numbers) {
                            first.append("2");
                        }
                    });
        }

        @Override
        Set<String> expected() {
            return Set.of("12,", "21,");
        }
    }

    /** What is waited for comes after a step that may touch anything, from a third thread that has nothing to do with that. */
    static final class AnythingBesideLock extends WaitingPrograms.Known {
        private final ReentrantLock lock = new ReentrantLock();
        private final List<Integer> numbers = List.of(1);
        private int seen;

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        lock.lock();
                        lock.unlock();
                    },
                    () -> seen += numbers.containsAll(numbers) ? 1 : 0,
                    () -> {
                        lock.lock();
                        try {
                            first.append(seen);
                        } finally {
                            lock.unlock();
                        }
                    });
        }

        @Override
        Set<String> expected() {
            return Set.of("0,", "1,");
        }
    }

    /** A timer that is cancelled at its own time fires or does not. */
    static final class CancelledTimer extends WaitingPrograms.Known {
        @Override
        public List<Actor> actors() {
            return List.of(() -> {
                Clock.Timer timer = Clock.system().schedule(Duration.ofMillis(1), () -> first.append("fires"));
                Thread.sleep(1);
                timer.cancel();
            });
        }

        @Override
        Set<String> expected() {
            return Set.of("fires,", ",");
        }
    }

    /** A method called {@code get} that moves on. */
    static final class BufferGets extends WaitingPrograms.Known {
        private final ByteBuffer buffer = ByteBuffer.wrap(new byte[] {1, 2});

        @Override
        public List<Actor> actors() {
            return List.of(() -> first.append(buffer.get()), () -> second.append(buffer.get()));
        }

        @Override
        Set<String> expected() {
            return Set.of("1,2", "2,1");
        }
    }

    /** A method called {@code next} whose result is no element. */
    static final class RowsNext extends WaitingPrograms.Known {
        private int rows = 1;
        private final ResultSet results = (ResultSet) Proxy.newProxyInstance(
                ResultSet.class.getClassLoader(), new Class<?>[] {ResultSet.class}, (_, _, _) -> {
                    rows--;
                    return rows >= 0;
                });

        @Override
        public List<Actor> actors() {
            return List.of(() -> first.append(results.next()).append(results.next()));
        }

        @Override
        Set<String> expected() {
            return Set.of("truefalse,");
        }
    }

    /** A view of a list that never changes, next to a write. */
    static final class ViewOfAFixedList implements Program {
        private final List<Integer> numbers = List.of(1, 2);
        private int sum;
        private int other;

        @Override
        public List<Actor> actors() {
            return List.of(() -> numbers.reversed().forEach(number -> sum += number), () -> other++);
        }

        @Override
        public String outcome() {
            return sum + "," + other;
        }
    }
}
