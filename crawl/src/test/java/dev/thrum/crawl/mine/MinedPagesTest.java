package dev.thrum.crawl.mine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.crawl.fetch.FetchLimits;
import dev.thrum.crawl.fetch.FetchNetwork;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.http.Headers;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.http.client.url.Url;
import dev.thrum.http.server.HttpConfig;
import dev.thrum.http.server.HttpServer;
import dev.thrum.pipeline.RetryPolicy;
import dev.thrum.testkit.LeakCheck;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The miner over a network: what becomes of the responses of a server. */
@ExtendWith(LeakCheck.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class MinedPagesTest {
    private static final MinerOptions OPTIONS = MinerOptions.defaults()
            .withRetry(new RetryPolicy(3, Duration.ofMillis(1), Duration.ofMillis(1), _ -> true));

    private final AtomicInteger busy = new AtomicInteger();
    private final Engine engine = Engine.virtual();
    private String origin = "";

    @BeforeEach
    void serve() throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        HttpServer server = HttpServer.over(this::respond, HttpConfig.defaults());
        origin = "http://127.0.0.1:"
                + engine.listen(any, server, Limits.defaults()).address().getPort();
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private Response respond(Request request) {
        return switch (request.path()) {
            case "/header" -> page("text/html; charset=koi8-r", "<title>Привет</title>", Charset.forName("KOI8-R"));
            case "/meta" ->
                page("text/html", "<meta charset=shift_jis><title>日本語</title>", Charset.forName("windows-31j"));
            case "/moved" -> Response.empty(302).with("Location", "/sub/page");
            case "/sub/page" -> page("text/html", "<title>t</title><a href=x>y</a>", StandardCharsets.UTF_8);
            case "/user" ->
                page(
                        "text/html",
                        "<title>" + request.headers().first("Authorization").orElse("nobody") + "</title>",
                        StandardCharsets.UTF_8);
            case "/busy" ->
                busy.incrementAndGet() < 3
                        ? Response.empty(503)
                        : page("text/html", "<title>ok</title>", StandardCharsets.UTF_8);
            case "/later" -> Response.empty(429).with("Retry-After", "86400");
            case "/image" -> Response.of(200, "image/png", new byte[] {(byte) 0x89, 'P', 'N', 'G'});
            case "/large" -> page("text/html", " ".repeat(200_000), StandardCharsets.UTF_8);
            case "/escape" -> page("text/html", "<title>\u001b[2J\u009b1m</title>", StandardCharsets.UTF_8);
            case "/empty" -> Response.of(200, Headers.none(), new byte[0]);
            default -> Response.empty(404);
        };
    }

    private static Response page(String type, String body, Charset charset) {
        return Response.of(200, Headers.of("Content-Type", type), body.getBytes(charset));
    }

    private List<Mined> mine(String selection, String... urls) throws InterruptedException {
        List<Mined> results = new ArrayList<>();
        try (FetchNetwork network =
                FetchNetwork.over(engine, FetchLimits.defaults().withMaxSize(100_000), FetchNetwork.Trust.defaults())) {
            Miner miner = new Miner(network, List.of(Selection.parse(selection)), OPTIONS, engine.clock());
            miner.mine(List.of(urls).stream().map(Url::parse).iterator(), results::add);
        }
        return results;
    }

    private Mined.Values values(String selection, String path) throws InterruptedException {
        List<Mined> results = mine(selection, origin + path);
        assertThat(results).singleElement().isInstanceOf(Mined.Values.class);
        return (Mined.Values) results.getFirst();
    }

    private Mined.Failed failed(String path) throws InterruptedException {
        List<Mined> results = mine("title", origin + path);
        assertThat(results).singleElement().isInstanceOf(Mined.Failed.class);
        return (Mined.Failed) results.getFirst();
    }

    @Test
    void page_always_isDecodedAsItSays() throws InterruptedException {
        assertThat(values("title", "/header").values()).containsExactly("Привет");
        assertThat(values("title", "/meta").values()).containsExactly("日本語");
    }

    @Test
    void page_afterARedirect_hasItsFinalUrlAndLinksFromThere() throws InterruptedException {
        Mined.Values page = values("a@href", "/moved#top");
        assertThat(page.url()).isEqualTo(origin + "/moved#top");
        assertThat(page.finalUrl()).isEqualTo(Url.parse(origin + "/sub/page#top"));
        assertThat(page.values()).containsExactly(origin + "/sub/x");
    }

    @Test
    void page_withoutTypeOrBody_hasNoMatch() throws InterruptedException {
        assertThat(values("title", "/empty").values()).isEmpty();
    }

    @Test
    void userInformation_always_isSentAndNotShown() throws InterruptedException {
        List<Mined> results = mine("title", origin.replace("//", "//user:secret@") + "/user");
        assertThat(results)
                .containsExactly(new Mined.Values(
                        origin + "/user", Url.parse(origin + "/user"), 200, List.of("Basic dXNlcjpzZWNyZXQ=")));
    }

    @Test
    void status_thatMayPass_isTriedAgain() throws InterruptedException {
        assertThat(values("title", "/busy").values()).containsExactly("ok");
    }

    @Test
    void status_thatLasts_isAFailureWithItsUrl() throws InterruptedException {
        Mined.Failed failed = failed("/missing");
        assertThat(failed.status()).isEqualTo(404);
        assertThat(failed.finalUrl()).isEqualTo(Url.parse(origin + "/missing"));
        assertThat(failed.error()).contains("404");
        assertThat(failed("/later").status()).isEqualTo(429);
    }

    @Test
    void body_thatIsNoPage_isAFailure() throws InterruptedException {
        assertThat(failed("/image").error())
                .contains("expected a page of HTML, XML or text")
                .contains("image/png");
    }

    @Test
    void body_aboveTheMaximumSize_isAFailure() throws InterruptedException {
        assertThat(failed("/large").error()).contains("100");
    }

    @Test
    void server_thatIsNotThere_isAFailureWithoutStatus() throws InterruptedException {
        List<Mined> results = mine("title", "http://127.0.0.1:1/");
        assertThat(results).singleElement().isInstanceOfSatisfying(Mined.Failed.class, failed -> {
            assertThat(failed.status()).isZero();
            assertThat(failed.finalUrl()).isNull();
        });
    }

    @Test
    void controls_inATitle_areEscapedInLines() throws InterruptedException {
        assertThat(MinedFormat.JSON.lines(values("title", "/escape"))).contains("\\u001b[2J\\u009b1m");
        assertThat(MinedFormat.CSV.lines(values("title", "/escape"))).contains("\ufffd[2J\ufffd1m");
    }
}
