package dev.thrum.measure.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.base.Clock;
import dev.thrum.http.Headers;
import dev.thrum.http.client.url.Url;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Loads on real servers, over real sockets. What they count must be right; how long it takes is not tested here. */
@EnabledOnOs(OS.LINUX)
@Timeout(60)
final class LoadRunTest {
    private static final LoadPlan OPEN = new LoadPlan(
            200, 4, Duration.ofMillis(100), Duration.ofMillis(100), Duration.ofMillis(500), Duration.ofSeconds(20));

    private static final LoadPlan CLOSED = new LoadPlan(
            0, 4, Duration.ofMillis(100), Duration.ofMillis(100), Duration.ofMillis(500), Duration.ofSeconds(20));

    /** Talks on one connection until it returns. */
    @FunctionalInterface
    private interface Talk {
        void on(Socket socket, BufferedReader input) throws IOException;
    }

    /** A server on a port of this host. */
    private record Server(ServerSocket socket) implements AutoCloseable {
        static Server start(String host, Talk talk) throws IOException {
            ServerSocket socket = new ServerSocket(0, 100, InetAddress.getByName(host));
            Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        Socket accepted = socket.accept();
                        Thread.ofVirtual().start(() -> serve(accepted, talk));
                    }
                } catch (IOException e) {
                    // The test is over.
                }
            });
            return new Server(socket);
        }

        private static void serve(Socket accepted, Talk talk) {
            try (accepted) {
                talk.on(
                        accepted,
                        new BufferedReader(
                                new InputStreamReader(accepted.getInputStream(), StandardCharsets.ISO_8859_1)));
            } catch (IOException e) {
                // The generator has closed it.
            }
        }

        InetSocketAddress address() {
            return (InetSocketAddress) socket.getLocalSocketAddress();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Reads a head; returns false at the end of the connection. */
    private static boolean readHead(BufferedReader input) throws IOException {
        String line = input.readLine();
        while (line != null && !line.isEmpty()) {
            line = input.readLine();
        }
        return line != null;
    }

    private static LoadResult load(LoadPlan plan, LoadProtocol protocol, InetSocketAddress server) throws IOException {
        return new LoadRun(plan, protocol, server, Clock.system()).run();
    }

    private static LoadProtocol get(String body) {
        return LoadProtocol.http(
                Url.parse("http://localhost/x?y"),
                body.isEmpty() ? "GET" : "POST",
                Headers.none(),
                body.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void requests_thatAreDue_areAllAnswered_onKeptConnections(String host) throws Exception {
        try (Server server = Server.start(host, (socket, input) -> {
            while (readHead(input)) {
                send(socket, ScriptedWires.ok("hello"));
            }
        })) {
            LoadResult result = load(OPEN, get(""), server.address());

            assertThat(result.counts().due()).isEqualTo(100);
            assertThat(result.counts().answered()).isEqualTo(100);
            assertThat(result.counts().errors()).isEmpty();
            assertThat(result.connects().opened()).isEqualTo(4);
            assertThat(result.connects().failed()).isEmpty();
            assertThat(result.times().latency().getTotalCount()).isEqualTo(100);
            assertThat(result.costs().core()).isPositive();
        }
    }

    /** 7 connections on 3 threads: 3, 2 and 2. */
    @Test
    void threads_shareRateAndConnections() throws Exception {
        // A third of 200 requests isn't a whole number, but together the threads send each of them.
        LoadPlan plan = new LoadPlan(
                200,
                7,
                Duration.ofMillis(0),
                Duration.ofMillis(100),
                Duration.ofMillis(500),
                Duration.ofSeconds(20),
                3);
        try (Server server = Server.start("127.0.0.1", (socket, input) -> {
            while (readHead(input)) {
                send(socket, ScriptedWires.ok("hello"));
            }
        })) {
            LoadRun run = new LoadRun(plan, get(""), server.address(), Clock.system());
            LoadResult result = run.run();

            assertThat(result.counts().due()).isEqualTo(100);
            assertThat(result.counts().answered()).isEqualTo(100);
            assertThat(result.times().latency().getTotalCount()).isEqualTo(100);
            assertThat(result.connects().opened()).isEqualTo(7);
            assertThat(result.connects().least()).isEqualTo(7);
            assertThat(run.progress().connections()).isBetween(0, 7);
        }
    }

    /** None of them waits for the others, which never get a connection. */
    @Test
    void threads_failTogether() throws Exception {
        InetSocketAddress nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = (InetSocketAddress) socket.getLocalSocketAddress();
        }
        LoadPlan plan =
                new LoadPlan(300, 8, Duration.ZERO, Duration.ZERO, Duration.ofMillis(500), Duration.ofSeconds(20), 4);

        assertThatThrownBy(() -> load(plan, get(""), nobody))
                .isInstanceOf(ConnectException.class)
                .hasMessage("refused");
    }

    @Test
    void ends_ofTheWindow_arePassedOn_inOrder() throws Exception {
        List<LoadRun.Edge> edges = new ArrayList<>();
        try (Server server = Server.start("127.0.0.1", (socket, input) -> {
            while (readHead(input)) {
                send(socket, ScriptedWires.ok("hello"));
            }
        })) {
            LoadResult _ = new LoadRun(OPEN, get(""), server.address(), Clock.system())
                    .observedBy(_ -> {}, edges::add)
                    .run();
        }

        assertThat(edges).containsExactly(LoadRun.Edge.BEGIN, LoadRun.Edge.END);
    }

    @Test
    void closedLoop_hasAsManyInFlight_asConnections() throws Exception {
        try (Server server = Server.start("127.0.0.1", (socket, input) -> {
            while (readHead(input)) {
                send(socket, ScriptedWires.ok("hello"));
            }
        })) {
            LoadResult result = load(CLOSED, get(""), server.address());

            assertThat(result.counts().answered())
                    .isPositive()
                    .isEqualTo(result.counts().sent());
            assertThat(result.flight().counted()).isBetween(3.5, 4.0001);
        }
    }

    @Test
    void connections_thatTheServerCloses_areOpenedAgain() throws Exception {
        try (Server server = Server.start("127.0.0.1", (socket, input) -> {
            if (readHead(input)) {
                send(socket, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx");
            }
        })) {
            LoadResult result = load(OPEN, get(""), server.address());

            assertThat(result.counts().answered()).isEqualTo(100);
            assertThat(result.counts().errors()).isEmpty();
            assertThat(result.connects().opened()).isGreaterThan(100);
        }
    }

    /** Larger than the buffers of both sockets, so it is sent in parts, while the server reads it. */
    @Test
    void request_thatIsLargerThanTheBuffers_isSentCompletely() throws Exception {
        String body = "x".repeat(20_000_000);
        LoadPlan few = new LoadPlan(4, 1, Duration.ZERO, Duration.ZERO, Duration.ofMillis(500), Duration.ofSeconds(20));
        try (Server server = Server.start("127.0.0.1", (socket, input) -> {
            while (readHead(input)) {
                for (long left = body.length(), step = 1; left > 0 && step > 0; left -= step) {
                    step = input.skip(left);
                }
                send(socket, ScriptedWires.ok("thanks"));
            }
        })) {
            LoadResult result = load(few, get(body), server.address());

            assertThat(result.counts().answered()).isEqualTo(2);
            assertThat(result.counts().errors()).isEmpty();
        }
    }

    @Test
    void resets_areCounted() throws Exception {
        try (Server server = Server.start("127.0.0.1", (socket, input) -> {
            if (readHead(input)) {
                // The close is a reset then.
                socket.setSoLinger(true, 0);
            }
        })) {
            LoadResult result = load(OPEN, get(""), server.address());

            assertThat(result.counts().answered()).isZero();
            assertThat(result.counts().errors()).containsOnlyKeys("reset");
        }
    }

    @Test
    void lines_areSentAfterTheGreeting_whichIsLearnt() throws Exception {
        try (Server server = Server.start("127.0.0.1", (socket, input) -> {
            send(socket, "Welcome!\nYou are client number 1.\n");
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                send(socket, line.equals("time") || line.equals("count") ? "fine\n" : "what?\nwhat?\n");
            }
        })) {
            LoadProtocol lines = LoadProtocol.lines(List.of("time", "count"), server.address(), Duration.ofMillis(300));
            LoadResult result = load(OPEN, lines, server.address());

            assertThat(result.counts().answered()).isEqualTo(100);
            assertThat(result.counts().errors()).isEqualTo(Map.of());
        }
    }

    @Test
    void port_withoutAServer_isRefused() throws Exception {
        InetSocketAddress nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = (InetSocketAddress) socket.getLocalSocketAddress();
        }

        assertThatThrownBy(() -> load(OPEN, get(""), nobody))
                .isInstanceOf(ConnectException.class)
                .hasMessage("refused");
    }
}
