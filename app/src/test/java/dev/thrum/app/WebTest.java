package dev.thrum.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.HttpHandler;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The routes of the web service, byte for byte. */
class WebTest {
    private static final Headers JSON = Headers.of("Content-Type", "application/json; charset=utf-8");

    private final HttpHandler web = new Web(
                    new FixedClock(Instant.ofEpochMilli(1_795_162_800_123L)), ZoneOffset.UTC, List.of())
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

    @Test
    void time_isTheClocks() throws Exception {
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
    void echo_givesTheMessageBack(String target, String message) throws Exception {
        assertThat(body(get(target, Headers.none())))
                .isEqualTo("{\"echo\":\"" + message + "\",\"timestamp\":1795162800.123}");
    }

    @Test
    void echo_escapesWhatJsonEscapes() throws Exception {
        assertThat(body(get("/echo?message=%22%5C%0A", Headers.none()))).startsWith("{\"echo\":\"\\\"\\\\\\n\",");
    }

    @Test
    void postedEcho_givesTheMessageBack() throws Exception {
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
    void postedEcho_isRefused_whenItHoldsHalfACharacter() {
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
    @CsvSource({"text/plain", "application/x-www-form-urlencoded", "application/jsonx", "''"})
    void postedEcho_isRefused_whenItIsSaidToBeNoJson(String type) {
        HttpException error = catchThrowableOfType(
                HttpException.class, () -> post("{\"message\":\"Hi\"}", Headers.of("Content-Type", type)));

        assertThat(error.status()).isEqualTo(415);
    }

    @Test
    void everythingIsRefused_whenTheHostIsNotOurs() {
        HttpException error = catchThrowableOfType(
                HttpException.class,
                () -> web.handle(Request.of("GET", "/time", Headers.of("Host", "rebound.example:8080"), new byte[0])));

        assertThat(error.status()).isEqualTo(421);
    }

    @Test
    void longAnswersAreCompressed_forWhoUnderstandsIt() throws Exception {
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
