package dev.thrum.crawl.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.Engine;
import dev.thrum.http.client.HttpClient;
import dev.thrum.http.client.HttpClientConfig;
import dev.thrum.http.client.HttpClientConfig.Parsing;
import dev.thrum.http.client.url.Url;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.web.CrawlCheck;
import dev.thrum.testkit.web.PlannedLink;
import dev.thrum.testkit.web.PlannedPage;
import dev.thrum.testkit.web.ScriptedWeb;
import dev.thrum.testkit.web.WebFault;
import dev.thrum.testkit.web.WebMap;
import dev.thrum.testkit.web.WebPlan;
import dev.thrum.testkit.web.faults.Catalogue;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pages of a scripted web are what its plan says, as jsoup and {@link Url} read them. */
@ExtendWith(LeakCheck.class)
class ScriptedPagesTest {
    /** The groups of faults that need neither robots.txt, nor time, nor a second attempt. */
    private static final Set<String> GROUPS = Set.of(
            "href",
            "base",
            "redirect",
            "charset",
            "coding",
            "framing",
            "type",
            "nofollow",
            "noindex",
            "canonical",
            "duplicate",
            "html",
            "guard",
            "status");

    /** Faults that need a second attempt, robots.txt, a sitemap, or queries in other encodings than UTF-8. */
    private static final Set<String> BEYOND = Set.of(
            "charset-query",
            "redirect-to-disallowed",
            "redirect-to-itself-once",
            "status-500-for-ever",
            "status-502-for-ever",
            "status-500-twice",
            "guard-sitemap");

    private final Engine engine = Engine.virtual();
    private final HttpClient client = HttpClient.over(
            engine,
            HttpClientConfig.defaults()
                    .withParsing(Parsing.TOLERANT)
                    .withDeadlines(Duration.ofSeconds(5), Duration.ofSeconds(20)));

    @AfterEach
    void end() {
        client.close();
        engine.close();
    }

    static Stream<WebFault> faults() {
        return Catalogue.all().stream()
                .filter(fault -> GROUPS.contains(fault.name().split("-", -1)[0]))
                .filter(fault -> !BEYOND.contains(fault.name()));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void crawl_ofAFault_meetsItsExpectations(WebFault fault) throws IOException {
        try (ScriptedWeb web =
                ScriptedWeb.start(engine, WebPlan.of(5).withPages(3).with(fault))) {
            ReferenceCrawl crawl = new ReferenceCrawl(client, web.map()).run();

            assertThat(CrawlCheck.problems(web, crawl)).isEmpty();
        }
    }

    @Test
    void crawl_ofGeneratedPages_findsThemAll_andNothingElse() throws IOException {
        try (ScriptedWeb web =
                ScriptedWeb.start(engine, WebPlan.of(9).withHosts(3).withPages(100))) {
            ReferenceCrawl crawl = new ReferenceCrawl(client, web.map()).run();

            assertThat(CrawlCheck.problems(web, crawl)).isEmpty();
            assertThat(web.log().all()).hasSize(300);
        }
    }

    @Test
    void check_afterNoCrawl_findsProblems() throws IOException {
        WebPlan plan = WebPlan.of(9).with(Catalogue.named("redirect-301"));
        try (ScriptedWeb web = ScriptedWeb.start(engine, plan)) {
            ReferenceCrawl none = new ReferenceCrawl(client, web.map());

            assertThat(CrawlCheck.problems(web, none)).hasSizeGreaterThan(20).anyMatch(it -> it.contains("/from"));
        }
    }

    @Test
    void generatedPages_haveThePlannedTitlesLinksAndText() {
        WebMap map =
                WebPlan.of(11).withHosts(2).withPages(150).withTypicalPages().at(8_080);

        assertThat(map.pages()).allSatisfy(ScriptedPagesTest::assertAsPlanned);
    }

    private static void assertAsPlanned(PlannedPage planned) {
        Document page = Jsoup.parse(WebMap.html(planned), planned.url());
        List<String> links = page.select("a[href]").stream()
                .map(link -> resolved(planned.url(), link.attr("href")))
                .toList();

        assertThat(page.title()).isEqualTo(planned.title());
        assertThat(links)
                .isEqualTo(planned.links().stream().map(PlannedLink::to).toList());
        assertThat(page.select("main p").stream()
                        .map(Element::ownText)
                        .collect(Collectors.joining(" "))
                        .strip())
                .isEqualTo(planned.text().strip());
    }

    private static String resolved(String base, String href) {
        return WebMap.canonical(Url.parse(base).resolve(href).withoutFragment().href());
    }
}
