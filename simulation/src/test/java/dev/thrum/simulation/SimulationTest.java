package dev.thrum.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.DeadlineException;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.simulation.Simulation.Task;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SimulationTest {
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final Duration SOON = Duration.ofSeconds(30);

    private static final ConnectionHandler UPPER = connection -> {
        Optional<String> line = connection.reader().readLine(1_000);
        while (line.isPresent()) {
            connection.writer().write(line.get().toUpperCase(java.util.Locale.ROOT) + "\n");
            line = connection.reader().readLine(1_000);
        }
    };

    private static void talk(Simulation world, int clients) throws Exception {
        Server server = world.engine().listen(ANY, UPPER, Limits.defaults());
        List<Task<List<String>>> tasks = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            int me = i;
            tasks.add(world.fork("client", () -> {
                try (Connection connection = world.engine().connect(server.address(), SOON)) {
                    connection.writer().write("one " + me + "\ntwo " + me + "\nthree");
                    connection.shutdownOutput();
                    return lines(connection);
                }
            }));
        }
        for (int i = 0; i < clients; i++) {
            assertThat(tasks.get(i).join()).containsExactly("ONE " + i, "TWO " + i, "THREE");
        }
    }

    private static List<String> lines(Connection connection) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Optional<String> line = connection.reader().readLine(1_000);
                line.isPresent();
                line = connection.reader().readLine(1_000)) {
            lines.add(line.get());
        }
        return lines;
    }

    @Test
    void replies_areComplete_whenTheNetworkFragmentsAndStalls_forManySeeds() {
        int ran =
                Trial.of(world -> talk(world, 5)).withFaults(Faults.harmless()).check(200);

        assertThat(ran).isPositive();
    }

    @Test
    void run_isTheSameByteForByte_onlyWhenTheSeedIsTheSame() {
        Trial trial =
                Trial.of(world -> talk(world, 5)).withFaults(Faults.harmless()).withTrace();

        Report first = trial.run(42);
        Report again = trial.run(42);
        Report other = trial.run(43);

        assertThat(first.events()).isGreaterThan(20);
        assertThat(again).isEqualTo(first);
        assertThat(other.trace()).isNotEqualTo(first.trace());
    }

    @Test
    void schedules_differ_whenSeedsDiffer_soRacesAreFound() {
        Set<List<Integer>> orders = new HashSet<>();
        for (long seed = 1; seed <= 50; seed++) {
            Trial.of(world -> {
                        List<Integer> order = new ArrayList<>();
                        List<Task<Boolean>> tasks = new ArrayList<>();
                        for (int i = 0; i < 4; i++) {
                            int me = i;
                            tasks.add(world.fork("racer", () -> order.add(me)));
                        }
                        for (Task<Boolean> task : tasks) {
                            task.join();
                        }
                        orders.add(order);
                    })
                    .run(seed);
        }

        assertThat(orders).hasSizeGreaterThan(10);
    }

    @Test
    void failure_namesTheSeedAndTheCommand_whenAScenarioFails() {
        Trial trial = Trial.of(world -> {
                    world.note("before the failure");
                    throw new IllegalArgumentException("broken on purpose");
                })
                .withRepeat(seed -> "./thrum test --seed " + seed);

        assertThatThrownBy(() -> trial.run(17))
                .isInstanceOf(SimulationFailure.class)
                .hasMessageContaining("seed 17 fails")
                .hasMessageContaining("broken on purpose")
                .hasMessageContaining("./thrum test --seed 17")
                .hasMessageContaining("before the failure");
    }

    @Test
    void deadlock_isReportedWithItsThreads_whenAllThreadsWaitForever() {
        Trial trial = Trial.of(world ->
                world.fork("stuck", () -> new CompletableFuture<>().join()).join());

        assertThatThrownBy(() -> trial.run(1))
                .isInstanceOf(SimulationFailure.class)
                .hasMessageContaining("never comes")
                .hasMessageContaining("stuck-2");
    }

    @Test
    void outsider_isReported_whenItWakesAThreadOfTheSimulation() {
        CompletableFuture<String> awaited = new CompletableFuture<>();
        Trial trial = Trial.of(world -> {
            Task<String> waiter = world.fork("waiter", awaited::join);
            world.clock().sleep(Duration.ofMillis(1));
            Thread outsider = Thread.ofPlatform().name("outsider").start(() -> awaited.complete("now"));
            while (outsider.isAlive()) {
                Thread.onSpinWait();
            }
            waiter.join();
        });

        assertThatThrownBy(() -> trial.run(1))
                .isInstanceOf(SimulationFailure.class)
                .hasMessageContaining("woken by thread outsider");
    }

    @Test
    void monitor_isWaitedForWithinTheStep_whenAThreadOutsideHoldsIt() throws Exception {
        Object monitor = new Object();
        AtomicReference<Thread> inside = new AtomicReference<>();
        CountDownLatch held = new CountDownLatch(1);
        Thread outsider = Thread.ofPlatform().start(() -> {
            synchronized (monitor) {
                held.countDown();
                while (inside.get() == null || inside.get().getState() != Thread.State.BLOCKED) {
                    Thread.onSpinWait();
                }
            }
        });
        held.await();
        List<String> order = new ArrayList<>();
        Trial trial = Trial.of(world -> {
            Task<Void> other = world.fork("other", () -> {
                order.add("other");
                return null;
            });
            inside.set(Thread.currentThread());
            synchronized (monitor) {
                order.add("inside");
            }
            other.join();
        });

        trial.run(1);

        assertThat(order).containsExactly("inside", "other");
        outsider.join();
    }

    @Test
    void monitor_isReported_whenAThreadInsideHoldsItWhileItWaits() {
        Object monitor = new Object();
        Trial trial = Trial.of(world -> {
            Task<Void> holder = world.fork("holder", () -> {
                synchronized (monitor) {
                    world.clock().sleep(Duration.ofMillis(2));
                }
                return null;
            });
            world.clock().sleep(Duration.ofMillis(1));
            synchronized (monitor) {
                holder.join();
            }
            world.clock().sleep(Duration.ofDays(1));
        });

        assertThatThrownBy(() -> trial.run(1)).isInstanceOf(SimulationFailure.class);
    }

    @Test
    void reset_reachesTheHandler_whenTheLinkBreaksAtAByte() {
        List<String> received = new ArrayList<>();
        ConnectionHandler handler = connection -> {
            try {
                while (true) {
                    received.add(connection.reader().readLine(100).orElse("end"));
                }
            } catch (IOException e) {
                received.add(e.getMessage());
            }
        };
        Trial.of(world -> {
                    Server server = world.engine().listen(ANY, handler, Limits.defaults());
                    try (Connection client = world.engine().connect(server.address(), SOON)) {
                        client.writer().write("abc\n");
                        client.writer().flush();
                        client.writer().write("defgh");
                        client.writer().flush();
                        assertThatThrownBy(() -> client.reader().read()).isInstanceOf(IOException.class);
                        // The end of the run would interrupt the handler.
                        world.clock().sleep(SOON);
                    }
                })
                .withFaults((connection, direction, random) -> direction == Faults.Direction.TO_SERVER
                        ? LinkFaults.none().withResetAt(6)
                        : LinkFaults.none())
                .run(1);

        assertThat(received).containsExactly("abc", "Connection reset");
    }

    @Test
    void handler_getsTheEnd_whenTheLinkHalfCloses() {
        List<String> received = new ArrayList<>();
        ConnectionHandler handler = connection -> {
            Optional<String> line = connection.reader().readLine(100);
            while (line.isPresent()) {
                received.add(line.get());
                line = connection.reader().readLine(100);
            }
            connection.writer().write("bye\n");
        };
        Trial.of(world -> {
                    Server server = world.engine().listen(ANY, handler, Limits.defaults());
                    try (Connection client = world.engine().connect(server.address(), SOON)) {
                        client.writer().write("abc\ndefgh\n");
                        assertThat(client.reader().readLine(100)).contains("bye");
                    }
                })
                .withFaults((connection, direction, random) -> direction == Faults.Direction.TO_SERVER
                        ? LinkFaults.none().withEndAt(6)
                        : LinkFaults.none())
                .run(1);

        assertThat(received).containsExactly("abc", "de");
    }

    @Test
    void bytesBeforeTheReset_areRead_whenOneWriteSpansIt() {
        List<String> received = new ArrayList<>();
        Trial.of(world -> {
                    Server server = world.engine()
                            .listen(
                                    ANY,
                                    connection -> {
                                        received.add(
                                                new String(connection.reader().readExactly(5), UTF_8));
                                        assertThatThrownBy(() ->
                                                        connection.reader().read())
                                                .isInstanceOf(IOException.class);
                                        received.add("reset");
                                    },
                                    Limits.defaults());
                    Connection client = world.engine().connect(server.address(), SOON);
                    client.writer().write("abcdefgh");
                    client.writer().flush();
                    world.clock().sleep(SOON);
                })
                .withFaults((connection, direction, random) -> direction == Faults.Direction.TO_SERVER
                        ? LinkFaults.none().withResetAt(5)
                        : LinkFaults.none())
                .run(1);

        assertThat(received).containsExactly("abcde", "reset");
    }

    @Test
    void reset_isNotReadAsTheEnd_whenTheSenderEndsRightAfterIt() {
        for (long seed = 1; seed <= 50; seed++) {
            Trial.of(world -> {
                        Server server = world.engine()
                                .listen(
                                        ANY,
                                        connection -> connection.writer().write("x".repeat(20)),
                                        Limits.defaults());
                        Connection client = world.engine().connect(server.address(), SOON);
                        assertThatThrownBy(() -> lines(client)).isInstanceOf(IOException.class);
                    })
                    .withFaults((connection, direction, random) -> direction == Faults.Direction.TO_CLIENT
                            ? LinkFaults.none().withResetAt(5)
                            : LinkFaults.none())
                    .run(seed);
        }
    }

    @Test
    void run_fails_whenAForkThatIsNotJoinedFails() {
        Trial trial = Trial.of(world -> world.fork("checker", () -> {
            throw new IllegalStateException("not joined");
        }));

        assertThatThrownBy(() -> trial.run(1)).hasMessageContaining("not joined");
    }

    @Test
    void outsider_isReported_whenItIsAVirtualThreadOfTheJdk() {
        CompletableFuture<String> awaited = new CompletableFuture<>();
        CompletableFuture<Void> start = new CompletableFuture<>();
        Thread outsider = Thread.ofVirtual().name("virtual outsider").start(() -> {
            start.join();
            awaited.complete("now");
        });
        Trial trial = Trial.of(world -> {
            Task<String> waiter = world.fork("waiter", awaited::join);
            world.clock().sleep(Duration.ofMillis(1));
            start.complete(null);
            while (outsider.isAlive()) {
                Thread.onSpinWait();
            }
            waiter.join();
        });

        assertThatThrownBy(() -> trial.run(1)).hasMessageContaining("woken by thread virtual outsider");
    }

    private static void serve(Simulation world, ConnectionHandler handler) throws Exception {
        Server server = world.engine().listen(ANY, handler, Limits.defaults());
        try (Connection client = world.engine().connect(server.address(), SOON)) {
            client.reader().await();
        }
    }

    /** A bug of the program under test that no thread of the simulation notices, and its text in the report. */
    record Bug(String report, Scenario scenario) {
        @Override
        public String toString() {
            return report;
        }
    }

    static List<Bug> bugs() {
        return List.of(
                new Bug("a timer's task threw", world -> {
                    world.clock().schedule(Duration.ofMillis(1), SimulationTest::fail);
                    world.clock().sleep(SOON);
                }),
                new Bug("a handler threw", world -> serve(world, connection -> fail())),
                new Bug(
                        "thread helper threw",
                        world -> serve(world, connection -> {
                            Thread helper = Thread.ofVirtual().name("helper").start(SimulationTest::fail);
                            helper.join();
                        })),
                new Bug(
                        "a thread without a name, waiting",
                        world -> serve(world, connection -> {
                            CompletableFuture<Void> never = new CompletableFuture<>();
                            Thread.startVirtualThread(never::join);
                        })),
                new Bug("first, waiting", world -> serve(world, connection -> deadlock())),
                new Bug("second, waiting", world -> serve(world, connection -> deadlock())));
    }

    private static void fail() {
        throw new IllegalStateException("broken on purpose; this stack is expected");
    }

    /** Deadlocks under every schedule: each thread has its lock before it tries the other's. */
    private static void deadlock() {
        ReentrantLock one = new ReentrantLock();
        ReentrantLock other = new ReentrantLock();
        CountDownLatch both = new CountDownLatch(2);
        Thread.ofVirtual().name("first").start(() -> lock(one, both, other));
        Thread.ofVirtual().name("second").start(() -> lock(other, both, one));
    }

    private static void lock(ReentrantLock mine, CountDownLatch both, ReentrantLock others) {
        mine.lock();
        both.countDown();
        try {
            both.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        others.lock();
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void run_fails_whenABugIsNoticedByNoThread(Bug bug) {
        for (long seed = 1; seed <= 5; seed++) {
            long each = seed;
            assertThatThrownBy(() -> Trial.of(bug.scenario()).run(each))
                    .isInstanceOf(SimulationFailure.class)
                    .hasMessageContaining(bug.report());
        }
    }

    @Test
    void run_continues_whenTheFailureIsTolerated() {
        for (Bug bug : bugs().subList(0, 3)) {
            Trial.of(bug.scenario()).tolerating(IllegalStateException.class).run(1);
        }
        assertThatThrownBy(() -> Trial.of(world -> serve(world, connection -> fail()))
                        .tolerating(IllegalArgumentException.class)
                        .run(1))
                .hasMessageContaining("broken on purpose")
                .hasMessageContaining("Trial.tolerating");
        // Failures of the network are not bugs.
        Trial.of(world -> serve(world, connection -> {
                    throw new IOException("the client has disconnected");
                }))
                .run(1);
    }

    @Test
    void run_continues_whenAThreadHasAnUncaughtExceptionHandler() {
        List<String> seen = new ArrayList<>();
        Trial.of(world -> serve(
                        world,
                        connection -> Thread.ofVirtual()
                                .uncaughtExceptionHandler((thread, failure) -> seen.add(failure.getMessage()))
                                .start(SimulationTest::fail)
                                .join()))
                .run(1);
        assertThat(seen).hasSize(1);
    }

    @Test
    void connectFails_whenItsThreadIsInterrupted() {
        Trial.of(world -> {
                    Server server = world.engine().listen(ANY, UPPER, Limits.defaults());
                    Thread.currentThread().interrupt();
                    assertThatThrownBy(() -> world.engine().connect(server.address(), SOON))
                            .isInstanceOf(IOException.class);
                    assertThat(Thread.interrupted()).isTrue();
                })
                .run(1);
    }

    @Test
    void client_isNotServed_whenItGaveUpConnecting() {
        Trial.of(world -> {
                    Server server = world.engine().listen(ANY, UPPER, Limits.defaults());
                    assertThatThrownBy(() -> world.engine().connect(server.address(), Duration.ofMillis(10)))
                            .isInstanceOf(DeadlineException.class);
                    world.clock().sleep(SOON);
                    assertThat(server.conversations()).isZero();
                })
                .withFaults((connection, direction, random) ->
                        LinkFaults.none().withDelays(Duration.ofMillis(50), Duration.ofMillis(50)))
                .run(1);
    }

    @Test
    void ports_areReused_whenManyConnectionsWereMade() {
        Trial.of(world -> {
                    Server server = world.engine().listen(ANY, UPPER, Limits.defaults());
                    for (int i = 0; i < 20_000; i++) {
                        world.engine().connect(server.address(), SOON).close();
                    }
                    Server other = world.engine().listen(ANY, UPPER, Limits.defaults());
                    assertThat(other.address().getPort()).isBetween(49_152, 65_535);
                })
                .run(1);
    }
}
