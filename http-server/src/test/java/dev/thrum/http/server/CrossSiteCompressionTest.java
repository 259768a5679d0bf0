package dev.thrum.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.Engine;
import dev.thrum.http.Gzip;
import dev.thrum.http.HttpHandler;
import dev.thrum.http.Response;
import dev.thrum.testkit.scripted.Conversation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a page of another site makes a browser request over TLS is not compressed. */
final class CrossSiteCompressionTest {
    private Engine engine;

    @BeforeEach
    void open() {
        engine = World.open("virtual");
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @ParameterizedTest
    @CsvSource({
        "https,,,true",
        "https,same-origin,https://a/,true",
        "https,none,,true",
        "https,same-site,https://a/,false",
        "https,cross-site,https://a/,false",
        "https,unheard-of,,false",
        // Older browsers.
        "https,,https://a/,true",
        "https,,https://a/page?x=1,true",
        "https,,https://a.example/,false",
        "https,,https://b/https://a/,false",
        "https,,http://a/,false",
        "https,,nonsense,false",
        // Whoever can read along reads the response itself.
        "http,cross-site,https://b/,true",
    })
    void responseIsCompressed_unlessAnotherSiteAsksOverTls(
            String scheme, @Nullable String site, @Nullable String page, boolean compressed) throws Exception {
        HttpHandler handler = _ -> Response.text("x".repeat(2_000));
        HttpConfig config = HttpConfig.defaults().withProxies(TrustedProxies.of(List.of("127.0.0.0/8", "::1")));
        Conversation server = Conversation.with(engine, HttpServer.over(handler.behind(new Gzip()), config));
        String fields = (site == null ? "" : "Sec-Fetch-Site: " + site + "\r\n")
                + (page == null ? "" : "Referer: " + page + "\r\n");
        String response = server.tell("GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\nX-Forwarded-Proto: "
                + scheme + "\r\nConnection: close\r\n" + fields + "\r\n");
        assertThat(response).startsWith("HTTP/1.1 200 OK").contains("Vary: Accept-Encoding");
        assertThat(response.contains("Content-Encoding: gzip")).isEqualTo(compressed);
    }
}
