package dev.thrum.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.base.Clock;
import dev.thrum.engine.DatagramHandler;
import dev.thrum.engine.DatagramServer;
import dev.thrum.engine.Engine;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
@Timeout(60)
final class DatagramServerTest {
    private static final DatagramHandler ECHO = (peer, payload) -> Optional.of(payload);
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final int PLENTY = 1_000_000;

    private final Engine engine = Engine.virtual();
    private final Clock clock = engine.clock();

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void datagramsAreReturned_whenTheHandlerEchoes() throws Exception {
        try (DatagramServer server = DatagramServer.open(ANY, ECHO, PLENTY, clock);
                Peer client = Peer.of(server)) {
            assertThat(client.ask("hello")).isEqualTo("hello");
            assertThat(client.ask("")).isEmpty();
            assertThat(client.ask("x".repeat(60_000))).hasSize(60_000);
        }
    }

    @Test
    void laterDatagramsAreAnswered_whenTheHandlerThrowsOrIsSilentOrReturnsTooMuch() throws Exception {
        DatagramHandler handler = (peer, payload) -> switch (new String(payload, StandardCharsets.UTF_8)) {
            case "throw" -> throw new IllegalStateException("asked to throw; this stack is expected");
            case "error" -> throw new AssertionError("asked to throw; this stack is expected");
            case "throw interrupted" -> {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("asked to throw; this stack is expected");
            }
            case "answer interrupted" -> {
                Thread.currentThread().interrupt();
                yield Optional.of(payload);
            }
            case "silence" -> Optional.empty();
            case "too much" -> Optional.of(new byte[70_000]);
            default -> Optional.of(payload);
        };
        try (DatagramServer server = DatagramServer.open(ANY, handler, PLENTY, clock);
                Peer client = Peer.of(server)) {
            assertThat(client.ask("answer interrupted")).isEqualTo("answer interrupted");
            for (String request : new String[] {"throw", "throw interrupted", "error", "silence", "too much"}) {
                client.send(request);
                assertThat(client.ask("after " + request)).isEqualTo("after " + request);
            }
        }
    }

    @Test
    void repliesAreLimited_whenOnePeerSendsTooOften() throws Exception {
        int perSecond = 10;
        CompletableFuture<Void> sawLast = new CompletableFuture<>();
        DatagramHandler handler = (peer, payload) -> {
            sawLast.complete(null);
            return Optional.of(payload);
        };
        try (DatagramServer server = DatagramServer.open(ANY, handler, perSecond, clock);
                Peer client = Peer.of(server)) {
            for (int i = 0; i < 200; i++) {
                client.send("question");
            }
            sawLast.get(30, TimeUnit.SECONDS);
            client.socket().setSoTimeout(300);
            int replies = 0;
            try {
                while (replies < 200) {
                    client.receive();
                    replies++;
                }
            } catch (SocketTimeoutException e) {
                // No more replies arrive. On a busy machine a few of the server's seconds may have begun meanwhile.
                assertThat(replies).isBetween(perSecond, 4 * perSecond);
            }
            assertThat(replies).isLessThan(200);
        }
    }

    @Test
    void addressIsFree_whenServerIsClosed() throws Exception {
        DatagramServer server = DatagramServer.open(ANY, ECHO, PLENTY, clock);
        InetSocketAddress address = server.address();
        assertThatThrownBy(() -> DatagramServer.open(address, ECHO, PLENTY, clock))
                .isInstanceOf(BindException.class)
                .hasMessageContaining(String.valueOf(address.getPort()));
        server.close();
        server.close();
        DatagramServer.open(address, ECHO, PLENTY, clock).close();
    }

    @Test
    void nothingIsLeftOpen_whenTheServerCannotBeOpened() {
        Resources before = Resources.now();
        assertThatThrownBy(() -> DatagramServer.open(ANY, ECHO, 0, clock)).isInstanceOf(IllegalArgumentException.class);
        InetSocketAddress nowhere = InetSocketAddress.createUnresolved("no.such.host.invalid", 80);
        assertThatThrownBy(() -> DatagramServer.open(nowhere, ECHO, 1, clock)).isInstanceOf(Exception.class);
        before.awaitNothingNew("by a server that failed to open");
    }

    @Test
    void closeReturns_whenTheHandlerCallsIt() throws Exception {
        CompletableFuture<DatagramServer> own = new CompletableFuture<>();
        CompletableFuture<Void> closed = new CompletableFuture<>();
        DatagramHandler handler = (peer, payload) -> {
            own.join().close();
            closed.complete(null);
            return Optional.empty();
        };
        try (DatagramServer server = DatagramServer.open(ANY, handler, PLENTY, clock);
                Peer client = Peer.of(server)) {
            own.complete(server);
            client.send("close");
            closed.get(30, TimeUnit.SECONDS);
        }
    }

    /** A client. Its socket is not connected, because a connected one does not send an empty datagram. */
    private record Peer(DatagramSocket socket, InetSocketAddress server) implements AutoCloseable {
        static Peer of(DatagramServer server) throws IOException {
            DatagramSocket socket = new DatagramSocket();
            socket.setSoTimeout(20_000);
            return new Peer(socket, server.address());
        }

        void send(String text) throws IOException {
            byte[] payload = text.getBytes(StandardCharsets.UTF_8);
            socket.send(new DatagramPacket(payload, payload.length, server));
        }

        String receive() throws IOException {
            DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
            socket.receive(packet);
            return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
        }

        String ask(String text) throws IOException {
            send(text);
            return receive();
        }

        @Override
        public void close() {
            socket.close();
        }
    }
}
