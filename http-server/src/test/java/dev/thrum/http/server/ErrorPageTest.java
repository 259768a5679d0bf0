package dev.thrum.http.server;

import static dev.thrum.testkit.scripted.Conversation.crlf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.Engine;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.Response;
import dev.thrum.testkit.scripted.Conversation;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Error pages for browsers; other clients get the usual format. */
@Timeout(60)
class ErrorPageTest {
    private static final String BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    private final Engine engine = Engine.virtual();

    @AfterEach
    void end() {
        engine.close();
    }

    private String tell(String request) throws Exception {
        Router routes = Router.builder()
                .get("/good", _ -> Response.text("good\n"))
                .get("/failing", _ -> {
                    throw new IllegalStateException("broken on purpose; this stack is expected");
                })
                .build();
        HttpConfig config = HttpConfig.defaults().withErrors(ErrorFormat.TEXT.withPages());
        return Conversation.with(engine, HttpServer.over(routes, config)).tell(crlf(request));
    }

    private static String page(HttpException error) throws Exception {
        Response page = ErrorFormat.TEXT.withPages().response(error, Headers.of("Accept", BROWSER));
        assertThat(page.status()).isEqualTo(error.status());
        return new String(page.bodyBytes(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET /nowhere HTTP/1.1 | 404 Not Found | There is nothing at this address.",
                "POST /good HTTP/1.1 | 405 Method Not Allowed | This address does not accept this method.",
                "GET /failing HTTP/1.1 | 500 Internal Server Error | The server failed to respond. Its log has the reason.",
                "GET /100% HTTP/1.1 | 400 Bad Request | Malformed request target:",
                "nonsense | 400 Bad Request | Malformed request line:",
                "CONNECT a:1 HTTP/1.1 | 501 Not Implemented | Method not implemented:",
            })
    void error_forABrowser_isAPage(String line, String status, String sentence) throws Exception {
        // More than fits into the first buffer.
        String more = "User-Agent: " + "x".repeat(1_000) + "\n";
        String response = tell(line + "\nHost: a\n" + more + "Accept: " + BROWSER + "\n\n");

        assertThat(response)
                .startsWith("HTTP/1.1 " + status + "\r\n")
                .contains("Content-Type: text/html; charset=utf-8\r\n", "Vary: Accept\r\n")
                .contains("<html lang=\"en\">", "<main>\n<h1>" + status + "</h1>\n<p>" + sentence);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Accept: */*\n", "Accept: text/plain, text/html;q=0.9\n", "Accept: application/json\n", ""})
    void error_forAProgram_isInTheUsualFormat(String accept) throws Exception {
        for (String line : new String[] {"GET /nowhere HTTP/1.1", "GET /100% HTTP/1.1"}) {
            String response = tell(line + "\nHost: a\n" + accept + "\n");

            assertThat(response).contains("Content-Type: text/plain; charset=utf-8\r\n", "Vary: Accept\r\n");
            assertThat(response.replaceFirst("(?s).*\r\n\r\n", ""))
                    .matches("Not found\n|Malformed request target: .*\n");
        }
    }

    @Test
    void messageOfTheError_isOnThePage_asText() throws Exception {
        HttpException error =
                HttpException.of(503, "<b>Too much & more").blaming("\"field\"").with("Retry-After", "5");

        assertThat(page(error))
                .contains("<p>&lt;b&gt;Too much &amp; more.</p>")
                .contains("<code>&quot;field&quot;</code>")
                .contains("<p>Try again in 5 seconds.</p>");
        assertThat(page(HttpException.of(503, "Busy").with("Retry-After", "1")))
                .contains("<p>Try again in 1 second.</p>");
        assertThat(page(HttpException.of(503, "Busy").with("Retry-After", "Fri, 31 Dec 1999 23:59:59 GMT")))
                .doesNotContain("Try again");
    }

    @Test
    void restOfAMalformedHead_thatHasNotArrived_isNotWaitedFor() throws Exception {
        HttpConfig config = HttpConfig.defaults().withErrors(ErrorFormat.TEXT.withPages());
        String response = Conversation.with(engine, HttpServer.over(_ -> Response.text("good"), config))
                .tellOnly(crlf("GET /100% HTTP/1.1\nAccept: text/html\nHost: a\n"));

        assertThat(response).startsWith("HTTP/1.1 400 Bad Request\r\n").contains("text/plain");
    }

    @Test
    void errorOfOneRequest_isIndependentOfTheRequestBefore() throws Exception {
        String responses = tell("GET /good HTTP/1.1\nHost: a\nAccept: text/html\n\nnonsense\nAccept: */*\n\n");

        assertThat(responses).contains("good\n").endsWith("expected a method, a target and HTTP/1.1\n");
        assertThat(tell("GET /good HTTP/1.1\nHost: a\nAccept: text/html\n\n" + "x".repeat(10_000) + "\n\n"))
                .endsWith("Request line too long\n");
    }
}
