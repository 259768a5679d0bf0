package dev.thrum.app.search;

import static dev.thrum.app.search.SearchScene.HOSTILE;
import static dev.thrum.app.search.SearchScene.page;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.base.Clock;
import dev.thrum.crawl.search.IndexedPage;
import dev.thrum.crawl.search.PageIndex;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.HttpHandler;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.http.client.ClientRequest;
import dev.thrum.http.client.ClientResponse;
import dev.thrum.http.client.HttpClient;
import dev.thrum.http.client.HttpClientConfig;
import dev.thrum.http.server.HttpConfig;
import dev.thrum.http.server.HttpServer;
import dev.thrum.services.web.Web;
import dev.thrum.services.web.WebConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page {@code /search} of the web service, as a parser of HTML reads it. */
@Timeout(120)
final class SearchRoutesTest {
    private static final Headers BROWSER = Headers.of("Accept", "text/html");

    @TempDir
    private static Path crawl;

    private static final List<AutoCloseable> OPENED = new ArrayList<>();

    @BeforeAll
    static void index() throws IOException {
        List<IndexedPage> pages = new ArrayList<>(List.of(
                page("http://a.example/fox", "The fox", "A quick brown fox & others."),
                page("http://a.example/cat?a=b&c=d", "", "A quick cat."),
                page("http://a.example/\"onclick=\"x", HOSTILE, "hostile " + HOSTILE),
                page("javascript:alert(1)", "Click", "scheme")));
        for (int i = 0; i < 95; i++) {
            pages.add(page("http://a.example/many/" + i, "Many " + i, "one of many"));
        }
        SearchScene.index(crawl, pages);
    }

    @AfterAll
    static void close() throws Exception {
        for (AutoCloseable one : OPENED) {
            one.close();
        }
    }

    private static HttpHandler web(Path folder) throws IOException {
        SearchRoutes routes = SearchRoutes.open(folder, Clock.system());
        OPENED.add(routes);
        return new Web(Clock.system(), ZoneOffset.UTC, List.of(routes)).handler(WebConfig.localHostCheck());
    }

    private static String target(String query) {
        return "/search?q=" + URLEncoder.encode(query, StandardCharsets.UTF_8);
    }

    private static Response get(String target, Headers headers) throws Exception {
        return web(crawl).handle(Request.of("GET", target, headers.with("Host", "localhost:8080"), new byte[0]));
    }

    private static Document browse(String target) throws Exception {
        Response response = get(target, BROWSER);
        assertThat(response.status()).isEqualTo(200);
        return Jsoup.parse(new String(response.bodyBytes(), StandardCharsets.UTF_8), "http://localhost:8080/");
    }

    @Test
    void form_always_keepsTheQuery_andNeedsNoScript() throws Exception {
        Document page = browse(target("quick \"brown fox\" <b>"));
        assertThat(page.select("input[name=q]").attr("value")).isEqualTo("quick \"brown fox\" <b>");
        assertThat(page.select("form").attr("action")).isEqualTo("/search");
        assertThat(page.select("form").attr("method")).isEqualTo("get");
        assertThat(page.select("script, [onclick], style ~ style")).isEmpty();
        assertThat(page.title()).isEqualTo("quick \"brown fox\" <b> - Search");
    }

    @Test
    void page_withoutAQuery_hasTheFormOnly() throws Exception {
        for (String target : List.of("/search", "/search?q=", "/search?q=+")) {
            Document page = browse(target);
            assertThat(page.select("form")).hasSize(1);
            assertThat(page.select("li, .note, nav")).isEmpty();
        }
    }

    @Test
    void policy_always_forbidsScriptsAndOtherOrigins() throws Exception {
        Headers headers = get(target("quick"), BROWSER).headers();
        assertThat(headers.first("Content-Security-Policy").orElse("")).startsWith("default-src 'none';");
        assertThat(headers.first("X-Content-Type-Options")).contains("nosniff");
        assertThat(headers.first("Vary").orElse("")).contains("Accept");
    }

    @Test
    void result_always_hasTitleUrlAndMarkedSnippet() throws Exception {
        Document page = browse(target("brown FOX"));
        Element result = requireNonNull(page.selectFirst("li"));
        assertThat(page.select("li")).hasSize(1);
        assertThat(result.select("a").text()).isEqualTo("The fox");
        assertThat(result.select("a").attr("href")).isEqualTo("http://a.example/fox");
        assertThat(result.select(".url").text()).isEqualTo("http://a.example/fox");
        assertThat(result.select(".text").text()).isEqualTo("A quick brown fox & others.");
        assertThat(result.select("mark").eachText()).containsExactly("brown", "fox");
        assertThat(page.select(".note").text()).isEqualTo("1 result");
        assertThat(browse(target("cat")).select("a[href^=http]").eachAttr("href"))
                .containsExactly("http://a.example/cat?a=b&c=d");
    }

    @Test
    void textOfPages_isNeverMarkup() throws Exception {
        Document page = browse(target("hostile"));
        assertThat(page.select("script, [onclick]")).isEmpty();
        Element result = requireNonNull(page.selectFirst("li"));
        assertThat(result.select("h2").text())
                .contains("<script>alert(1)</script>")
                .contains("<mark>&\"'");
        assertThat(result.select("mark").eachText()).containsExactly("hostile");
        assertThat(result.select("a").attr("href")).isEqualTo("http://a.example/\"onclick=\"x");
        assertThat(page.select("bdi")).hasSize(3);
        assertThat(browse(target("scheme")).select("a[href^=javascript]")).isEmpty();
        assertThat(browse(target("scheme")).select("li h2").text()).isEqualTo("Click");
    }

    @Test
    void anyQuery_always_hasAPage_withoutMarkupOfIts() throws Exception {
        SplittableRandom random = new SplittableRandom(4711);
        List<String> parts = List.of(
                "<script>", "\"", "'", ">", "&lt;", "</title>", " ", "quick", "-", "site:", "\0", "\u202e", "%");
        for (int i = 0; i < 200; i++) {
            StringBuilder query = new StringBuilder();
            for (int length = random.nextInt(10); length > 0; length--) {
                query.append(parts.get(random.nextInt(parts.size())));
            }
            assertThat(browse(target(query.toString())).select("script")).isEmpty();
        }
    }

    @Test
    void pages_always_areLinked_withTheQuery() throws Exception {
        Document first = browse(target("many -absent"));
        assertThat(first.select(".note").text()).isEqualTo("95 results, page 1 of 10");
        assertThat(first.select("nav a").eachText()).containsExactly("2", "3", "4", "5", "Next");
        assertThat(first.select("nav [rel=next]").attr("href")).isEqualTo("/search?q=many+-absent&page=2");
        Document last = browse("/search?q=many+-absent&page=10");
        assertThat(last.select("li")).hasSize(5);
        assertThat(last.select("nav a").eachText()).containsExactly("Previous", "6", "7", "8", "9");
        assertThat(last.select("input[name=q]").attr("value")).isEqualTo("many -absent");
        Document after = browse("/search?q=many&page=500");
        assertThat(after.select("li")).isEmpty();
        assertThat(after.select("nav a").eachText()).containsExactly("Previous");
        assertThat(after.select("nav a").attr("href")).isEqualTo("/search?q=many&page=10");
    }

    @Test
    void number_thatIsNone_isRefused() {
        for (String number : List.of("0", "-1", "x", "", "1001", "99999999999")) {
            assertThatThrownBy(() -> get("/search?q=many&page=" + number, BROWSER))
                    .isInstanceOf(HttpException.class)
                    .hasMessageContaining("Expected a page from 1 to 1000");
        }
    }

    @Test
    void nothing_thatMatches_isAPageToo() throws Exception {
        assertThat(browse(target("absent")).select(".note").text()).isEqualTo("Nothing matches.");
        assertThat(browse(target("fox ".repeat(80))).select(".note").text())
                .isEqualTo("1 result The query is too long; only its beginning was searched.");
    }

    @Test
    void program_always_getsJson() throws Exception {
        Response response = get(target("brown"), Headers.of("Accept", "*/*"));
        assertThat(response.headers().mediaType()).isEqualTo("application/json");
        assertThat(new String(response.bodyBytes(), StandardCharsets.UTF_8))
                .startsWith(
                        "{\"total\":1,\"page\":1,\"results\":[{\"url\":\"http://a.example/fox\",\"title\":\"The fox\","
                                + "\"snippet\":\"A quick brown fox & others.\",\"score\":");
    }

    @Test
    void home_always_namesTheSearch() throws Exception {
        assertThat(browse("/").select("a[href^=/search]")).hasSize(1);
    }

    @Test
    @SuppressWarnings("try") // The second close does nothing.
    void newPages_areFound_whileTheCrawlGoesOn(@TempDir Path growing) throws Exception {
        SearchScene.index(growing, List.of());
        byte[] checkpoint = new byte[Long.BYTES];
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (Engine engine = Engine.virtual();
                HttpClient client = HttpClient.over(engine, HttpClientConfig.defaults());
                PageIndex crawled = PageIndex.open(growing.resolve(PageIndex.FOLDER), checkpoint, Clock.system())) {
            Server server = engine.listen(any, HttpServer.over(web(growing), HttpConfig.defaults()), Limits.defaults());
            URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + "/search?q=needle");
            assertThat(total(client, uri)).startsWith("{\"total\":0,");
            crawled.add(page("http://a.example/new", "New", "needle"));
            byte[] _ = SearchScene.commit(crawled);
            // Commits at once what would be committed some seconds later.
            crawled.close();
            long begun = System.nanoTime();
            while (!total(client, uri).startsWith("{\"total\":1,")) {
                assertThat(System.nanoTime() - begun)
                        .isLessThan(Duration.ofSeconds(60).toNanos());
                Thread.onSpinWait();
            }
        }
    }

    private static String total(HttpClient client, URI uri) throws IOException {
        try (ClientResponse response = client.send(ClientRequest.get(uri))) {
            assertThat(response.status()).isEqualTo(200);
            return response.text();
        }
    }
}
