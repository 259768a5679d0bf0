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
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Handlers that could stop a loop forever, or all its connections for a long time, and don't. */
@Timeout(120)
@ExtendWith(LeakCheck.class)
final class LoopDeadlockTest {
    private static EventOptions oneLoop(TransportKind transport) {
        return new EventOptions(transport, 1, Duration.ofMillis(20));
    }

    /** The loop's work for other connections takes no lock that a handler could hold. */
    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void others_areServed_whenHandlersWaitWithLocksAndMonitorsHeld(TransportKind transport) throws Exception {
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

    // Not in the nested classes: a thread in a class initializer can't leave its carrier, and the initializers read
    // these.
    private static final CompletableFuture<Connection> ON_EPOLL = new CompletableFuture<>();
    private static final CompletableFuture<Connection> ON_A_CHANNEL = new CompletableFuture<>();
    private static final CompletableFuture<Connection> ON_A_RING = new CompletableFuture<>();

    private static final class Pinned {
        private static final String LINE = lineOrFailure(ON_EPOLL.join());

        private Pinned() {}
    }

    private static final class PinnedOnAChannel {
        private static final String LINE = lineOrFailure(ON_A_CHANNEL.join());

        private PinnedOnAChannel() {}
    }

    private static final class PinnedOnARing {
        private static final String LINE = lineOrFailure(ON_A_RING.join());

        private PinnedOnARing() {}
    }

    private static String lineOrFailure(Connection connection) {
        try {
            return line(connection);
        } catch (IOException e) {
            return "failed: " + e.getMessage();
        }
    }

    /** The loop can't report the input, because the waiting thread blocks it; so the thread polls by itself. */
    @Test
    void input_arrives_whenItsHandlerIsPinnedAndBlocksItsLoop() throws Exception {
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

    @Test
    void wait_fails_whenItsHandlerIsPinnedAndReadsAChannel() throws Exception {
        requireThatThePinnedFail(
                TransportKind.NIO, ON_A_CHANNEL, () -> PinnedOnAChannel.LINE, "PinnedOnAChannel.<clinit>");
    }

    @Test
    void wait_fails_whenItsHandlerIsPinnedAndReadsFromARing() throws Exception {
        requireThatThePinnedFail(TransportKind.IO_URING, ON_A_RING, () -> PinnedOnARing.LINE, "PinnedOnARing.<clinit>");
    }

    /**
     * Only the loop can read such a connection, and not while a handler blocks the loop. So the wait fails, which frees the
     * loop.
     */
    private static void requireThatThePinnedFail(
            TransportKind transport, CompletableFuture<Connection> given, Supplier<String> line, String frame)
            throws Exception {
        try (Logged logged = new Logged();
                Engine clients = Engine.virtual();
                Engine engine = EventEngine.open(Available.here(oneLoop(transport)))) {
            CompletableFuture<String> seen = new CompletableFuture<>();
            Server server = Talk.listen(engine, connection -> {
                given.complete(connection);
                seen.complete(line.get());
            });
            try (Connection client = Talk.connect(clients, server)) {
                assertThat(seen.get()).contains("failed: ").contains("pinned").contains("offload");
                assertThat(line(client)).isEqualTo("<end>");
            }
            assertThat(logged.await(text -> text.contains("has served none"))).contains(frame);
        }
    }

    /** The thread that wakes it must not fail, and the handler must not hang forever. */
    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void handler_ends_whenItIsWokenAfterItsEngineWasClosed(TransportKind transport) throws Exception {
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
    void others_areServed_whenAHandlerOffloadsABlockingCall(TransportKind transport) throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (Engine engine = EventEngine.open(Available.here(oneLoop(transport)))) {
            Server blocking = Talk.listen(engine, connection -> {
                String result = connection.offload(() -> {
                    release.await();
                    return Thread.currentThread().isVirtual() ? "on the loop" : "on another thread";
                });
                connection.writer().write(result + "\n");
            });
            Server quick = Talk.listen(engine, connection -> connection.writer().write("quick\n"));
            try (Connection waiting = Talk.connect(engine, blocking);
                    Connection other = Talk.connect(engine, quick)) {
                assertThat(line(other)).isEqualTo("quick");
                release.countDown();
                assertThat(line(waiting)).isEqualTo("on another thread");
            }
        }
    }

    /** A handler is also a client of a server on its own loop. */
    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void answer_arrives_whenAHandlerIsAClientOfAServerOnItsOwnLoop(TransportKind transport) throws Exception {
        try (Engine engine = EventEngine.open(Available.here(oneLoop(transport)))) {
            Server backend =
                    Talk.listen(engine, connection -> connection.writer().write("answer to " + line(connection)));
            Server front = Talk.listen(engine, connection -> {
                try (Connection onward = Talk.connect(engine, backend)) {
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
