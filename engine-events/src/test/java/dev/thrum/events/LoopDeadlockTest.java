package dev.thrum.events;

import static dev.thrum.testkit.Scene.line;
import static dev.thrum.testkit.Scene.say;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionInfo.Waiting;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Server;
import dev.thrum.testkit.LeakCheck;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What would stop a loop for ever, or all its connections for long, and does not. */
@Timeout(120)
@ExtendWith(LeakCheck.class)
final class LoopDeadlockTest {
    private static EventOptions oneLoop(TransportKind transport) {
        return new EventOptions(transport, 1, Duration.ofMillis(20));
    }

    /** What the loop does for others takes no lock that this handler could hold. */
    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void othersAreServed_whenHandlersWaitWithLocksAndMonitorsHeld(TransportKind transport) throws Exception {
        ReentrantLock lock = new ReentrantLock();
        Object monitor = new Object();
        try (Engine engine = EventEngine.open(Available.here(oneLoop(transport)))) {
            Server holding = Talk.listen(engine, connection -> {
                lock.lock();
                try {
                    synchronized (monitor) {
                        connection.writer().write(line(connection) + "\n");
                    }
                } finally {
                    lock.unlock();
                }
            });
            try (Connection first = Talk.connect(engine, holding)) {
                Talk.awaitServedWaitingFor(engine, Waiting.MESSAGE);
                // These wait for the lock, on the same loop.
                try (Connection second = Talk.connect(engine, holding);
                        Connection third = Talk.connect(engine, holding)) {
                    say(second, "second\n");
                    say(third, "third\n");
                    say(first, "first\n");
                    assertThat(line(first)).isEqualTo("first");
                    assertThat(line(second)).isEqualTo("second");
                    assertThat(line(third)).isEqualTo("third");
                }
            }
        }
    }

    // Not in the classes below: what is below a class initializer can't let go of its carrier, and these must be read
    // there.
    private static final CompletableFuture<Connection> ON_EPOLL = new CompletableFuture<>();
    private static final CompletableFuture<Connection> ON_A_CHANNEL = new CompletableFuture<>();

    private static final class Pinned {
        private static final String LINE = lineOrFailure(ON_EPOLL.join());

        private Pinned() {}
    }

    private static final class PinnedOnAChannel {
        private static final String LINE = lineOrFailure(ON_A_CHANNEL.join());

        private PinnedOnAChannel() {}
    }

    private static String lineOrFailure(Connection connection) {
        try {
            return line(connection);
        } catch (IOException e) {
            return "failed: " + e.getMessage();
        }
    }

    /** The loop can't report what has come, because the thread that waits for it keeps it; so the thread looks itself. */
    @Test
    void inputComes_whenItsHandlerIsPinnedAndKeepsItsLoop() throws Exception {
        try (Logged logged = new Logged();
                Engine clients = Engine.virtual();
                Engine engine = EventEngine.open(Available.here(oneLoop(TransportKind.EPOLL)))) {
            Server server = Talk.listen(engine, connection -> {
                ON_EPOLL.complete(connection);
                connection.writer().write("got " + Pinned.LINE + "\n");
            });
            try (Connection client = Talk.connect(clients, server)) {
                Talk.awaitServedWaitingFor(engine, Waiting.MESSAGE);
                assertThat(logged.await(text -> text.contains("has served none")))
                        .contains("loop-1")
                        .contains("Pinned.<clinit>")
                        .contains("offload");
                say(client, "hello\n");
                assertThat(line(client)).isEqualTo("got hello");
            }
        }
    }

    /** A channel is the loop's: nothing can be read while the loop is kept. So the wait fails and the loop is free. */
    @Test
    void waitFails_whenItsHandlerIsPinnedAndReadsAChannel() throws Exception {
        try (Logged logged = new Logged();
                Engine clients = Engine.virtual();
                Engine engine = EventEngine.open(oneLoop(TransportKind.NIO))) {
            CompletableFuture<String> seen = new CompletableFuture<>();
            Server server = Talk.listen(engine, connection -> {
                ON_A_CHANNEL.complete(connection);
                seen.complete(PinnedOnAChannel.LINE);
            });
            try (Connection client = Talk.connect(clients, server)) {
                assertThat(seen.get()).contains("failed: ").contains("pinned").contains("offload");
                assertThat(line(client)).isEqualTo("<end>");
            }
            assertThat(logged.await(text -> text.contains("has served none"))).contains("PinnedOnAChannel.<clinit>");
        }
    }

    /** Whoever wakes it must not fail, and it must not hang for ever. */
    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void handlerEnds_whenItIsWokenAfterItsEngineWasClosed(TransportKind transport) throws Exception {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        CompletableFuture<String> end = new CompletableFuture<>();
        CountDownLatch begun = new CountDownLatch(1);
        try (Engine engine = EventEngine.open(Available.here(oneLoop(transport)))) {
            Server server = Talk.listen(engine, connection -> {
                begun.countDown();
                // Join ignores interrupts.
                gate.join();
                try {
                    say(connection, "too late\n");
                } catch (IOException e) {
                    end.complete("its connection is closed");
                }
            });
            Talk.connect(engine, server);
            begun.await();
        }
        gate.complete(null);
        assertThat(end.get()).isEqualTo("its connection is closed");
    }

    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void othersAreServed_whenAHandlerOffloadsWhatBlocks(TransportKind transport) throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (Engine engine = EventEngine.open(Available.here(oneLoop(transport)))) {
            Server blocking = Talk.listen(engine, connection -> {
                String result = connection.offload(() -> {
                    release.await();
                    return Thread.currentThread().isVirtual() ? "on the loop" : "beside the loop";
                });
                connection.writer().write(result + "\n");
            });
            Server quick = Talk.listen(engine, connection -> connection.writer().write("quick\n"));
            try (Connection patient = Talk.connect(engine, blocking);
                    Connection other = Talk.connect(engine, quick)) {
                assertThat(line(other)).isEqualTo("quick");
                release.countDown();
                assertThat(line(patient)).isEqualTo("beside the loop");
            }
        }
    }

    /** A handler that is a client too, of a server on its own loop. */
    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void answerComes_whenAHandlerAsksAServerOnItsOwnLoop(TransportKind transport) throws Exception {
        try (Engine engine = EventEngine.open(Available.here(oneLoop(transport)))) {
            Server behind =
                    Talk.listen(engine, connection -> connection.writer().write("answer to " + line(connection)));
            Server front = Talk.listen(engine, connection -> {
                try (Connection onward = Talk.connect(engine, behind)) {
                    say(onward, line(connection) + "\n");
                    connection.writer().write(line(onward) + "\n");
                }
            });
            try (Connection client = Talk.connect(engine, front)) {
                say(client, "question\n");
                assertThat(line(client)).isEqualTo("answer to question");
            }
        }
    }
}
