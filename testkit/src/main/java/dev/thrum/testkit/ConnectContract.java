package dev.thrum.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.ConnectionInfo.Side;
import dev.thrum.engine.DeadlineException;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.testkit.HangingHosts.HangingHost;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Connections that the engine opens: their conversations, and the names of their hosts. */
interface ConnectContract extends Contract {
    Duration LONG = Duration.ofSeconds(60);
    Duration BRIEF = Duration.ofMillis(200);

    /** A handler that must not be called. */
    private static ConnectionHandler none() {
        return connection -> {
            throw new AssertionError("expected no handler to begin but it has");
        };
    }

    private static void roundTrip(Connection connection, String text) throws IOException {
        Scene.say(connection, text + "\n");
        assertThat(Scene.line(connection)).isEqualTo(text);
    }

    @Test
    default void handlerRunsOverTheConnection_whichEndsWithIt() throws Exception {
        play(scene -> {
            Server server = scene.listen(Scene::echoLines);
            CompletableFuture<Connection> begun = new CompletableFuture<>();
            CompletableFuture<Void> end = new CompletableFuture<>();
            Thread caller = Thread.currentThread();
            Connection connection = scene.connect(server, own -> {
                assertThat(Thread.currentThread()).isNotEqualTo(caller);
                begun.complete(own);
                for (int i = 0; i < 100; i++) {
                    roundTrip(own, "round " + i);
                }
                end.get();
            });
            assertThat(begun.get()).isSameAs(connection);
            assertThat(connection.peer()).isEqualTo(server.address());
            assertThat(scene.opened()).singleElement().satisfies(info -> {
                assertThat(info.number()).isEqualTo(connection.number());
                assertThat(info.side()).isEqualTo(Side.OPENED);
            });
            end.complete(null);
            scene.until(
                    "both sides to end", () -> scene.engine().connections().isEmpty() && server.conversations() == 0);
            // The side that the engine has opened is no client.
            assertThat(scene.engine().stats().accepted()).isOne();
            assertThat(scene.engine().shutdown(LONG)).isTrue();
        });
    }

    @Test
    default void buffersAreFlushedAndPipelined_asInAServersHandler() throws Exception {
        play(scene -> {
            Server server = scene.listen(Scene::echoLines);
            CompletableFuture<List<String>> replies = new CompletableFuture<>();
            scene.connect(server, connection -> {
                List<String> lines = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                    connection.writer().write("line " + i + "\n");
                }
                connection.shutdownOutput();
                for (String line = Scene.line(connection); !line.equals("<end>"); line = Scene.line(connection)) {
                    lines.add(line);
                }
                replies.complete(lines);
            });
            assertThat(replies.get()).hasSize(50).startsWith("line 0", "line 1").endsWith("line 49");
        });
    }

    @Test
    default void eachHandlerGetsItsOwnReplies_whenManyConversationsRunAtOnce() throws Exception {
        play(scene -> {
            int crowd = outgoing();
            Server server = scene.listen(
                    Scene::echoLines,
                    Limits.defaults().withMaxConnections(crowd).withMaxPerPeer(crowd));
            CompletableFuture<Void> begin = new CompletableFuture<>();
            CountDownLatch done = new CountDownLatch(crowd);
            for (int i = 0; i < crowd; i++) {
                String name = "conversation " + i;
                scene.connect(server, connection -> {
                    begin.get();
                    for (int round = 0; round < 5; round++) {
                        roundTrip(connection, name + " in round " + round);
                    }
                    done.countDown();
                });
            }
            assertThat(scene.opened()).hasSize(crowd);
            scene.until("all to be served at once", () -> server.conversations() == crowd);
            begin.complete(null);
            done.await();
            scene.until("all to be gone", () -> scene.engine().connections().isEmpty());
        });
    }

    @Test
    default void everyConversationEnds_whenTheirPeersResetAtRandom() throws Exception {
        play(scene -> {
            int crowd = Math.min(100, outgoing());
            CountDownLatch ended = new CountDownLatch(crowd);
            Server server = scene.listen(connection -> {
                if (Scene.line(connection).equals("reset")) {
                    connection.reset();
                } else {
                    Scene.say(connection, "bye\n");
                }
            });
            for (int i = 0; i < crowd; i++) {
                String word = i % 2 == 0 ? "reset" : "end";
                scene.connect(server, connection -> {
                    try {
                        Scene.say(connection, word + "\n");
                        assertThat(Scene.line(connection)).isEqualTo("bye");
                    } catch (IOException e) {
                        assertThat(word).isEqualTo("reset");
                    } finally {
                        ended.countDown();
                    }
                });
            }
            ended.await();
            scene.until("all to be gone", () -> scene.engine().connections().isEmpty());
        });
    }

    @Test
    default void otherConversationsGoOn_whenAHandlerThrows() throws Exception {
        play(scene -> {
            Server server = scene.listen(Scene::echoLines);
            CompletableFuture<Void> go = new CompletableFuture<>();
            CompletableFuture<Void> replied = new CompletableFuture<>();
            scene.connect(server, connection -> {
                go.get();
                roundTrip(connection, "still here");
                replied.complete(null);
            });
            Connection failing = scene.engine().connect(server.address(), Scene.CONNECT_PATIENCE, connection -> {
                throw new IllegalStateException("asked to throw; this stack is expected");
            });
            scene.until(
                    "the failed conversation to end",
                    () -> scene.opened().stream().noneMatch(info -> info.number() == failing.number()));
            go.complete(null);
            replied.get();
            assertThat(scene.engine().shutdown(LONG)).isTrue();
        });
    }

    @Test
    default void callerMayReset_whatTheHandlerUses() throws Exception {
        play(scene -> {
            Server server = scene.listen(Scene::echoLines);
            CompletableFuture<Throwable> how = new CompletableFuture<>();
            Connection connection = scene.connect(server, own -> how.complete(catchThrowable(() -> Scene.line(own))));
            connection.reset();
            assertThat(how.get()).isInstanceOf(IOException.class);
            scene.until("both to be gone", () -> scene.engine().connections().isEmpty());
        });
    }

    @Test
    default void connectFails_andNoHandlerBegins_whenNoServerListens() throws Exception {
        play(scene -> {
            Server server = scene.listen(Scene::echoLines);
            InetSocketAddress address = server.address();
            server.close();
            assertThatThrownBy(() -> scene.engine().connect(address, Scene.CONNECT_PATIENCE, none()))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining(String.valueOf(address.getPort()));
            assertThat(scene.engine().connections()).isEmpty();
            assertThat(scene.engine().shutdown(LONG)).isTrue();
        });
    }

    @Test
    default void connectFails_whenThePeerDoesNotAnswerInTime() throws Exception {
        play(scene -> {
            if (scene.under().simulated()) {
                // The simulation's own tests have slow links.
                return;
            }
            List<SocketChannel> fillers = new ArrayList<>();
            try (ServerSocketChannel full = ServerSocketChannel.open()) {
                // Linux drops connection requests when this many wait to be accepted.
                full.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
                InetSocketAddress address = (InetSocketAddress) full.getLocalAddress();
                for (int i = 0; i < 4; i++) {
                    SocketChannel filler = SocketChannel.open();
                    fillers.add(filler);
                    filler.configureBlocking(false);
                    filler.connect(address);
                }
                for (int i = 0; i < 3; i++) {
                    assertThatThrownBy(() -> scene.engine().connect(address, BRIEF, none()))
                            .isInstanceOf(DeadlineException.class)
                            .hasMessageContaining("connection request");
                }
            } finally {
                for (SocketChannel filler : fillers) {
                    filler.close();
                }
            }
            assertThat(scene.engine().connections()).isEmpty();
        });
    }

    @Test
    default void conversationsFinish_whenTheEngineDrains() throws Exception {
        play(scene -> {
            Server server = scene.listen(Scene::echoLines);
            CompletableFuture<Void> before = new CompletableFuture<>();
            CompletableFuture<Void> go = new CompletableFuture<>();
            CompletableFuture<Boolean> drains = new CompletableFuture<>();
            Connection connection = scene.connect(server, own -> {
                roundTrip(own, "before");
                before.complete(null);
                go.get();
                drains.complete(own.isDraining());
                assertThat(own.mayKeepAlive()).isFalse();
                roundTrip(own, "after");
            });
            // Before that, the drain would refuse the server's side.
            before.get();
            CompletableFuture<Boolean> clean = new CompletableFuture<>();
            scene.fork("drain", () -> clean.complete(scene.engine().shutdown(LONG)));
            scene.until("the conversation to drain", connection::isDraining);
            assertThat(clean).isNotDone();
            go.complete(null);
            assertThat(drains.get()).isTrue();
            assertThat(clean.get()).isTrue();
            assertThat(scene.opened()).isEmpty();
        });
    }

    @Test
    default void conversationEndsBetweenExchanges_whenTheEngineDrains() throws Exception {
        play(scene -> {
            Server server = scene.listen(Scene::echoLines);
            CompletableFuture<Void> first = new CompletableFuture<>();
            CompletableFuture<Boolean> another = new CompletableFuture<>();
            scene.connect(server, own -> {
                roundTrip(own, "one");
                first.complete(null);
                another.complete(own.reader().awaitExchange());
            });
            first.get();
            assertThat(scene.engine().shutdown(LONG)).isTrue();
            assertThat(another.get()).isFalse();
        });
    }

    @Test
    default void conversationsAreResetAndInterrupted_whenTheDrainDeadlinePassesForOpenedOnes() throws Exception {
        play(scene -> {
            Server server = scene.listen(Scene::echoLines);
            CompletableFuture<Throwable> reader = new CompletableFuture<>();
            CompletableFuture<Throwable> sleeper = new CompletableFuture<>();
            CountDownLatch begun = new CountDownLatch(2);
            scene.connect(server, own -> {
                roundTrip(own, "one");
                begun.countDown();
                reader.complete(catchThrowable(() -> Scene.line(own)));
            });
            scene.connect(server, own -> {
                roundTrip(own, "two");
                begun.countDown();
                sleeper.complete(catchThrowable(() -> new CountDownLatch(1).await()));
            });
            begun.await();
            assertThat(scene.engine().shutdown(BRIEF)).isFalse();
            assertThat(reader.get()).isInstanceOf(IOException.class);
            assertThat(sleeper.get()).isInstanceOf(InterruptedException.class);
            assertThat(scene.opened()).isEmpty();
        });
    }

    @Test
    default void conversationsEnd_whenTheEngineIsClosed_andNoneBeginsAfterThat() throws Exception {
        play(scene -> {
            Server server = scene.listen(Scene::echoLines);
            CompletableFuture<Throwable> reader = new CompletableFuture<>();
            CompletableFuture<Void> begun = new CompletableFuture<>();
            scene.connect(server, own -> {
                roundTrip(own, "one");
                begun.complete(null);
                reader.complete(catchThrowable(() -> Scene.line(own)));
            });
            begun.get();
            scene.engine().close();
            assertThat(reader.get()).isInstanceOf(IOException.class);
            assertThat(scene.engine().connections()).isEmpty();
            assertThatThrownBy(() -> scene.engine().connect(server.address(), BRIEF, none()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("connect before that");
        });
    }

    @Test
    default void noConversationBegins_afterTheEngineHasDrained() throws Exception {
        play(scene -> {
            Engine engine = scene.engine();
            Server server = scene.listen(Scene::echoLines);
            CompletableFuture<Void> done = new CompletableFuture<>();
            scene.connect(server, own -> {
                roundTrip(own, "one");
                done.complete(null);
            });
            done.get();
            assertThat(engine.shutdown(LONG)).isTrue();
            assertThat(catchThrowable(() -> engine.connect(server.address(), BRIEF, none())))
                    .isInstanceOfAny(IllegalStateException.class, ConnectException.class);
            assertThat(engine.connections()).isEmpty();
        });
    }

    @Test
    default void nameIsLookedUp_whenTheAddressIsNotResolved() throws Exception {
        play(scene -> {
            Server server = scene.listen(Scene::echoLines);
            for (String host :
                    List.of("localhost", server.address().getAddress().getHostAddress())) {
                InetSocketAddress address = InetSocketAddress.createUnresolved(
                        host, server.address().getPort());
                try (Connection client = scene.engine().connect(address, Scene.CONNECT_PATIENCE)) {
                    roundTrip(client, "hello");
                }
                CompletableFuture<Void> replied = new CompletableFuture<>();
                scene.engine().connect(address, Scene.CONNECT_PATIENCE, scene.watched(connection -> {
                    roundTrip(connection, "hello again");
                    replied.complete(null);
                }));
                replied.get();
            }
        });
    }

    @Test
    default void connectFailsAndNamesTheHost_whenItIsUnknown() throws Exception {
        play(scene -> {
            InetSocketAddress nowhere = InetSocketAddress.createUnresolved("no.such.host.invalid", 80);
            assertThatThrownBy(() -> scene.engine().connect(nowhere, Scene.CONNECT_PATIENCE, none()))
                    .isInstanceOf(UnknownHostException.class)
                    .hasMessage("expected a host name or address but could not resolve \"no.such.host.invalid\": check"
                            + " its spelling");
            assertThat(scene.engine().connections()).isEmpty();
        });
    }

    @Test
    default void connectFails_whenTheHostIsNotLookedUpInTime() throws Exception {
        play(scene -> {
            if (scene.under().simulated()) {
                // The JDK's resolver is not used there.
                return;
            }
            try (HangingHost host = HangingHosts.hang()) {
                InetSocketAddress address = InetSocketAddress.createUnresolved(host.name(), 80);
                assertThatThrownBy(() -> scene.engine().connect(address, BRIEF))
                        .isInstanceOf(DeadlineException.class)
                        .hasMessageStartingWith("the name \"" + host.name() + "\" was not looked up within 200 ms")
                        .satisfies(e ->
                                assertThat(((DeadlineException) e).kind()).isEqualTo(DeadlineException.Kind.CONNECT));
                assertThatThrownBy(() -> scene.engine().connect(address, BRIEF, none()))
                        .isInstanceOf(DeadlineException.class);
            }
            assertThat(scene.engine().connections()).isEmpty();
        });
    }

    @Test
    default void othersAreServedAndLookedUp_whileTheLookUpOfAHostHangsInManyHandlers() throws Exception {
        play(scene -> {
            if (scene.under().simulated()) {
                // The JDK's resolver is not used there.
                return;
            }
            int hanging = 32;
            Server server;
            try (HangingHost host = HangingHosts.hang()) {
                InetSocketAddress address = InetSocketAddress.createUnresolved(host.name(), 80);
                CountDownLatch begun = new CountDownLatch(hanging);
                server = scene.listen(connection -> {
                    if (Scene.line(connection).equals("hang")) {
                        begun.countDown();
                        String how = catchThrowable(() -> scene.engine().connect(address, LONG))
                                .getClass()
                                .getSimpleName();
                        Scene.say(connection, how + "\n");
                    } else {
                        Scene.say(connection, "served\n");
                    }
                });
                List<Connection> waiting = new ArrayList<>();
                for (int i = 0; i < hanging; i++) {
                    waiting.add(scene.connect(server));
                    Scene.say(waiting.get(i), "hang\n");
                }
                begun.await();
                for (int i = 0; i < hanging; i++) {
                    InetSocketAddress other = InetSocketAddress.createUnresolved(
                            "localhost", server.address().getPort());
                    try (Connection client = scene.engine().connect(other, Scene.CONNECT_PATIENCE)) {
                        Scene.say(client, "serve\n");
                        assertThat(Scene.line(client)).isEqualTo("served");
                    }
                }
                host.release();
                for (Connection client : waiting) {
                    assertThat(Scene.textToEnd(client)).isEqualTo("UnknownHostException\n");
                }
            }
        });
    }

    @Test
    default void callersThatWaitForALookUp_areReleased_whenTheEngineIsClosed() throws Exception {
        play(scene -> {
            if (scene.under().simulated()) {
                // The JDK's resolver is not used there.
                return;
            }
            try (HangingHost host = HangingHosts.hang()) {
                InetSocketAddress address = InetSocketAddress.createUnresolved(host.name(), 80);
                CompletableFuture<Thread> caller = new CompletableFuture<>();
                CompletableFuture<Throwable> how = new CompletableFuture<>();
                scene.fork("caller", () -> {
                    caller.complete(Thread.currentThread());
                    how.complete(catchThrowable(() -> scene.engine().connect(address, LONG)));
                });
                Thread waits = caller.get();
                scene.until("the caller to wait", () -> waits.getState() == Thread.State.WAITING);
                scene.engine().close();
                assertThat(how.get()).hasMessageContaining("closed: connect before that");
            }
        });
    }
}
