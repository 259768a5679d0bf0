package dev.thrum.http.server;

import static dev.thrum.testkit.scripted.Conversation.crlf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.http.Response;
import dev.thrum.testkit.EngineUnderTest;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.scripted.Conversation;
import dev.thrum.testkit.scripted.ParsedResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The responses don't depend on how the network cuts the input of a client into packets, on every engine. */
@ExtendWith(LeakCheck.class)
interface CutContract {
    Duration TIMEOUT = Duration.ofSeconds(30);

    /** Runs a test on a new engine, and closes the engine. */
    void play(Play play) throws Exception;

    /** A test. */
    @FunctionalInterface
    interface Play {
        void act(Engine engine, Wait wait) throws Exception;
    }

    /** Waits for a condition. */
    @FunctionalInterface
    interface Wait {
        void until(String what, BooleanSupplier condition) throws Exception;
    }

    /** Runs a test over sockets. */
    static void playReal(Engine engine, Play play) throws Exception {
        try (EngineUnderTest under = EngineUnderTest.real(engine)) {
            under.run(() -> play.act(engine, under::until));
        }
    }

    static Stream<Named<String>> conversations() {
        return Stream.of(
                conversation("get", "GET /a?b=%20c HTTP/1.1\nHost: a\nAccept: */*\nCookie: a=b\n\n"),
                conversation("post", "POST /echo HTTP/1.1\nHost: a:80\nContent-Length: 12\n\nhello, world"),
                conversation("chunks", """
                        POST /echo HTTP/1.1
                        Host: a
                        Transfer-Encoding: chunked

                        5;x=y
                        hello
                        00007 ; z
                        , world
                        0
                        Checksum: 42

                        """),
                conversation("three together", """
                        GET /1 HTTP/1.1
                        Host: a

                        POST /echo HTTP/1.1
                        Host: a
                        Content-Length: 2

                        22GET /3 HTTP/1.1
                        Host: a
                        Connection: close

                        """),
                conversation("head", "HEAD /a HTTP/1.1\nHost: a\n\nGET /b HTTP/1.1\nHost: a\n\n"),
                conversation("HTTP/1.0", "GET /a HTTP/1.0\nConnection: keep-alive\n\nGET /b HTTP/1.0\n\n"),
                conversation("HTTP/1.0 stream", "GET /stream HTTP/1.0\n\n"),
                conversation(
                        "expectation", "POST /echo HTTP/1.1\nHost: a\nContent-Length: 2\nExpect: 100-continue\n\nok"),
                conversation("absolute", "GET http://[::1]:8080/a?b HTTP/1.1\nHost: a\n\n"),
                conversation("stream", "GET /stream HTTP/1.1\nHost: a\n\n"),
                conversation(
                        "error in the middle",
                        "GET /a HTTP/1.1\nHost: a\n\nGET /b HTTP/1.1\nHost : a\n\nGET /c HTTP/1.1\nHost: a\n\n"),
                conversation(
                        "error in a chunk", "POST /echo HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n2\nab\nx\n\n"),
                conversation(
                        "body that is not read",
                        "POST /nowhere HTTP/1.1\nHost: a\nContent-Length: 5\n\nhelloOPTIONS * HTTP/1.1\nHost: a\n\n"),
                conversation("empty line first", "\nGET /a HTTP/1.1\nHost: a\n\n\nGET /b HTTP/1.1\nHost: a\n\n"));
    }

    private static Named<String> conversation(String name, String text) {
        return Named.of(name, crlf(text));
    }

    @ParameterizedTest
    @MethodSource("dev.thrum.http.server.CutContract#conversations")
    default void responses_areTheSame_whereverTheInputIsCut(String input) throws Exception {
        play((engine, wait) -> {
            try (Peer peer = Peer.on(engine, wait)) {
                String expected = peer.exchange(input, input.length());
                assertThat(ParsedResponse.all(expected)).isNotEmpty();
                for (int cut = 1; cut < input.length(); cut++) {
                    assertThat(peer.exchange(input, cut)).as("cut at %d", cut).isEqualTo(expected);
                }
            }
        });
    }

    @ParameterizedTest
    @MethodSource("dev.thrum.http.server.CutContract#conversations")
    default void responses_areTheSame_whenTheInputArrivesByteByByte(String input) throws Exception {
        play((engine, wait) -> {
            try (Peer peer = Peer.on(engine, wait)) {
                assertThat(peer.exchangeBytewise(input)).isEqualTo(peer.exchange(input, input.length()));
            }
        });
    }

    /** Conversations that leave HTTP. */
    static Stream<Named<String>> takeovers() {
        return Stream.of(
                conversation("upgrade", """
                        GET /a HTTP/1.1
                        Host: a

                        GET /shout HTTP/1.1
                        Host: a
                        Connection: upgrade
                        Upgrade: shout

                        one
                        two
                        """),
                conversation("upgrade with a body", """
                        POST /shout HTTP/1.1
                        Host: a
                        Connection: upgrade
                        Upgrade: shout
                        Content-Length: 2

                        hione
                        """),
                conversation("tunnel", "CONNECT a:80 HTTP/1.1\nHost: a:80\n\none\nGET / HTTP/1.1\n\n"));
    }

    @ParameterizedTest
    @MethodSource("dev.thrum.http.server.CutContract#takeovers")
    default void conversationAfterATakeover_isTheSame_whereverTheInputIsCut(String input) throws Exception {
        play((engine, wait) -> {
            try (Peer peer = Peer.on(engine, wait)) {
                String expected = peer.exchange(input, input.length());
                assertThat(expected).contains("\r\n\r\nONE\n");
                for (int cut = 1; cut < input.length(); cut++) {
                    assertThat(peer.exchange(input, cut)).as("cut at %d", cut).isEqualTo(expected);
                }
                assertThat(peer.exchangeBytewise(input)).isEqualTo(expected);
            }
        });
    }

    /** A server, and a client that waits until its bytes have been received before it continues. */
    final class Peer implements AutoCloseable {
        private final Engine engine;
        private final Wait wait;
        private final AtomicReference<@Nullable Served> last = new AtomicReference<>();
        private final Server server;

        /** The server's side of a conversation. */
        private static final class Served {
            private final Connection connection;
            private volatile boolean ended;

            Served(Connection connection) {
                this.connection = connection;
            }
        }

        private Peer(Engine engine, Wait wait) throws Exception {
            this.engine = engine;
            this.wait = wait;
            ConnectionHandler http =
                    HttpServer.over(routes(), HttpConfig.defaults()).withTunnels(_ -> Response.takeover(Peer::shout));
            InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            server = engine.listen(any, connection -> serve(http, connection), Limits.defaults());
        }

        static Peer on(Engine engine, Wait wait) throws Exception {
            return new Peer(engine, wait);
        }

        private static Router routes() {
            return Router.builder()
                    .post(
                            "/echo",
                            request -> Response.of(
                                    200, "text/plain", request.body().readAllBytes()))
                    .get(
                            "/stream",
                            request -> Response.stream(200, "text/plain", out -> {
                                out.write("one,".getBytes(StandardCharsets.US_ASCII));
                                out.flush();
                                out.write("two".getBytes(StandardCharsets.US_ASCII));
                            }))
                    .get("/shout", _ -> Response.takeover("shout", Peer::shout))
                    .post("/shout", request -> {
                        var _ = request.body().readAllBytes();
                        return Response.takeover("shout", Peer::shout);
                    })
                    .get(
                            "/{name}",
                            request -> request.method().equals("HEAD")
                                    ? Response.text("I am " + request.path()).with(ParsedResponse.BODILESS, "yes")
                                    : Response.text("I am " + request.pathParameter("name")))
                    .build();
        }

        /** Responds to each line with the line in capitals. */
        private static void shout(Connection connection) throws IOException {
            for (var line = connection.reader().readLine(100);
                    line.isPresent();
                    line = connection.reader().readLine(100)) {
                connection.writer().write(line.get().toUpperCase(Locale.ROOT) + "\n");
            }
        }

        private void serve(ConnectionHandler http, Connection connection) throws Exception {
            Served served = new Served(connection);
            last.set(served);
            try {
                http.handle(connection);
            } finally {
                served.ended = true;
            }
        }

        private void untilReceived(Connection client, int bytes) throws Exception {
            int port = client.local().getPort();
            wait.until(bytes + " bytes to be received", () -> {
                Served served = last.get();
                return served != null
                        && served.connection.peer().getPort() == port
                        && (served.ended || served.connection.info().bytesIn() >= bytes);
            });
        }

        String exchange(String input, int cut) throws Exception {
            byte[] bytes = input.getBytes(StandardCharsets.ISO_8859_1);
            try (Connection client = engine.connect(server.address(), TIMEOUT)) {
                client.writer().write(bytes, 0, cut);
                if (cut < bytes.length) {
                    client.writer().flush();
                    untilReceived(client, cut);
                    client.writer().write(bytes, cut, bytes.length - cut);
                }
                client.shutdownOutput();
                return Conversation.rest(client);
            }
        }

        String exchangeBytewise(String input) throws Exception {
            byte[] bytes = input.getBytes(StandardCharsets.ISO_8859_1);
            try (Connection client = engine.connect(server.address(), TIMEOUT)) {
                for (int i = 0; i < bytes.length; i++) {
                    client.writer().write(bytes[i]);
                    client.writer().flush();
                    untilReceived(client, i + 1);
                }
                client.shutdownOutput();
                return Conversation.rest(client);
            }
        }

        @Override
        public void close() {
            server.close();
        }
    }
}
