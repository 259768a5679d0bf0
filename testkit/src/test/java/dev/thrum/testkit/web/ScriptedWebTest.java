package dev.thrum.testkit.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.engine.Connection;
import dev.thrum.engine.Engine;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.web.RawClient.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class ScriptedWebTest {
    private static final String CLOSE = "Connection: close";

    private final Engine engine = Engine.virtual();
    private final RawClient client = new RawClient(engine);
    private ScriptedWeb web;

    @BeforeEach
    void start() throws IOException {
        web = ScriptedWeb.start(engine, WebPlan.of(3));
    }

    @AfterEach
    void end() {
        web.close();
        engine.close();
    }

    private String anyPage() {
        return web.map().pages().skip(7).findFirst().orElseThrow().url();
    }

    @Test
    void everyPage_whenAskedFor_isAsPlanned() throws IOException {
        for (PlannedPage page : web.map().pages().toList()) {
            Reply reply = client.get(page.url(), CLOSE);

            assertThat(reply.head()).startsWith("HTTP/1.1 200 ").contains("Content-Type: text/html; charset=utf-8\r\n");
            assertThat(new String(reply.bodyBytes(), UTF_8)).isEqualTo(WebMap.html(page));
        }
    }

    @Test
    void hosts_haveAddressesOfTheirOwn() throws IOException {
        for (String host : web.map().hosts()) {
            assertThat(client.get("http://" + host + "/robots.txt", CLOSE).body())
                    .isEqualTo("User-agent: *\nDisallow:\n");
        }
        assertThat(web.log().hosts())
                .containsExactlyInAnyOrderElementsOf(web.map().hosts());
    }

    @Test
    void unknownPage_whenAskedFor_isNotFound() throws IOException {
        assertThat(client.get("http://" + web.map().outside() + "/x", CLOSE).head())
                .startsWith("HTTP/1.1 404 ");
        assertThat(client.get(anyPage() + "x", CLOSE).head()).startsWith("HTTP/1.1 404 ");
    }

    @Test
    void page_whenItsValidatorIsKnown_isNotModified_untilItChanges() throws IOException {
        String url = anyPage();
        String[] known = {CLOSE, "If-None-Match: \"r0\""};
        String[] dated = {CLOSE, "If-Modified-Since: Mon, 30 Nov 2026 12:00:00 GMT"};
        assertThat(client.get(url, known).bytes()).startsWith("HTTP/1.1 304 ").endsWith("\r\n\r\n");
        assertThat(client.get(url, dated).head()).startsWith("HTTP/1.1 304 ");
        String before = client.get(url, CLOSE).body();

        web.change(url);

        assertThat(client.get(url, known).head()).startsWith("HTTP/1.1 200 ").contains("ETag: \"r1\"");
        assertThat(client.get(url, dated).body()).isNotEqualTo(before);
        assertThat(client.get(url, CLOSE).body())
                .contains(web.map().page(url).orElseThrow().marker());
    }

    @Test
    void page_whenRemoved_isNotFound() throws IOException {
        web.remove(anyPage());

        assertThat(client.get(anyPage(), CLOSE).head()).startsWith("HTTP/1.1 404 ");
        assertThatThrownBy(() -> web.remove(anyPage() + "x")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void connection_isKeptForFurtherRequests() throws IOException {
        String host = web.map().hosts().getFirst();
        try (Connection connection = client.open(URI.create("http://" + host + "/"))) {
            String request = RawClient.request(host, "/robots.txt");
            connection.writer().writeLatin1(request + request + RawClient.request(host, "/robots.txt", CLOSE));
            connection.writer().flush();
            String all = connection.reader().readLine(100).orElseThrow();

            assertThat(all).isEqualTo("HTTP/1.1 200 Scripted");
            while (connection.reader().readLine(1_000).isPresent()) {
                // Up to the end.
            }
        }
        assertThat(web.log().all()).hasSize(3);
        assertThat(web.log().all().stream().map(Asked::connection).distinct()).hasSize(1);
        assertThat(web.log().connections()).isEqualTo(1);
    }

    @Test
    void log_hasWhatWasAsked_inItsOrderAndSpelling() throws IOException {
        String host = web.map().hosts().getLast();
        Reply _ = client.get("http://" + host + "/%61?c", CLOSE, "User-Agent: test");
        Reply _ = client.get("http://" + host + "/a?c", CLOSE);

        List<Asked> all = web.log().all();
        assertThat(all).extracting(Asked::target).containsExactly("/%61?c", "/a?c");
        assertThat(all).extracting(Asked::url).containsOnly("http://" + host + "/a?c");
        assertThat(all.getFirst().field("user-agent")).isEqualTo("test");
        assertThat(web.log().count("http://" + host + "/%61?c")).isEqualTo(2);
        assertThat(all).allSatisfy(asked -> assertThat(asked.ended()).isGreaterThanOrEqualTo(asked.arrived()));
        assertThat(all.getFirst().until(all.getLast())).isPositive();
        assertThat(web.log().askedBeforeRobots()).containsExactly(host);
    }

    @Test
    void pauses_areThoseBetweenAResponseAndTheNextRequest() {
        WebLog log = new WebLog();
        add(log, "a", 0, 10);
        add(log, "b", 5, 400);
        add(log, "a", 110, 120);
        add(log, "a", 115, 130);

        assertThat(log.pauses("a")).containsExactly(Duration.ofNanos(100), Duration.ofNanos(-5));
        assertThat(log.mostAtOnce("a")).isEqualTo(2);
        assertThat(log.mostAtOnce("b")).isEqualTo(1);
        assertThat(log.restAfter("http://a/x", 1)).contains(Duration.ofNanos(100));
        assertThat(log.restAfter("http://a/x", 3)).isEmpty();
        assertThat(log.countBelow("http://a/")).isEqualTo(3);
    }

    private static void add(WebLog log, String host, long arrived, long ended) {
        WebLog.Entry entry = log.began(new Asked(1, "GET", host, "/x", Map.of(), arrived, arrived));
        log.sending(entry, ended);
    }

    @Test
    void names_whenAsked_leadToTheSameHost() throws IOException {
        try (ScriptedWeb named = ScriptedWeb.start(engine, WebPlan.of(3).withNames())) {
            String url = named.map().seeds().getLast();

            assertThat(client.get(url, CLOSE).body()).contains("<title>");
            assertThat(client.get(url.replace("//", "//www."), CLOSE).head()).startsWith("HTTP/1.1 404 ");
            assertThat(InetAddress.getAllByName("www.host1.test")).containsExactly(InetAddress.ofLiteral("127.0.0.3"));
        }
    }
}
