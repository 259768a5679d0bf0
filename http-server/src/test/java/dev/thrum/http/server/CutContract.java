package dev.thrum.http.server;

import static dev.thrum.testkit.Conversation.crlf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.http.Response;
import dev.thrum.testkit.Conversation;
import dev.thrum.testkit.EngineUnderTest;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.ParsedResponse;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** However the network cuts the input of a client into packets, the responses are the same: on every engine. */
@ExtendWith(LeakCheck.class)
interface CutContract {
    Duration PATIENCE = Duration.ofSeconds(30);

    /** Runs on a new engine, and closes it. */
    void play(Play play) throws Exception;

    /** The part of a test that runs. */
    @FunctionalInterface
    interface Play {
        void act(Engine engine, Wait wait) throws Exception;
    }

    /** Waits until something holds. */
    @FunctionalInterface
    interface Wait {
        void until(String what, BooleanSupplier condition) throws Exception;
    }

    /** Runs over sockets. */
    static void playReal(Engine engine, Play play) throws Exception {
        try (EngineUnderTest under = EngineUnderTest.real(engine)) {
            under.run(() -> play.act(engine, under::until));
        }
    }

    static Stream<Named<String>> conversations() {
        return Stream.of(
                told("get", "GET /a?b=%20c HTTP/1.1\nHost: a\nAccept: */*\nCookie: a=b\n\n"),
                told("post", "POST /echo HTTP/1.1\nHost: a:80\nContent-Length: 12\n\nhello, world"),
                told("chunks", """
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
                told("three together", """
                        GET /1 HTTP/1.1
                        Host: a

                        POST /echo HTTP/1.1
                        Host: a
                        Content-Length: 2

                        22GET /3 HTTP/1.1
                        Host: a
                        Connection: close

                        """),
                told("head", "HEAD /a HTTP/1.1\nHost: a\n\nGET /b HTTP/1.1\nHost: a\n\n"),
                told("old", "GET /a HTTP/1.0\nConnection: keep-alive\n\nGET /b HTTP/1.0\n\n"),
                told("old stream", "GET /stream HTTP/1.0\n\n"),
                told("expectation", "POST /echo HTTP/1.1\nHost: a\nContent-Length: 2\nExpect: 100-continue\n\nok"),
                told("absolute", "GET http://[::1]:8080/a?b HTTP/1.1\nHost: a\n\n"),
                told("stream", "GET /stream HTTP/1.1\nHost: a\n\n"),
                told(
                        "error in the middle",
                        "GET /a HTTP/1.1\nHost: a\n\nGET /b HTTP/1.1\nHost : a\n\nGET /c HTTP/1.1\nHost: a\n\n"),
                told("error in a chunk", "POST /echo HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n2\nab\nx\n\n"),
                told(
                        "body that nobody wants",
                        "POST /nowhere HTTP/1.1\nHost: a\nContent-Length: 5\n\nhelloOPTIONS * HTTP/1.1\nHost: a\n\n"),
                told("empty line first", "\nGET /a HTTP/1.1\nHost: a\n\n\nGET /b HTTP/1.1\nHost: a\n\n"));
    }

    private static Named<String> told(String name, String text) {
        return Named.of(name, crlf(text));
    }

    @ParameterizedTest
    @MethodSource("dev.thrum.http.server.CutContract#conversations")
    default void responsesAreTheSame_whereverTheInputIsCut(String said) throws Exception {
        play((engine, wait) -> {
            try (Peer peer = Peer.on(engine, wait)) {
                String expected = peer.tell(said, said.length());
                assertThat(ParsedResponse.all(expected)).isNotEmpty();
                for (int cut = 1; cut < said.length(); cut++) {
                    assertThat(peer.tell(said, cut)).as("cut at %d", cut).isEqualTo(expected);
                }
            }
        });
    }

    @ParameterizedTest
    @MethodSource("dev.thrum.http.server.CutContract#conversations")
    default void responsesAreTheSame_whenTheInputComesByteByByte(String said) throws Exception {
        play((engine, wait) -> {
            try (Peer peer = Peer.on(engine, wait)) {
                assertThat(peer.tellBytewise(said)).isEqualTo(peer.tell(said, said.length()));
            }
        });
    }

    /** A server, and a client that waits until its bytes have been received before it goes on. */
    final class Peer implements AutoCloseable {
        private final Engine engine;
        private final Wait wait;
        private final AtomicReference<@Nullable Heard> last = new AtomicReference<>();
        private final Server server;

        /** A conversation as the server sees it. */
        private static final class Heard {
            private final Connection connection;
            private volatile boolean ended;

            Heard(Connection connection) {
                this.connection = connection;
            }
        }

        private Peer(Engine engine, Wait wait) throws Exception {
            this.engine = engine;
            this.wait = wait;
            ConnectionHandler http = HttpServer.over(routes(), HttpConfig.defaults());
            InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            server = engine.listen(any, connection -> hear(http, connection), Limits.defaults());
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
                    .get(
                            "/{name}",
                            request -> request.method().equals("HEAD")
                                    ? Response.text("I am " + request.path()).with(ParsedResponse.BODILESS, "yes")
                                    : Response.text("I am " + request.pathParameter("name")))
                    .build();
        }

        private void hear(ConnectionHandler http, Connection connection) throws Exception {
            Heard heard = new Heard(connection);
            last.set(heard);
            try {
                http.handle(connection);
            } finally {
                heard.ended = true;
            }
        }

        private void untilHeard(Connection client, int bytes) throws Exception {
            int port = client.local().getPort();
            wait.until(bytes + " bytes to be heard", () -> {
                Heard heard = last.get();
                return heard != null
                        && heard.connection.peer().getPort() == port
                        && (heard.ended || heard.connection.info().bytesIn() >= bytes);
            });
        }

        String tell(String said, int cut) throws Exception {
            byte[] bytes = said.getBytes(StandardCharsets.ISO_8859_1);
            try (Connection client = engine.connect(server.address(), PATIENCE)) {
                client.writer().write(bytes, 0, cut);
                if (cut < bytes.length) {
                    client.writer().flush();
                    untilHeard(client, cut);
                    client.writer().write(bytes, cut, bytes.length - cut);
                }
                client.shutdownOutput();
                return Conversation.rest(client);
            }
        }

        String tellBytewise(String said) throws Exception {
            byte[] bytes = said.getBytes(StandardCharsets.ISO_8859_1);
            try (Connection client = engine.connect(server.address(), PATIENCE)) {
                for (int i = 0; i < bytes.length; i++) {
                    client.writer().write(bytes[i]);
                    client.writer().flush();
                    untilHeard(client, i + 1);
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
