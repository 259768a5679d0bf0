package dev.thrum.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.simulation.Faults;
import dev.thrum.simulation.Report;
import dev.thrum.simulation.Scenario;
import dev.thrum.simulation.Simulation;
import dev.thrum.simulation.Simulation.Task;
import dev.thrum.simulation.Trial;
import dev.thrum.work.BackgroundServices;
import dev.thrum.work.NamedLock;
import dev.thrum.work.WorkQueue;
import dev.thrum.work.WorkerPool;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Module {@code work} inside a simulation: its waits end by the virtual clock, its threads are the simulation's. */
class WorkInsideTest {
    private static final Duration HOUR = Duration.ofHours(1);

    @ParameterizedTest
    @ValueSource(classes = {Kitchen.class, Queue.class, Pool.class, Locks.class, Jobs.class})
    void runDependsOnlyOnItsSeed_whenTheWaitsOfWorkEndByTheVirtualClock(Class<? extends Scenario> scenario) {
        Trial trial = Trial.of(scenario).withFaults(Faults.harmless()).withTrace();

        Report first = trial.run(42);

        assertThat(Duration.ofNanos(first.virtualNanos())).isBetween(Duration.ofMinutes(5), Duration.ofDays(1));
        assertThat(trial.run(42)).isEqualTo(first);
        assertThat(Trial.of(scenario).withFaults(Faults.harmless()).check(100)).isPositive();
    }

    private static Duration since(Instant start) {
        return Duration.between(start, Instant.now());
    }

    /** A handler that refuses an order when its queue has had no room for five minutes. */
    static final class Kitchen implements Scenario {
        private static final Duration PATIENCE = Duration.ofMinutes(5);

        private final WorkQueue<String> orders = new WorkQueue<>(1);

        private void serve(Connection client) throws Exception {
            Optional<String> order = client.reader().readLine(100);
            while (order.isPresent()) {
                boolean taken = orders.offer(order.get(), PATIENCE);
                client.writer().write(taken ? "taken\n" : "busy\n");
                order = client.reader().readLine(100);
            }
        }

        private String order(Simulation world, Server server, String what) throws Exception {
            try (Connection connection = world.engine().connect(server.address(), HOUR)) {
                connection.writer().write(what + "\n");
                return connection.reader().readLine(100).orElseThrow();
            }
        }

        @Override
        public void run(Simulation world) throws Exception {
            InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            ConnectionHandler handler = this::serve;
            Server server = world.engine().listen(any, handler, Limits.defaults());
            Instant start = Instant.now();
            List<Task<String>> clients = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                String what = "order " + i;
                clients.add(world.fork("client", () -> order(world, server, what)));
            }
            List<String> replies = new ArrayList<>();
            for (Task<String> client : clients) {
                replies.add(client.join());
            }

            assertThat(replies).containsExactlyInAnyOrder("taken", "busy", "busy");
            assertThat(since(start)).isBetween(PATIENCE, PATIENCE.plusMinutes(1));
            String cooked = orders.take();
            world.note("cooked " + cooked);
            assertThat(order(world, server, "dessert")).isEqualTo("taken");
        }
    }

    static final class Queue implements Scenario {
        @Override
        public void run(Simulation world) throws Exception {
            WorkQueue<String> queue = new WorkQueue<>(2);
            Instant start = Instant.now();
            assertThat(queue.poll(HOUR)).isEmpty();
            assertThat(since(start)).isEqualTo(HOUR);

            Task<Optional<String>> taker = world.fork("taker", () -> queue.poll(HOUR));
            Thread.sleep(HOUR.dividedBy(2));
            queue.put("late");
            assertThat(taker.join()).contains("late");
            assertThat(since(start)).isEqualTo(HOUR.plusMinutes(30));

            assertThat(queue.join(HOUR)).isFalse();
            assertThat(since(start)).isEqualTo(HOUR.plusMinutes(90));
            queue.taskDone();
            assertThat(queue.join(HOUR)).isTrue();
            assertThat(since(start)).isEqualTo(HOUR.plusMinutes(90));
        }
    }

    static final class Pool implements Scenario {
        private static String sleep(Duration time) {
            try {
                Thread.sleep(time);
                return "rested";
            } catch (InterruptedException e) {
                return "woken";
            }
        }

        @Override
        public void run(Simulation world) throws Exception {
            Instant start = Instant.now();
            WorkerPool pool = WorkerPool.platform("sleeper", 2, 10);
            List<CompletableFuture<String>> naps = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                naps.add(pool.submit(() -> sleep(HOUR)));
            }
            assertThat(pool.awaitCompletion(HOUR.plusMinutes(30))).isFalse();
            assertThat(since(start)).isEqualTo(HOUR.plusMinutes(30));
            assertThat(pool.awaitCompletion(HOUR)).isTrue();
            assertThat(since(start)).isEqualTo(HOUR.multipliedBy(2));
            assertThat(naps).allSatisfy(nap -> assertThat(nap).isCompletedWithValue("rested"));

            CompletableFuture<String> night = pool.submit(() -> sleep(HOUR.multipliedBy(9)));
            WorkerPool.Drain drain = pool.shutdown(HOUR);
            assertThat(drain.interrupted()).hasSize(1).first().asString().startsWith("sleeper-");
            world.note("woke " + drain.interrupted());
            assertThat(night).isCompletedWithValue("woken");
            assertThat(since(start)).isEqualTo(HOUR.multipliedBy(3));
        }
    }

    static final class Locks implements Scenario {
        private final NamedLock ledger = new NamedLock("ledger");

        private boolean hold(CountDownLatch held) throws Exception {
            ledger.lock();
            try {
                held.countDown();
                Thread.sleep(HOUR.multipliedBy(2));
                return true;
            } finally {
                ledger.unlock();
            }
        }

        @Override
        public void run(Simulation world) throws Exception {
            CountDownLatch held = new CountDownLatch(1);
            List<NamedLock> locks = List.of(new NamedLock("other"), ledger);
            Task<Boolean> holder = world.fork("holder", () -> hold(held));
            held.await();
            Instant start = Instant.now();

            assertThatThrownBy(() -> {
                        NamedLock.Held _ = NamedLock.lockAll(HOUR, locks);
                    })
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageContaining("lock \"ledger\" is held by \"holder-2\"");
            assertThat(since(start)).isEqualTo(HOUR);
            assertThat(locks).noneMatch(NamedLock::isHeldByCurrentThread);

            try (NamedLock.Held _ = NamedLock.lockAll(HOUR.multipliedBy(2), locks)) {
                assertThat(since(start)).isEqualTo(HOUR.multipliedBy(2));
            }
            assertThat(holder.join()).isTrue();
        }
    }

    static final class Jobs implements Scenario {
        @Override
        public void run(Simulation world) throws Exception {
            Instant start = Instant.now();
            try (BackgroundServices jobs = new BackgroundServices(world.clock())) {
                jobs.start("sweep", HOUR, () -> {
                    Thread.sleep(Duration.ofMinutes(10));
                    return "swept by " + Thread.currentThread().getName();
                });
                Thread.sleep(HOUR.multipliedBy(4));

                BackgroundServices.Report report = jobs.report().getFirst();
                assertThat(report.runs()).isEqualTo(3);
                assertThat(report.last()).hasValueSatisfying(run -> {
                    assertThat(run.begun()).isEqualTo(start.plus(Duration.ofMinutes(200)));
                    assertThat(run.took()).isEqualTo(Duration.ofMinutes(10));
                    assertThat(run.said()).isEqualTo("swept by thrum-sweep");
                });
                assertThat(report.next()).contains(start.plus(Duration.ofMinutes(270)));
            }
        }
    }

    /** A scenario that is given as an object gets no clock of its own; it passes one. */
    @Test
    void everyItemIsTakenOnce_whenProducersAndTakersRunOutOfTime_forManySeeds() {
        int ran = Trial.of(world -> {
                    WorkQueue<Integer> queue = new WorkQueue<>(1, world.clock());
                    List<Integer> put = new ArrayList<>();
                    List<Integer> taken = new ArrayList<>();
                    WorkerPool pool = WorkerPool.virtual("worker", 6, 6, world.clock());
                    for (int i = 0; i < 3; i++) {
                        int first = i * 100;
                        pool.submit(() -> {
                            for (int item = first; item < first + 10; item++) {
                                world.clock()
                                        .sleep(Duration.ofNanos(world.random().nextLong(3)));
                                if (queue.offer(
                                        item, Duration.ofNanos(world.random().nextLong(3)))) {
                                    put.add(item);
                                }
                            }
                            return true;
                        });
                        pool.submit(() -> {
                            for (int turn = 0; turn < 10; turn++) {
                                world.clock()
                                        .sleep(Duration.ofNanos(world.random().nextLong(3)));
                                queue.poll(Duration.ofNanos(world.random().nextLong(3)))
                                        .ifPresent(taken::add);
                            }
                            return true;
                        });
                    }
                    assertThat(pool.shutdown(HOUR).isComplete()).isTrue();
                    queue.poll(Duration.ZERO).ifPresent(taken::add);

                    assertThat(taken).containsExactlyInAnyOrderElementsOf(put);
                    try (NamedLock.Held held = NamedLock.lockAll(world.clock(), HOUR, List.of(new NamedLock("free")))) {
                        assertThat(held).isNotNull();
                    }
                })
                .check(200);

        assertThat(ran).isPositive();
    }
}
