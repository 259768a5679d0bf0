package dev.thrum.http.server;

import static dev.thrum.testkit.scripted.Conversation.crlf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.http.Gzip;
import dev.thrum.http.HttpException;
import dev.thrum.http.HttpHandler;
import dev.thrum.http.Response;
import dev.thrum.http.Response.Content;
import dev.thrum.http.server.ExchangeLog.ResponseSummary;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.LogCapture;
import dev.thrum.testkit.scripted.Conversation;
import dev.thrum.testkit.scripted.FedBackend.Fed;
import dev.thrum.testkit.scripted.FedWire;
import dev.thrum.testkit.scripted.ParsedResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that speak another protocol after a response. */
@ExtendWith(LeakCheck.class)
class TakeoverTest {
    private static final String UPGRADE =
            crlf("GET / HTTP/1.1\nHost: a\nConnection: keep-alive, Upgrade\nUpgrade: h2c, Echo/1\n\n");
    private static final String CONNECT = crlf("CONNECT a:80 HTTP/1.1\nHost: a:80\n\n");
    private static final String DATE = "Date: Fri, 20 Nov 2026 12:00:00 GMT\r\n";
    private static final Duration DRAIN = Duration.ofSeconds(30);

    private static void echo(Connection connection) throws IOException {
        for (Optional<String> line = connection.reader().readLine(100);
                line.isPresent();
                line = connection.reader().readLine(100)) {
            connection.writer().write(line.get() + "!\n");
        }
    }

    private static FedWire served(String input, HttpServer server) {
        try (Fed fed = new Fed()) {
            FedWire wire = FedWire.of(input);
            fed.serve(wire, server);
            return wire;
        }
    }

    private static HttpServer over(HttpHandler handler) {
        return HttpServer.over(handler, HttpConfig.defaults());
    }

    private static HttpServer upgrading() {
        return over(_ -> Response.takeover("echo/1", TakeoverTest::echo).with("X", "y"));
    }

    private static HttpServer tunnelling(HttpHandler handler) {
        return over(_ -> Response.text("x")).withTunnels(handler);
    }

    @Test
    void upgrade_isConfirmed_andTheBytesAfterTheRequestAreTheProtocols() {
        FedWire wire = served(UPGRADE + "one\nGET / HTTP/1.1\n", upgrading());

        assertThat(wire.said())
                .isEqualTo("HTTP/1.1 101 Switching Protocols\r\n" + DATE
                        + "X: y\r\nConnection: upgrade\r\nUpgrade: echo/1\r\n\r\none!\nGET / HTTP/1.1!\n");
    }

    @Test
    void tunnel_isConfirmed_withoutFraming() {
        CompletableFuture<String> authority = new CompletableFuture<>();
        FedWire wire = served(CONNECT + "one\n", tunnelling(request -> {
            authority.complete(request.authority());
            return Response.takeover(TakeoverTest::echo);
        }));

        assertThat(wire.said()).isEqualTo("HTTP/1.1 200 OK\r\n" + DATE + "\r\none!\n");
        assertThat(authority).isCompletedWithValue("a:80");
    }

    @Test
    void tunnel_whenItIsRefused_isAnOrdinaryResponse() {
        FedWire wire = served(CONNECT + "GET / HTTP/1.1\r\nHost: a\r\n\r\n", tunnelling(_ -> {
            throw HttpException.of(403, "Not this host");
        }));

        assertThat(ParsedResponse.statuses(wire.said())).containsExactly(403, 200);
    }

    @Test
    void tunnel_inHttp10_is400() {
        FedWire wire =
                served("CONNECT a:80 HTTP/1.0\r\n\r\none\n", tunnelling(_ -> Response.takeover(TakeoverTest::echo)));

        assertThat(wire.said())
                .startsWith("HTTP/1.1 400 ")
                .contains("Expected a request of HTTP/1.1")
                .doesNotContain("one!");
    }

    @Test
    void connect_withoutAHandlerForIt_isRefusedBeforeAnyHandler() {
        FedWire wire = served(CONNECT, upgrading());

        assertThat(wire.said()).startsWith("HTTP/1.1 501 ").contains("this server opens no tunnels");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET / HTTP/1.1 | Host: a | 'with Upgrade: echo/1 and Connection: upgrade'",
                "GET / HTTP/1.1 | Host: a;Connection: upgrade | 'with Upgrade: echo/1'",
                "GET / HTTP/1.1 | Host: a;Upgrade: echo/1 | 'and Connection: upgrade'",
                "GET / HTTP/1.1 | Host: a;Connection: upgrade;Upgrade: echo/2 | 'with Upgrade: echo/1'",
                "GET / HTTP/1.0 | Connection: upgrade;Upgrade: echo/1 | 'Expected a request of HTTP/1.1'",
                "GET / HTTP/1.1 | Host: a;Connection: upgrade;Upgrade: echo/1;Content-Length: 1 | 'Expected no body'",
            })
    void upgrade_thatTheRequestDoesNotAllow_is400(String line, String fields, String message) {
        FedWire wire = served(line + "\r\n" + fields.replace(";", "\r\n") + "\r\n\r\nx", upgrading());

        assertThat(wire.said()).startsWith("HTTP/1.1 400 ").contains(message).doesNotContain("x!");
    }

    @Test
    void takeover_thatIsTheHandlersMistake_is500AndTheLogSaysWhy() {
        assertThat(mistake(CONNECT, tunnelling(_ -> Response.text("x"))))
                .contains("in response to CONNECT but the status was 200, which would open a tunnel");
        assertThat(mistake(CONNECT, tunnelling(_ -> Response.takeover("echo", TakeoverTest::echo))))
                .contains("the method was CONNECT and the protocol echo");
        assertThat(mistake(UPGRADE, over(_ -> Response.takeover(TakeoverTest::echo))))
                .contains("the method was GET and there was no protocol");
    }

    /** The logged reason for a response 500. */
    private static String mistake(String request, HttpServer server) {
        try (LogCapture log = new LogCapture("dev.thrum.http")) {
            assertThat(served(request, server).said()).startsWith("HTTP/1.1 500 ");
            assertThat(log.thrown()).hasSize(1);
            return String.valueOf(log.thrown().getFirst().getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a/", "/1", "a/b/c", "a\r\nX: y"})
    void protocol_thatIsMalformed_isRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Response.takeover(name, TakeoverTest::echo))
                .withMessageContaining("expected a protocol such as websocket");
    }

    @Test
    void body_inAResponseWithATakeover_isRefused() {
        Response response = Response.takeover("echo", TakeoverTest::echo);

        assertThatIllegalStateException()
                .isThrownBy(() -> response.withContent(new Content.Bytes(new byte[1])))
                .withMessageContaining("send it from the handler that takes over");
    }

    @Test
    void takeover_passesFilters_thatAddFields() {
        HttpHandler handler = _ -> Response.takeover("echo/1", TakeoverTest::echo);
        FedWire wire = served(
                UPGRADE + "one\n",
                over(handler.behind(new Gzip())
                        .behind((request, next) -> next.handle(request).with("Added", "yes"))));

        assertThat(wire.said()).contains("\r\nAdded: yes\r\n").endsWith("\r\n\r\none!\n");
    }

    @Test
    void takeover_isRecordedOnce_beforeItsConversation() {
        List<String> records = new CopyOnWriteArrayList<>();
        RequestStats stats = new RequestStats();
        ExchangeLog log = (peer, request, response) -> records.add(line(response));
        HttpConfig config = HttpConfig.defaults().withLog(log).withObserver(stats);
        FedWire wire = served(
                UPGRADE + "one\n",
                HttpServer.over(
                        _ -> Response.takeover("echo/1", connection -> {
                            records.add("conversation");
                            echo(connection);
                        }),
                        config));

        assertThat(wire.said()).endsWith("one!\n");
        assertThat(records).containsExactly("101 with 0 bytes", "conversation");
        assertThat(stats.lines())
                .singleElement()
                .extracting(RequestStats.Line::status)
                .isEqualTo(101);
    }

    private static String line(ResponseSummary response) {
        return response.status() + " with " + response.bytes() + " bytes";
    }

    @Test
    void scopeOfTheRequest_endsAfterTheConversation() {
        AtomicInteger released = new AtomicInteger();
        FedWire wire = served(UPGRADE + "one\n", over(request -> {
            request.scope().atEnd(released::incrementAndGet);
            return Response.takeover("echo/1", connection -> connection.writer().write("released " + released.get()));
        }));

        assertThat(wire.said()).endsWith("released 0");
        assertThat(released).hasValue(1);
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void conversation_hasTheDeadlinesOfTheLimits(String kind) throws Exception {
        World.play(kind, world -> {
            CompletableFuture<Limits.Deadlines> found = new CompletableFuture<>();
            Limits limits =
                    Limits.defaults().withDeadlines(Limits.Deadlines.defaults().withIdle(Duration.ofHours(3)));
            ConnectionHandler conversation = connection -> {
                found.complete(connection.deadlines());
                echo(connection);
            };
            Server server = world.listen(over(_ -> Response.takeover("echo/1", conversation)), limits);
            try (Connection client = world.ask(server, UPGRADE + "one\n")) {
                World.awaitLine(client, "one!");
                assertThat(found).isCompletedWithValue(limits.deadlines());
                client.writer().write("two\n");
                World.awaitLine(client, "two!");
            }
        });
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void conversation_whenTheServerDrains_mayEndByItself(String kind) throws Exception {
        World.play(kind, world -> {
            ConnectionHandler conversation = connection -> {
                connection.writer().write("open\n");
                connection.writer().flush();
                boolean more = connection.reader().await();
                connection.writer().write("drains: " + connection.isDraining() + ", more: " + more + "\n");
            };
            Server server = world.listen(over(_ -> Response.takeover("echo/1", conversation)));
            try (Connection client = world.ask(server, UPGRADE)) {
                World.awaitLine(client, "open");
                CompletableFuture<Boolean> clean = new CompletableFuture<>();
                World.Task draining = world.fork("drain", () -> clean.complete(server.shutdown(DRAIN)));
                awaitRefused(world, server);
                client.writer().write("x");
                World.awaitLine(client, "drains: true, more: true");
                draining.run();
                assertThat(clean).isCompletedWithValue(true);
            }
        });
    }

    /** Waits until the server accepts no more clients: it drains. */
    private static void awaitRefused(World world, Server server) {
        while (true) {
            try (Connection late = world.ask(server, "")) {
                if (late.reader().read() < 0) {
                    return;
                }
            } catch (IOException e) {
                return;
            }
        }
    }

    @Test
    void conversation_thatFails_endsTheConnection() {
        FedWire wire = served(
                UPGRADE,
                over(_ -> Response.takeover("echo/1", connection -> {
                    connection.writer().write("before\n");
                    throw new IOException("on purpose");
                })));

        assertThat(wire.failure()).hasValueSatisfying(e -> assertThat(e).hasMessage("on purpose"));
        assertThat(wire.said()).endsWith("before\n");
        assertThat(wire.wasReset()).isFalse();
    }

    @Test
    void head_thatCannotBeSent_beginsNoConversation() {
        AtomicInteger begun = new AtomicInteger();
        FedWire wire = FedWire.of(UPGRADE).breakingAfter(0);
        try (Fed fed = new Fed()) {
            fed.serve(wire, over(_ -> Response.takeover("echo/1", _ -> begun.incrementAndGet())));
        }

        assertThat(begun).hasValue(0);
        assertThat(wire.wasReset()).isTrue();
    }

    @Test
    void rest_ofAConversation_isReadToItsEnd() throws Exception {
        World.play("virtual", world -> {
            Server server = world.listen(upgrading());
            try (Connection client = world.ask(server, UPGRADE + "one\ntwo")) {
                client.shutdownOutput();
                assertThat(Conversation.rest(client)).endsWith("\r\n\r\none!\ntwo!\n");
            }
        });
    }
}
