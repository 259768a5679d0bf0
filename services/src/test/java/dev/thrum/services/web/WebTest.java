package dev.thrum.services.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.HttpHandler;
import dev.thrum.http.HttpLimits;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.http.client.ClientRequest;
import dev.thrum.http.client.ClientResponse;
import dev.thrum.http.client.HttpClient;
import dev.thrum.http.client.HttpClientConfig;
import dev.thrum.http.server.ErrorFormat;
import dev.thrum.http.server.ExchangeObserver;
import dev.thrum.http.server.HttpConfig;
import dev.thrum.http.server.HttpServer;
import dev.thrum.http.server.TrustedProxies;
import dev.thrum.testkit.scripted.HandClock;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The routes of the web service, byte for byte. */
class WebTest {
    private Set<Thread> pool = Set.of();
    private static final Headers JSON = Headers.of("Content-Type", "application/json; charset=utf-8");

    private final HttpHandler web = new Web(
                    new HandClock(Instant.ofEpochMilli(1_795_162_800_123L)), ZoneOffset.UTC, List.of())
            .handler(WebConfig.localHostCheck());

    private static String body(Response response) throws Exception {
        return new String(response.bodyBytes(), StandardCharsets.UTF_8);
    }

    private Response get(String target, Headers headers) throws Exception {
        return web.handle(Request.of("GET", target, headers.with("Host", "localhost:8080"), new byte[0]));
    }

    private Response post(String body, Headers headers) throws Exception {
        return web.handle(Request.of("POST", "/echo", headers, body.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void home_forPrograms_namesTheEndpoints() throws Exception {
        Response home = get("/", Headers.of("Accept", "*/*"));

        assertThat(body(home))
                .startsWith("{\"message\":\"Welcome to the Thrum API\",\"endpoints\":{\"/time\":")
                .contains("\"/echo\":");
        assertThat(home.headers().first("Content-Type")).hasValue("application/json");
    }

    @Test
    void home_forBrowsers_isAPage() throws Exception {
        Response home = get("/", Headers.of("Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"));

        assertThat(body(home)).startsWith("<!doctype html>").contains("<h1>Welcome to the Thrum API</h1>");
        assertThat(home.headers().first("Content-Type")).hasValue("text/html; charset=utf-8");
        assertThat(home.headers().elements("Vary")).contains("Accept");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "localhost:8080 | http://localhost:8080",
                "[::1]:80 | 'http://[::1]:80",
                "127.0.0.1 | http://127.0.0.1",
            })
    void home_forBrowsers_hasACommandLineForEachEndpoint(String host, String origin) throws Exception {
        Headers browser = Headers.of("Accept", "text/html").and("Host", host);
        String page =
                body(web.handle(Request.of("GET", "/", browser, new byte[0]))).replaceAll("</?span>", "");

        assertThat(page.replace("&#39;", "'").replace("&quot;", "\""))
                .contains("curl " + origin + "/time")
                .contains("/echo?message=Hi'<")
                .containsPattern("/echo'? -H 'Content-Type: application/json' -d '\\{\"message\":\"Hi\"}'<");
    }

    @Test
    void home_whenTheHostIsNotAName_showsLocalhost() throws Exception {
        HttpHandler open = new Web(new HandClock(Instant.EPOCH), ZoneOffset.UTC, List.of())
                .handler((request, next) -> next.handle(request));
        Headers browser = Headers.of("Accept", "text/html").and("Host", "$(id)");

        assertThat(body(open.handle(Request.of("GET", "/", browser, new byte[0]))))
                .contains("curl http://localhost/time")
                .doesNotContain("$(id)");
    }

    @Test
    void json_forBrowsers_isIndented() throws Exception {
        Response page = get("/echo?message=Hi", Headers.of("Accept", "text/html,*/*;q=0.8"));

        assertThat(body(page)).isEqualTo("{\n  \"echo\": \"Hi\",\n  \"timestamp\": 1795162800.123\n}\n");
        assertThat(page.headers().mediaType()).isEqualTo("application/json");
        assertThat(page.headers().elements("Vary")).contains("Accept");
        assertThat(get("/echo?message=Hi", Headers.none()).headers().elements("Vary"))
                .contains("Accept");
    }

    @Test
    void favicon_isServed() throws Exception {
        Response icon = get("/favicon.ico", Headers.of("Accept", "image/avif,image/*,*/*;q=0.8"));

        assertThat(icon.headers().mediaType()).isEqualTo("image/svg+xml");
        assertThat(body(icon)).startsWith("<svg ").endsWith("</svg>");
    }

    @Test
    void favicon_ofAFolder_isUsed_orElseTheBuiltInOne() throws Exception {
        HttpHandler files = request -> {
            if (request.path().equals("/favicon.ico")
                    && request.parameter("own").isEmpty()) {
                throw HttpException.of(request.parameter("busy").isEmpty() ? 404 : 503, "No icon");
            }
            return Response.text("own");
        };
        HttpHandler handler = files.behind(new Favicon());

        assertThat(body(handler.handle(Request.of("GET", "/favicon.ico", Headers.none(), new byte[0]))))
                .startsWith("<svg ");
        assertThat(body(handler.handle(Request.of("GET", "/favicon.ico?own=1", Headers.none(), new byte[0]))))
                .isEqualTo("own");
        assertThat(catchThrowableOfType(
                                HttpException.class,
                                () -> handler.handle(
                                        Request.of("GET", "/favicon.ico?busy=1", Headers.none(), new byte[0])))
                        .status())
                .isEqualTo(503);
    }

    @Test
    void errors_areJsonForPrograms_andAPageForBrowsers() throws Exception {
        ErrorFormat errors = new WebConfig(
                        List.of(),
                        TrustedProxies.none(),
                        HttpLimits.Pace.defaults(),
                        Optional.empty(),
                        Optional.empty())
                .http(ExchangeObserver.NOBODY, "")
                .errors();
        HttpException error = HttpException.of(400, "Invalid account ID");

        assertThat(body(errors.response(error, Headers.of("Accept", "*/*"))))
                .isEqualTo("{\"error\":\"Invalid account ID\"}");
        Response page = errors.response(error, Headers.of("Accept", "text/html"));
        assertThat(page.status()).isEqualTo(400);
        assertThat(page.headers().mediaType()).isEqualTo("text/html");
        assertThat(body(page)).contains("<h1>400 Bad Request</h1>", "<p>Invalid account ID.</p>");
    }

    @Test
    void time_isThatOfTheClock() throws Exception {
        assertThat(body(get("/time", Headers.none())))
                .isEqualTo("{\"timestamp\":1795162800.123,\"datetime\":\"Fri Nov 20 08:20:00 2026\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/echo | Hello",
                "/echo?message=Hi | Hi",
                "/echo?other=1&message=H%C3%A9+you&message=two | Hé you",
                "/echo?message= | ''",
                "/echo?message | ''",
            })
    void echo_returnsTheMessage(String target, String message) throws Exception {
        assertThat(body(get(target, Headers.none())))
                .isEqualTo("{\"echo\":\"" + message + "\",\"timestamp\":1795162800.123}");
    }

    @Test
    void echo_escapesAsJsonDoes() throws Exception {
        assertThat(body(get("/echo?message=%22%5C%0A", Headers.none()))).startsWith("{\"echo\":\"\\\"\\\\\\n\",");
    }

    @Test
    void postedEcho_returnsTheMessage() throws Exception {
        assertThat(body(post("{\"message\":\"Hi\"}", JSON)))
                .isEqualTo("{\"echo\":\"Hi\",\"method\":\"POST\",\"timestamp\":1795162800.123}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | 400 | '' | Invalid JSON",
                "{} | 400 | message | Expected \"message\" to be a text",
                "[] | 400 | '' | Invalid JSON: expected an object",
                "null | 400 | '' | Invalid JSON: expected an object",
                "{\"message\":5} | 400 | message | Expected \"message\" to be a text",
                "{\"message\":null} | 400 | message | Expected \"message\" to be a text",
                "{\"message\":\"a\",\"message\":\"b\"} | 400 | '' | Invalid JSON at line 1",
                "{\"message\":\"a\"} {} | 400 | '' | Invalid JSON",
                "{\"message\":\"a\",\"mess\":1} | 400 | mess | Unknown field",
                "{\"message\":\"a\",} | 400 | '' | Invalid JSON",
                "{'message':'a'} | 400 | '' | Invalid JSON",
            })
    void postedEcho_isRefused_whenMalformed(String body, int status, String field, String message) {
        HttpException error = catchThrowableOfType(HttpException.class, () -> post(body, JSON));

        assertThat(error.status()).isEqualTo(status);
        assertThat(error.field().orElse("")).isEqualTo(field);
        assertThat(error.message()).startsWith(message);
    }

    @Test
    void postedEcho_isRefused_whenItContainsALoneSurrogate() {
        HttpException error = catchThrowableOfType(HttpException.class, () -> post("{\"message\":\"\\uD800\"}", JSON));

        assertThat(error.status()).isEqualTo(400);
        assertThat(error.field()).hasValue("message");
    }

    @Test
    void postedEcho_isRefused_whenNotUtf8() {
        HttpException error = catchThrowableOfType(
                HttpException.class,
                () -> web.handle(Request.of(
                        "POST", "/echo", JSON, "{\"message\":\"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1))));

        assertThat(error.status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Overlong: /, < and NUL, in two or three bytes.
                "c0af",
                "e080af",
                "c0bc",
                "c080",
                // A surrogate, a value above U+10FFFF, a sequence cut short.
                "eda080",
                "f4908080",
                "e282"
            })
    void postedEcho_isRefused_whenItsTextIsNotUtf8(String hex) {
        byte[] body = HexFormat.of().parseHex("7b226d657373616765223a22" + hex + "227d");
        HttpException error =
                catchThrowableOfType(HttpException.class, () -> web.handle(Request.of("POST", "/echo", JSON, body)));

        assertThat(error.status()).isEqualTo(400);
        assertThat(error.message()).isEqualTo("Invalid JSON: expected UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE", "UTF-32BE"})
    void postedEcho_isRefused_whenItIsInAnotherEncoding(String charset) throws Exception {
        byte[] body = "{\"message\":\"Hi\"}".getBytes(Charset.forName(charset));
        HttpException error =
                catchThrowableOfType(HttpException.class, () -> web.handle(Request.of("POST", "/echo", JSON, body)));

        assertThat(error.status()).isEqualTo(400);
    }

    @Test
    void postedEcho_whenItStartsWithAByteOrderMark_ignoresTheMark() throws Exception {
        assertThat(body(post("\ufeff{\"message\":\"Hi\"}", JSON))).startsWith("{\"echo\":\"Hi\",");
    }

    @Test
    void longJson_isParsedOnTheOffloadPool() throws Exception {
        try (Engine engine = Engine.virtual();
                HttpClient client = HttpClient.over(engine, HttpClientConfig.defaults())) {
            HttpHandler here = request -> web.handle(request)
                    .and("Pool", Boolean.toString(!newPoolThreads().isEmpty()));
            Server server = engine.listen(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    HttpServer.over(here, HttpConfig.defaults()),
                    Limits.defaults());
            pool = poolThreads();

            assertThat(usesPool(client, server, 60_000)).isEqualTo("false");
            assertThat(usesPool(client, server, 70_000)).isEqualTo("true");
        }
    }

    private static Set<Thread> poolThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("offload-"))
                .collect(Collectors.toSet());
    }

    private Set<Thread> newPoolThreads() {
        Set<Thread> threads = poolThreads();
        threads.removeAll(pool);
        return threads;
    }

    private static String usesPool(HttpClient client, Server server, int length) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + "/echo");
        byte[] body = ("{\"message\":\"" + "x".repeat(length) + "\"}").getBytes(StandardCharsets.UTF_8);
        try (ClientResponse response =
                client.send(ClientRequest.post(uri, "application/json", body).with("Accept-Encoding", "identity"))) {
            assertThat(response.status()).isEqualTo(200);
            return response.headers().first("Pool").orElse("");
        }
    }

    @ParameterizedTest
    @CsvSource({"text/plain", "application/x-www-form-urlencoded", "application/jsonx", "''"})
    void postedEcho_isRefused_whenItsContentTypeIsNotJson(String type) {
        HttpException error = catchThrowableOfType(
                HttpException.class, () -> post("{\"message\":\"Hi\"}", Headers.of("Content-Type", type)));

        assertThat(error.status()).isEqualTo(415);
    }

    @Test
    void postedEcho_isRefused_whenItIsCompressed() throws Exception {
        HttpException error = catchThrowableOfType(
                HttpException.class, () -> post("{\"message\":\"Hi\"}", JSON.and("Content-Encoding", "gzip")));

        assertThat(error.status()).isEqualTo(415);
        assertThat(error.headers().first("Accept-Encoding")).hasValue("identity");
        assertThat(post("{\"message\":\"Hi\"}", JSON.and("Content-Encoding", "identity"))
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/html | text/html",
                "text/html;q=0 | application/json",
                "text/* | text/html",
                "TEXT/HTML;level=1 | text/html",
                "text/*;q=0.9, text/html;q=0 | application/json",
                "text/html;q=0.5, application/json | application/json",
                "text/html;q=0.5, */* | application/json",
                "application/json, text/html | text/html",
                "text/html, */*;q=0.8 | text/html",
                "text/plain | application/json",
                "*/* | application/json",
                "'' | application/json",
            })
    void home_isWhatTheClientPrefers(String accept, String type) throws Exception {
        assertThat(get("/", Headers.of("Accept", accept)).headers().mediaType()).isEqualTo(type);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "identity;q=0.5, gzip;q=0.1 | false",
                "identity;q=0.5, gzip;q=0.5 | true",
                "identity, gzip;q=0.9 | false",
                "gzip;q=0.1 | true",
                "gzip;q=0.000, * | false",
                "*;q=0.2 | true",
                "br | false",
            })
    void responses_areCompressed_whenTheClientPrefersThat(String accept, boolean compressed) throws Exception {
        Response response = get("/echo?message=" + "x".repeat(2_000), Headers.of("Accept-Encoding", accept));
        assertThat(response.headers().contains("Content-Encoding")).isEqualTo(compressed);
    }

    @Test
    void everythingIsRefused_whenTheHostIsNotOurs() {
        HttpException error = catchThrowableOfType(
                HttpException.class,
                () -> web.handle(Request.of("GET", "/time", Headers.of("Host", "rebound.example:8080"), new byte[0])));

        assertThat(error.status()).isEqualTo(421);
    }

    @Test
    void longResponsesAreCompressed_forClientsThatAcceptGzip() throws Exception {
        String target = "/echo?message=" + "x".repeat(2_000);
        Response compressed = get(target, Headers.of("Accept-Encoding", "br, gzip;q=0.5"));

        assertThat(compressed.headers().first("Content-Encoding")).hasValue("gzip");
        assertThat(compressed.headers().elements("Vary")).contains("Accept-Encoding");
        assertThat(compressed.bodyBytes()).hasSizeLessThan(200);
        assertThat(get(target, Headers.of("Accept-Encoding", "gzip;q=0, *"))
                        .headers()
                        .contains("Content-Encoding"))
                .isFalse();
    }
}
