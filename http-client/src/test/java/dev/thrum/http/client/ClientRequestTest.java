package dev.thrum.http.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.http.Headers;
import dev.thrum.http.client.url.Url;
import dev.thrum.simulation.Faults;
import dev.thrum.testkit.scripted.ScriptedServer;
import dev.thrum.testkit.scripted.ScriptedServer.Then;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientRequestTest {
    private static final URI HOME = URI.create("http://example.org/");

    @ParameterizedTest
    @CsvSource({
        "http://example.org, example.org, 80, example.org, /",
        "http://example.org/, example.org, 80, example.org, /",
        "HTTP://EXAMPLE.org:80/A, example.org, 80, example.org, /A",
        "http://example.org:/, example.org, 80, example.org, /",
        "http://example.org:8080?x=%20y, example.org, 8080, example.org:8080, /?x=%20y",
        "http://example.org/a/../b;c?d?e#f, example.org, 80, example.org, /a/../b;c?d?e",
        "http://[2001:DB8::1]:81/, [2001:db8::1], 81, [2001:db8::1]:81, /",
        "http://[::1], [::1], 80, [::1], /",
        "http://under_score.example/, under_score.example, 80, under_score.example, /",
        "http://127.0.0.1:00080/, 127.0.0.1, 80, 127.0.0.1, /",
        "http://example.org//, example.org, 80, example.org, //",
        "http://example.org/\u00fc?\u00fc, example.org, 80, example.org, /%C3%BC?%C3%BC"
    })
    void uri_determinesOriginAndTarget(String uri, String host, int port, String authority, String target) {
        ClientRequest request = ClientRequest.get(URI.create(uri));
        assertThat(request.origin()).isEqualTo(new Origin(false, host, port));
        assertThat(request.origin().authority()).isEqualTo(authority);
        assertThat(request.target()).isEqualTo(target);
    }

    @Test
    void optionsWithoutAPath_isForTheWholeServer() {
        assertThat(ClientRequest.of("OPTIONS", URI.create("http://a")).target()).isEqualTo("*");
        assertThat(ClientRequest.of("OPTIONS", URI.create("http://a/")).target())
                .isEqualTo("/");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http:///path",
                "http:opaque",
                "/relative",
                "//example.org/",
                "ftp://example.org/",
                "http://user:secret@example.org/",
                "http://@example.org/",
                "http://example.org:0/",
                "http://example.org:65536/",
                "http://example.org:-1/",
                "http://example.org:8a/",
                "http://b%20c/",
                "http://b\u00fccher.example/",
                "http://[fe80::1%25eth0]/",
                "http://:80/"
            })
    void uri_isRefused_whenItsAuthorityCannotBeSent(String uri) {
        assertThatThrownBy(() -> ClientRequest.get(URI.create(uri)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected")
                .hasMessageNotContaining("secret");
    }

    @Test
    void https_hasAPortOfItsOwn() {
        ClientRequest request = ClientRequest.get(URI.create("HTTPS://example.org/a"));
        assertThat(request.origin()).isEqualTo(new Origin(true, "example.org", 443));
        assertThat(request.origin().authority()).isEqualTo("example.org");
        assertThat(ClientRequest.get(URI.create("https://a:80/")).origin().authority())
                .isEqualTo("a:80");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET ", "GET /x HTTP/1.1\r\nX:", "G\u00cbT", "CONNECT", "a b"})
    void method_isRefused_whenItIsNotAToken(String method) {
        assertThatThrownBy(() -> ClientRequest.of(method, HOME)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host",
                "content-length",
                "Transfer-Encoding",
                "CONNECTION",
                "Keep-Alive",
                "Proxy-Connection",
                "TE",
                "Trailer",
                "Upgrade",
                "Expect"
            })
    void field_isRefused_whenTheClientSetsItItself(String name) {
        ClientRequest request = ClientRequest.get(HOME);
        assertThatThrownBy(() -> request.with(name, "x")).hasMessageContaining("sets it itself");
        assertThatThrownBy(() -> request.and(name, "x")).hasMessageContaining("sets it itself");
        assertThatThrownBy(() -> request.and(Headers.of(name, "x"))).hasMessageContaining("sets it itself");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nHost: evil", "a\nb", "a\rb", "a\u0000b", "\u20ac"})
    void value_isRefused_whenItWouldNotStayInItsField(String value) {
        assertThatThrownBy(() -> ClientRequest.get(HOME).with("X", value)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ClientRequest.post(HOME, value, new byte[0]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> HttpClientConfig.defaults().withUserAgent(value))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void request_isUnchanged_whenAnotherIsDerivedFromIt() {
        ClientRequest plain = ClientRequest.get(HOME);
        ClientRequest more = plain.with("A", "1").and("A", "2").withBody(new byte[1]);
        assertThat(plain.headers().size()).isZero();
        assertThat(plain.content()).isNull();
        assertThat(more.headers().all("A")).isEqualTo(List.of("1", "2"));
        assertThat(more.with("a", "3").headers().all("A")).isEqualTo(List.of("3"));
        assertThat(ClientRequest.get(URI.create("http://a/b?secret=1"))).hasToString("GET http://a/b");
    }

    @Test
    void request_goesWhereItsUrlSays() {
        ClientRequest request = ClientRequest.get(Url.parse("https://me:secret@EXAMPLE.org/a|b%?c=\\d e#f"));
        assertThat(request.origin()).isEqualTo(new Origin(true, "example.org", 443));
        assertThat(request.target()).isEqualTo("/a|b%?c=\\d%20e");
        assertThat(request).hasToString("GET https://example.org/a|b%");
        assertThat(ClientRequest.of("OPTIONS", Url.parse("http://[::1]:8080")).origin())
                .isEqualTo(new Origin(false, "[::1]", 8080));

        assertThatThrownBy(() -> ClientRequest.get(Url.parse("http://example.org:0/")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("from 1 to 65535");
        assertThatThrownBy(() -> ClientRequest.of("CONNECT", Url.parse("http://example.org/")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void configuration_isRefused_whenItIsInvalid() {
        HttpClientConfig config = HttpClientConfig.defaults();
        assertThatThrownBy(() -> config.withDeadlines(Duration.ZERO, Duration.ofSeconds(1)))
                .hasMessageContaining("connect");
        assertThatThrownBy(() -> config.withDeadlines(Duration.ofSeconds(1), Duration.ofSeconds(-1)))
                .hasMessageContaining("total");
        assertThatThrownBy(() -> new HttpClientConfig.Idle(-1, 1, Duration.ofSeconds(1)))
                .hasMessageContaining("at least 0");
        assertThatThrownBy(() -> new HttpClientConfig.Idle(1, 1, Duration.ZERO)).hasMessageContaining("above zero");
    }

    @Test
    void ruleForDecoding_decides_whateverTheRequestAsksFor() throws Exception {
        byte[] coded = Gzipped.gzip("hello".getBytes(US_ASCII));
        String head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + coded.length + "\r\n\r\n";
        String answer = head + new String(coded, ISO_8859_1);
        World.simulate(Faults.none(), 1, world -> {
            ScriptedServer server = new ScriptedServer()
                    .respond(answer, Then.KEEP)
                    .respond(answer, Then.KEEP)
                    .respond(answer, Then.KEEP);
            URI uri = world.serve(server);
            try (HttpClient client = world.client(HttpClientConfig.defaults())) {
                ClientRequest request = ClientRequest.get(uri).with("Accept-Encoding", "identity");
                try (ClientResponse response = client.send(request)) {
                    assertThat(response.bytes()).isEqualTo(coded);
                }
                ClientRequest always = request.withDecoding(
                        (status, headers) -> status == 200 && headers.contains("Content-Encoding"));
                try (ClientResponse response = client.send(always)) {
                    assertThat(response.text()).isEqualTo("hello");
                    assertThat(response.encoding()).isEmpty();
                }
                try (ClientResponse response =
                        client.send(ClientRequest.get(uri).withDecoding((_, _) -> false))) {
                    assertThat(response.encoding()).contains("gzip");
                    assertThat(response.bytes()).isEqualTo(coded);
                }
            }
        });
    }
}
