package dev.thrum.http.server;

import static dev.thrum.testkit.scripted.Conversation.crlf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.thrum.engine.ConnectionHandler.Refusal;
import dev.thrum.engine.Engine;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.http.server.ExchangeLog.ResponseSummary;
import dev.thrum.testkit.scripted.Conversation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ExchangeLogTest {
    private final Engine engine = Engine.virtual();
    private final Recorder log = new Recorder();
    private final HttpConfig config = HttpConfig.defaults().withLog(log).withIds("srv-");

    private static final class Recorder implements ExchangeLog {
        final List<String> lines = new CopyOnWriteArrayList<>();

        @Override
        public void responded(InetSocketAddress peer, @Nullable Request request, ResponseSummary response) {
            String requested = request == null ? "?" : request.method() + " " + request.path();
            // The client's own connections are numbered with the others, so the number can't be predicted.
            assertThat(response.id()).matches("srv-\\d+-\\d+");
            lines.add(response.id().replaceFirst("-\\d+-", "-") + " " + requested + " " + response.status() + " "
                    + response.bytes());
            assertThat(response.nanos()).isNotNegative();
        }

        @Override
        public void refused(InetSocketAddress peer, int status, long bytes) {
            lines.add("refused " + peer.getPort() + " " + status + " " + bytes);
        }
    }

    private static Router routes() {
        return Router.builder()
                .get("/id", request -> Response.text(request.id()))
                .get(
                        "/stream",
                        _ -> Response.stream(
                                200, "text/plain", out -> out.write("abcd".getBytes(StandardCharsets.US_ASCII))))
                .get(
                        "/cut",
                        _ -> Response.stream(200, "text/plain", out -> {
                            out.write("abc".getBytes(StandardCharsets.US_ASCII));
                            throw new IOException("the source failed");
                        }))
                .build();
    }

    @AfterEach
    void end() {
        engine.close();
    }

    private String tell(HttpConfig config, String bytes) throws IOException {
        return Conversation.with(engine, HttpServer.over(routes(), config)).tell(crlf(bytes));
    }

    @Test
    void everyResponse_isLogged_withItsIdAndTheLengthOfItsBody() throws Exception {
        String responses = tell(config, """
                GET /id HTTP/1.1
                Host: a

                HEAD /id HTTP/1.1
                Host: a

                GET /stream HTTP/1.1
                Host: a

                GET /nowhere?x HTTP/1.1
                Host: a

                """);
        assertThat(responses).containsPattern("srv-\\d+-1").doesNotContain("X-Request-Id");
        assertThat(log.lines)
                .containsExactly(
                        "srv-1 GET /id 200 7",
                        "srv-2 HEAD /id 200 0",
                        "srv-3 GET /stream 200 4",
                        "srv-4 GET /nowhere 404 10");
    }

    @Test
    void requestsThatReachNoHandler_areLogged_asFarAsTheyWereParsed() throws Exception {
        String _ = tell(config, "GET /a HTTP/1.1\nHost: a\nbad\n\n");
        String _ = tell(config, "nonsense\n\n");
        String _ = tell(config, "GET /b HTTP/1.1\nHost: a\nX: " + "y".repeat(40_000) + "\n\n");
        assertThat(log.lines).hasSize(3);
        assertThat(log.lines.get(0)).startsWith("srv-1 GET /a 400 ");
        assertThat(log.lines.get(1)).startsWith("srv-1 ? 400 ");
        assertThat(log.lines.get(2)).startsWith("srv-1 GET /b 431 ");
    }

    @Test
    void malformedRequest_afterAValidOne_isNotLoggedAsThatOne() throws Exception {
        String _ = tell(config, "GET /id HTTP/1.1\nHost: a\n\nnonsense\n\n");
        assertThat(log.lines).hasSize(2);
        assertThat(log.lines.get(1)).startsWith("srv-2 ? 400 ");
    }

    @Test
    void requestWithTooLongALine_afterAValidOne_isNotLoggedAsThatOne() throws Exception {
        String _ = tell(config, "GET /id HTTP/1.1\nHost: a\n\n\nGET /" + "y".repeat(10_000) + " HTTP/1.1\n\n");
        assertThat(log.lines).hasSize(2);
        assertThat(log.lines.get(1)).startsWith("srv-2 ? 414 ");
    }

    @Test
    void responseThatFailsMidway_isLogged_withTheBytesThatWereSent() throws Exception {
        try {
            String _ = tell(config, "GET /cut HTTP/1.1\nHost: a\n\n");
        } catch (IOException expected) {
            // The connection was reset, on purpose.
        }
        engine.close();
        assertThat(log.lines).containsExactly("srv-1 GET /cut 200 3");
    }

    @Test
    void clientThatWasRefused_isLogged() {
        HttpServer server = HttpServer.over(routes(), config);
        byte[] refusal =
                server.refusal(Refusal.SERVER_FULL, new InetSocketAddress(InetAddress.getLoopbackAddress(), 7));
        assertThat(refusal).isEqualTo(server.refusal(Refusal.SERVER_FULL));
        String body = new String(refusal, StandardCharsets.US_ASCII).replaceFirst("(?s).*\r\n\r\n", "");
        assertThat(log.lines).containsExactly("refused 7 503 " + body.length());
    }

    @Test
    void idOfAProxy_isUsed_ifTheProxyIsTrustedAndTheIdIsValid() throws Exception {
        HttpConfig trusting = config.withProxies(TrustedProxies.of(List.of("127.0.0.0/8", "::1")));
        String good = "GET /id HTTP/1.1\nHost: a\nX-Request-Id: abc-1.Z_~:+/=@\n\n";
        assertThat(tell(trusting, good)).endsWith("abc-1.Z_~:+/=@");
        assertThat(tell(config, good)).containsPattern("srv-\\d+-1$");
        for (String bad : List.of("a b", "a\"b", "", "x".repeat(129), "\u00e4", "a\nX-Request-Id: b")) {
            assertThat(tell(trusting, "GET /id HTTP/1.1\nHost: a\nX-Request-Id: " + bad + "\n\n"))
                    .as("%s", bad)
                    .containsPattern("srv-\\d+-1$");
        }
    }

    @Test
    void logThatThrows_doesNotPreventTheResponse() throws Exception {
        HttpConfig broken = HttpConfig.defaults().withLog((_, _, _) -> {
            throw new IllegalStateException("a defect");
        });
        assertThat(tell(broken, "GET /id HTTP/1.1\nHost: a\n\n")).startsWith("HTTP/1.1 200 OK");
    }

    @Test
    void idPrefix_thatIsInvalid_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> config.withIds("a b"));
    }
}
