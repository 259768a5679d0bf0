package dev.thrum.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.base.Offload;
import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.ConnectionInfo;
import dev.thrum.engine.ConnectionInfo.Side;
import dev.thrum.engine.ConnectionInfo.Waiting;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The life of a connection: what the registry reports about it, and that one handler does not affect the others. */
interface LifecycleContract extends Contract {
    @Test
    default void otherClientsAreServed_whenHandlersThrow() throws Exception {
        play(scene -> {
            ConnectionHandler handler = connection -> {
                String line = Scene.line(connection);
                connection.writer().write("said " + line + "\n");
                switch (line) {
                    case "exception" -> throw new IllegalStateException("asked to throw; this stack is expected");
                    case "error" -> throw new StackOverflowError("asked to throw; this stack is expected");
                    case "throwable" -> throw LifecycleContract.<RuntimeException>sneaky(new Unexpected());
                    case "io" -> throw new IOException("asked to throw");
                    default -> {}
                }
            };
            Server server = scene.engine().listen(scene.under().anyAddress(), handler, Limits.defaults());
            for (int round = 0; round < 3; round++) {
                for (String failure : List.of("exception", "error", "throwable", "io", "nothing")) {
                    Connection client = scene.connect(server);
                    Scene.say(client, failure + "\n");
                    // Output written before the failure is sent, and the stream ends normally.
                    assertThat(Scene.textToEnd(client)).isEqualTo("said " + failure + "\n");
                }
            }
            scene.until(
                    "all to be gone",
                    () -> server.conversations() == 0 && scene.served().isEmpty());
        });
    }

    /** Neither an exception nor an error, as other JVM languages may throw. */
    final class Unexpected extends Throwable {
        private static final long serialVersionUID = 1L;

        Unexpected() {
            super("asked to throw; this stack is expected");
        }
    }

    // The cast is erased, so javac accepts the type without a check at run time. That is the point.
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> T sneaky(Throwable e) throws T {
        throw (T) e;
    }

    @Test
    default void registryShowsWhatAConnectionWaitsFor() throws Exception {
        play(scene -> {
            CompletableFuture<Void> computed = new CompletableFuture<>();
            byte[] much = new byte[scene.size(BulkContract.MUCH, BulkContract.MUCH_SIMULATED)];
            Server server = scene.listen(connection -> {
                Scene.line(connection);
                computed.get();
                connection.writer().write("thinking over\n");
                connection.reader().await();
                connection.writer().write(much);
            });
            Connection client = scene.connect(server);
            ConnectionInfo idle = scene.untilServedWaitsFor(Waiting.MESSAGE);
            assertThat(idle.bytesIn()).isZero();
            assertThat(idle.bytesOut()).isZero();
            assertThat(idle.side()).isEqualTo(Side.SERVED);
            assertThat(idle.engine()).isEqualTo(scene.engine().name());
            assertThat(idle.peer()).isEqualTo(client.local());
            assertThat(client.peer()).isEqualTo(server.address());

            Scene.say(client, "half ");
            ConnectionInfo half = scene.untilServedWaitsFor(Waiting.INPUT);
            assertThat(half.number()).isEqualTo(idle.number());
            assertThat(half.bytesIn()).isEqualTo(5);

            Scene.say(client, "a line\n");
            scene.until(
                    "the handler to compute", () -> scene.served().getFirst().waitingFor() == Waiting.NOTHING);
            computed.complete(null);
            assertThat(Scene.line(client)).isEqualTo("thinking over");
            assertThat(scene.untilServedWaitsFor(Waiting.MESSAGE).bytesOut()).isEqualTo(14);
            Scene.say(client, "x");
            ConnectionInfo blocked = scene.untilServedWaitsFor(Waiting.OUTPUT);
            assertThat(blocked.bytesIn()).isEqualTo(13);
            client.reset();
            scene.until(
                    "the connection to be gone",
                    () -> scene.engine().connections().isEmpty());
        });
    }

    @Test
    default void registryShowsAgeAndOrder_forServedAndOpenedConnections() throws Exception {
        play(scene -> {
            Server server = scene.listen(connection -> connection.reader().await());
            Connection first = scene.connect(server);
            scene.until("the first to be served", () -> scene.served().size() == 1);
            scene.pause(Duration.ofMillis(50));
            Connection second = scene.connect(server);
            scene.until("the second to be served", () -> scene.served().size() == 2);
            List<ConnectionInfo> all = scene.engine().connections();
            assertThat(all)
                    .hasSize(4)
                    .extracting(ConnectionInfo::number)
                    .isSorted()
                    .doesNotHaveDuplicates();
            List<ConnectionInfo> opened = scene.opened();
            assertThat(opened)
                    .extracting(ConnectionInfo::number)
                    .containsExactlyInAnyOrder(first.number(), second.number());
            assertThat(opened).extracting(ConnectionInfo::waitingFor).containsOnly(Waiting.NOTHING);
            assertThat(opened.getFirst().age().minus(opened.getLast().age()))
                    .isBetween(Duration.ofMillis(40), DeadlineContract.LATE);
            first.close();
            second.close();
            scene.until("all to be gone", () -> scene.engine().connections().isEmpty());
        });
    }

    @Test
    default void offloadReturnsTheResultOrThrowsTheFailure_whenCalledByAHandler() throws Exception {
        play(scene -> {
            Server server = scene.listen(connection -> {
                String line = Scene.line(connection);
                connection.writer().write(connection.offload(() -> "offloaded " + line) + "\n");
                assertThatThrownBy(() -> connection.offload(() -> {
                            throw new IOException("no such file");
                        }))
                        .isInstanceOf(IOException.class)
                        .hasMessage("no such file");
                connection.writer().write("done\n");
            });
            Connection client = scene.connect(server);
            Scene.say(client, "work\n");
            assertThat(Scene.textToEnd(client)).isEqualTo("offloaded work\ndone\n");
        });
    }

    @Test
    default void filesAndNamesAreServed_whenLongComputationsOccupyTheirWholePool() throws Exception {
        play(scene -> {
            // More than the pools for files and names have threads together.
            int computations = 30;
            // On engine threads a computation runs on the handler's own platform thread. In the simulation, other
            // tasks run only while it waits.
            boolean computes =
                    !scene.under().simulated() && !scene.engine().name().equals("threads");
            CompletableFuture<Void> enough = new CompletableFuture<>();
            Server computing = scene.listen(connection -> {
                Scene.say(connection, "begun\n");
                connection.offload(() -> {
                    while (computes && !enough.isDone()) {
                        Thread.onSpinWait();
                    }
                    return enough.get();
                });
                connection.writer().write("done\n");
            });
            List<Connection> clients = new ArrayList<>();
            for (int i = 0; i < computations; i++) {
                Connection client = scene.connect(computing);
                clients.add(client);
                assertThat(Scene.line(client)).isEqualTo("begun");
            }
            Server server = scene.listen(connection -> {
                for (Offload kind : List.of(Offload.FILES, Offload.NAMES)) {
                    connection.writer().write(connection.offload(kind, () -> kind + "\n"));
                }
            });
            assertThat(Scene.textToEnd(scene.connect(server))).isEqualTo("FILES\nNAMES\n");
            enough.complete(null);
            for (Connection client : clients) {
                assertThat(Scene.line(client)).isEqualTo("done");
            }
        });
    }

    @Test
    default void interruptDoesNotReachTheNextHandler_whenHandlersInterruptThemselves() throws Exception {
        play(scene -> {
            Server server = scene.listen(connection -> {
                boolean interrupted = Thread.currentThread().isInterrupted();
                Scene.say(connection, interrupted + "\n");
                connection.reader().await();
                Thread.currentThread().interrupt();
            });
            for (int i = 0; i < 20; i++) {
                Connection client = scene.connect(server);
                assertThat(Scene.line(client)).isEqualTo("false");
                client.reset();
                scene.until("the conversation to end", () -> server.conversations() == 0);
            }
        });
    }

    @Test
    default void clockRunsScheduledTasks_unlessTheyAreCancelled() throws Exception {
        play(scene -> {
            CompletableFuture<Long> ran = new CompletableFuture<>();
            CompletableFuture<Void> cancelled = new CompletableFuture<>();
            long start = scene.engine().clock().nanoTime();
            scene.engine()
                    .clock()
                    .schedule(Duration.ofMillis(50), () -> cancelled.complete(null))
                    .cancel();
            scene.engine().clock().schedule(Duration.ofMillis(20), () -> {
                throw new IllegalStateException("a timer task that fails; this stack is expected");
            });
            scene.engine()
                    .clock()
                    .schedule(
                            Duration.ofMillis(100),
                            () -> ran.complete(scene.engine().clock().nanoTime()));
            assertThat(Duration.ofNanos(ran.get() - start)).isBetween(Duration.ofMillis(100), DeadlineContract.LATE);
            assertThat(cancelled).isNotDone();
        });
    }
}
