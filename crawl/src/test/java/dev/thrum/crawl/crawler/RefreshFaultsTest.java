package dev.thrum.crawl.crawler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.crawl.crawler.CrawlCounts.Changes;
import dev.thrum.crawl.search.SearchIndex;
import dev.thrum.simulation.Scenario;
import dev.thrum.simulation.Trial;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.web.Asked;
import dev.thrum.testkit.web.Corner;
import dev.thrum.testkit.web.Responder;
import dev.thrum.testkit.web.ScriptedWeb;
import dev.thrum.testkit.web.WebFault;
import dev.thrum.testkit.web.WebPlan;
import dev.thrum.testkit.web.WebResponse;
import dev.thrum.testkit.web.faults.Catalogue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a refresh makes of servers that answer conditions in their own way, or not at all. */
@ExtendWith(LeakCheck.class)
class RefreshFaultsTest {
    private static final String OLD = "Wed, 01 Jan 2020 08:00:00 GMT";
    private static final WebResponse NOT_MODIFIED = WebResponse.status(304);

    @TempDir
    private Path temporary;

    /** Whether the first crawl is over. */
    private final AtomicBoolean isLater = new AtomicBoolean();

    /** Responds in one way to the first crawl, and in another one to those after it. */
    private Responder then(Responder first, Responder later) {
        return visit -> (isLater.get() ? later : first).respond(visit);
    }

    private static Responder of(WebResponse response) {
        return Responder.of(response);
    }

    /** A crawl, and a refresh of it. */
    private final class Twice implements AutoCloseable {
        private final CrawlScene scene;
        private final WrittenCrawl first;
        private final Changes changes;
        private final WrittenCrawl second;
        private final List<Asked> requests;
        private final String corner;

        Twice(Consumer<Corner> recipe) throws Exception {
            WebFault fault = WebFault.ofPages("again", "Something that a refresh meets.", recipe::accept);
            scene = CrawlScene.of(
                    temporary.resolve("crawl"), WebPlan.of(1).withPages(3).with(fault));
            corner = scene.web.map().seeds().getFirst() + "f/again/";
            first = scene.crawl(scene.options());
            int requested = scene.web.log().all().size();
            isLater.set(true);
            try (Crawl crawl = scene.refresh(scene.options())) {
                CrawlResult result = crawl.run();
                assertThat(result.end()).isEqualTo(new CrawlEnd.Finished());
                changes = Objects.requireNonNull(result.counts().changes());
            }
            second = scene.written();
            requests = scene.web
                    .log()
                    .all()
                    .subList(requested, scene.web.log().all().size());
            for (Path file : second.warcFiles()) {
                assertThat(WrittenCrawl.isValid(file)).isTrue();
            }
        }

        String member(String path, String name) {
            return second.member(corner + path, name);
        }

        List<String> sent(String path, String field) {
            return requests.stream()
                    .filter(asked -> asked.url().equals(corner + path))
                    .map(asked -> asked.field(field))
                    .toList();
        }

        /** The URLs that a search finds. */
        List<String> found(String words) throws Exception {
            try (SearchIndex index =
                    SearchIndex.open(scene.folder(), scene.engine().clock())) {
                return index.search(words, 1).hits().stream()
                        .map(hit -> hit.url().substring(corner.length()))
                        .sorted()
                        .toList();
            }
        }

        @Override
        public void close() {
            scene.close();
        }
    }

    private static void put(Corner corner, String path, Responder responder) {
        corner.link(path).put(path, responder);
    }

    @Test
    void pageWithoutValidators_isSentAgain_andArchivedAsARevisitOfItsPayload() throws Exception {
        try (Twice twice = new Twice(corner -> put(corner, "page", of(corner.html("page", "child"))))) {
            assertThat(twice.sent("page", "if-none-match")).containsExactly("");
            assertThat(twice.sent("page", "if-modified-since")).containsExactly("");
            assertThat(twice.member("page", "change")).isEqualTo("same");
            assertThat(twice.second.records("identical-payload-digest")).contains(twice.corner + "page");
            assertThat(twice.found("again page")).containsExactly("page");
            assertThat(twice.second.essence()).isEqualTo(twice.first.essence());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'Wed, 01 Jan 2020 08:00:00 GMT', true",
        "'Wednesday, 01-Jan-20 08:00:00 GMT', true",
        "'Fri, 01 Jan 2100 08:00:00 GMT', false",
        "'yesterday', false"
    })
    void dateAlone_isACondition_ifItIsOneOfThePast(String date, boolean isSent) throws Exception {
        Responder responder = visit -> visit.asked().field("if-modified-since").equals(date)
                ? NOT_MODIFIED
                : WebResponse.html("<title>a</title>").with("Last-Modified: " + date);
        try (Twice twice = new Twice(corner -> put(corner, "page", responder))) {
            assertThat(twice.sent("page", "if-modified-since")).containsExactly(isSent ? date : "");
            assertThat(twice.member("page", "change")).isEqualTo("same");
            assertThat(twice.second.records("server-not-modified").contains(twice.corner + "page"))
                    .isEqualTo(isSent);
        }
    }

    /** Whoever sends a quoted text verbatim back also means it if it was weak; {@code *} would match everything. */
    @ParameterizedTest
    @CsvSource({"'\"x\"', true", "'W/\"x\"', true", "*, false", "x, false"})
    void entityTag_isSentBack_ifItIsOne(String etag, boolean isSent) throws Exception {
        WebResponse page =
                WebResponse.html("<title>a</title>").with("ETag: " + etag).with("Last-Modified: " + OLD);
        Responder confirming =
                visit -> visit.asked().field("if-none-match").equals(etag) ? NOT_MODIFIED.with("ETag: \"x\"") : page;
        try (Twice twice = new Twice(corner -> put(corner, "page", then(of(page), confirming)))) {
            assertThat(twice.sent("page", "if-none-match")).containsExactly(isSent ? etag : "");
            assertThat(twice.sent("page", "if-modified-since")).containsExactly(OLD);
            assertThat(twice.member("page", "change")).isEqualTo("same");
            assertThat(twice.member("page", "etag")).isEqualTo(isSent ? "\"x\"" : etag);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {304, 412})
    void statusForAnotherEntityTag_isNotBelieved_andThePageIsAskedForWithoutConditions(int status) throws Exception {
        Responder wrong = visit -> visit.asked().field("if-none-match").isEmpty()
                ? WebResponse.html("<title>new words</title>").with("ETag: \"2\"")
                : WebResponse.status(status).with("ETag: \"2\"");
        try (Twice twice = new Twice(corner -> put(
                corner, "page", then(of(WebResponse.html("<title>old</title>").with("ETag: \"1\"")), wrong)))) {
            assertThat(twice.sent("page", "if-none-match")).containsExactly("\"1\"", "");
            assertThat(twice.member("page", "change")).isEqualTo("changed");
            assertThat(twice.member("page", "title")).isEqualTo("new words");
            assertThat(twice.found("title:new")).containsExactly("page");
            assertThat(twice.found("title:old")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {304, 520, 501})
    void pageThatIsNotSentAgain_isKeptWithTheReason_andSoIsWhatItLeadsTo(int status) throws Exception {
        try (Twice twice = new Twice(corner -> {
            put(corner, "page", then(of(corner.html("page", "child")), of(WebResponse.status(status))));
            corner.put("child", corner.html("child"));
        })) {
            assertThat(twice.changes).isEqualTo(new Changes(0, 0, twice.first.pageCount() - 1, 0));
            assertThat(twice.member("page", "status")).isEqualTo("200");
            assertThat(twice.member("page", "error")).isEqualTo("expected a page but was status " + status);
            assertThat(twice.member("page", "payload")).isEqualTo(twice.first.member(twice.corner + "page", "payload"));
            assertThat(twice.member("page", "fetched")).isEqualTo(twice.first.member(twice.corner + "page", "fetched"));
            assertThat(twice.member("child", "change")).isEqualTo("same");
            assertThat(twice.found("again page")).containsExactly("page");
            assertThat(twice.second.essence()).isEqualTo(twice.first.essence());
        }
    }

    @ParameterizedTest
    @CsvSource({"404, gone", "410, gone", "403, changed", "301, changed"})
    void pageThatIsNoPageAnyMore_isNotFoundAnyMore(int status, String change) throws Exception {
        try (Twice twice = new Twice(corner -> {
            WebResponse later = WebResponse.status(status).with("Location: child");
            put(corner, "page", then(of(corner.html("page", "child")), of(later)));
            corner.put("child", corner.html("child"));
        })) {
            assertThat(twice.member("page", "change")).isEqualTo(change);
            assertThat(twice.member("page", "status")).isEqualTo(Integer.toString(status));
            assertThat(twice.found("title:again title:page")).isEmpty();
            assertThat(twice.member("child", "change")).isEqualTo(status == 301 ? "same" : "");
            assertThat(twice.second.skippedFor("unlinked").contains(twice.corner + "child"))
                    .isEqualTo(status != 301);
            assertThat(twice.found("title:again title:child")).hasSize(status == 301 ? 1 : 0);
        }
    }

    @Test
    void redirect_isComparedByItsTarget_andMayBecomeAPage() throws Exception {
        try (Twice twice = new Twice(corner -> {
            put(corner, "same", of(WebResponse.redirect(302, "child")));
            put(
                    corner,
                    "other",
                    then(of(WebResponse.redirect(302, "child")), of(WebResponse.redirect(302, "sibling"))));
            put(corner, "page", then(of(WebResponse.redirect(302, "child")), of(corner.html("page"))));
            corner.put("child", corner.html("child"));
            corner.put("sibling", corner.html("sibling"));
        })) {
            assertThat(twice.member("same", "change")).isEqualTo("same");
            assertThat(twice.member("other", "change")).isEqualTo("changed");
            assertThat(twice.member("page", "change")).isEqualTo("changed");
            assertThat(twice.member("sibling", "change")).isEqualTo("new");
            assertThat(twice.found("again")).contains("page", "child", "sibling");
        }
    }

    /** What a page says of its links is not in the response that it is unchanged. */
    @Test
    void unchangedPage_leadsToWhatItLedTo_andNotToMore() throws Exception {
        String page = """
                <title>a</title><link rel=canonical href=canonical><link rel=stylesheet href=style>
                <a href=followed>a</a><a rel="x nofollow" href=marked>b</a><a href="http://a b/">c</a>
                <a rel=stylesheet href=strange>d</a><a href=mailto:a@b.example>e</a><iframe src=frame></iframe>
                """;
        String nofollow = "<meta name=robots content=nofollow><title>b</title><a href=page-marked>a</a>";
        try (Twice twice = new Twice(corner -> {
            put(corner, "page", unchanged(WebResponse.html(page)));
            put(corner, "nofollow", unchanged(WebResponse.html(nofollow)));
            Stream.of("canonical", "followed", "strange", "frame", "marked", "page-marked", "style")
                    .forEach(path -> corner.put(path, corner.html(path)));
        })) {
            assertThat(twice.second.records("server-not-modified"))
                    .contains(twice.corner + "page", twice.corner + "nofollow");
            assertThat(twice.second.urls())
                    .contains(twice.corner + "canonical", twice.corner + "frame", twice.corner + "strange")
                    .doesNotContain(twice.corner + "style", twice.corner + "marked", twice.corner + "page-marked");
            assertThat(twice.second.skippedFor("malformed")).containsExactly("http://a b/");
            assertThat(twice.second.essence()).isEqualTo(twice.first.essence());
            assertThat(twice.changes.gone()).isZero();
        }
    }

    private static Responder unchanged(WebResponse page, String... fields) {
        WebResponse confirmed = NOT_MODIFIED;
        for (String field : fields) {
            confirmed = confirmed.with(field);
        }
        WebResponse later = confirmed;
        return visit -> visit.asked().field("if-none-match").isEmpty() ? page.with("ETag: \"1\"") : later;
    }

    @Test
    void directivesOfTheResponseThatAPageIsUnchanged_count() throws Exception {
        try (Twice twice = new Twice(corner -> {
            put(corner, "page", unchanged(corner.html("page", "child"), "X-Robots-Tag: noindex, nofollow"));
            corner.put("child", corner.html("child"));
        })) {
            assertThat(twice.member("page", "change")).isEqualTo("same");
            assertThat(twice.member("page", "robots")).isEqualTo("noindex, nofollow");
            assertThat(twice.found("again page")).isEmpty();
            assertThat(twice.second.skippedFor("nofollow")).containsExactly(twice.corner + "child");
            assertThat(twice.changes.gone()).isEqualTo(1);
        }
    }

    /** A page that has the content of each that it leads to, so these are known only when it is recorded. */
    private static final WebResponse SAME = WebResponse.html(
            "<title>common words</title><a href=a>a</a><a href=b>b</a><a href=c>c</a><a href=child>d</a>");

    /** Of pages with one content exactly one can be found, whichever is fetched first. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void duplicate_whoseOriginalChanges_takesItsPlace(boolean isRemoved) throws Exception {
        try (Twice twice = new Twice(corner -> {
            WebResponse later = isRemoved ? WebResponse.status(404) : WebResponse.html("<title>others</title>");
            corner.put("", then(of(corner.html("index", "a")), of(corner.html("index", "a", "b"))));
            corner.put("a", then(unchanged(SAME), of(later)));
            corner.put("b", unchanged(SAME));
            corner.put("c", unchanged(SAME));
            corner.put("child", corner.html("child"));
        })) {
            assertThat(twice.first.member(twice.corner + "b", "duplicateOf")).isEqualTo(twice.corner + "a");
            assertThat(twice.member("c", "duplicateOf")).isEqualTo(twice.corner + "b");
            assertThat(twice.member("b", "duplicateOf")).isEmpty();
            assertThat(twice.found("title:common")).containsExactly("b");
            assertThat(twice.member("child", "change")).isEqualTo("same");
            assertThat(twice.changes.gone()).isEqualTo(isRemoved ? 1 : 0);
        }
    }

    @Test
    void original_thatIsMetAfterItsDuplicate_givesItsPlaceToThat() throws Exception {
        try (Twice twice = new Twice(corner -> {
            corner.put("", then(of(corner.html("index", "a")), of(corner.html("index", "b"))));
            corner.put("a", unchanged(SAME));
            corner.put("b", unchanged(SAME));
            corner.put("c", WebResponse.status(404));
            corner.put("child", corner.html("child"));
        })) {
            assertThat(twice.first.member(twice.corner + "b", "duplicateOf")).isEqualTo(twice.corner + "a");
            assertThat(twice.member("a", "duplicateOf")).isEqualTo(twice.corner + "b");
            assertThat(twice.found("title:common")).containsExactly("b");
            assertThat(twice.member("child", "change")).isEqualTo("same");
        }
    }

    @Test
    void pageThatRobotsForbidNow_isGone_forThatReason() throws Exception {
        WebFault fault = WebFault.ofHost("again", "Rules that change.", corner -> {
            corner.put(
                    "robots.txt",
                    then(
                            of(WebResponse.text("User-agent: *\nDisallow:\n")),
                            of(WebResponse.text("User-agent: *\nDisallow: /page\n"))));
            corner.link("page").put("page", corner.html("page", "child"));
            corner.put("child", corner.html("child"));
        });
        try (CrawlScene scene = CrawlScene.of(
                temporary.resolve("crawl"), WebPlan.of(1).withPages(3).with(fault))) {
            scene.crawl(scene.options());
            isLater.set(true);
            try (Crawl crawl = scene.refresh(scene.options())) {
                CrawlResult result = crawl.run();
                assertThat(result.counts().changes()).isEqualTo(new Changes(0, 0, 7, 2));
                assertThat(result.counts().skipped())
                        .containsEntry("robots", 1L)
                        .containsEntry("unlinked", 1L);
            }
            try (SearchIndex index =
                    SearchIndex.open(scene.folder(), scene.engine().clock())) {
                assertThat(index.search("title:again", 1).hits()).hasSize(1);
            }
        }
    }

    /** In the simulation, where waiting takes no time. */
    @ParameterizedTest
    @ValueSource(strings = {"pages", "robots"})
    void hostThatDoesNotAnswer_keepsItsPages(String what) {
        WebResponse overloaded = WebResponse.status(503);
        WebFault fault = WebFault.ofHost("again", "A host that fails later.", corner -> {
            Responder rules = of(WebResponse.text("User-agent: *\nDisallow:\n"));
            corner.put("robots.txt", what.equals("robots") ? then(rules, of(overloaded)) : rules);
            corner.put("", then(of(corner.html("index", "page")), of(overloaded)));
            corner.put("page", then(of(corner.html("page", "child")), of(overloaded)));
            corner.put("child", then(of(corner.html("child")), of(overloaded)));
        });
        inSimulation(fault, 1, (folder, result) -> {
            WrittenCrawl written = WrittenCrawl.read(folder);
            assertThat(result.counts().changes()).isEqualTo(new Changes(0, 0, 6, 0));
            assertThat(result.counts().errors()).isEqualTo(3);
            assertThat(written.urlsOfEarlier()).isEqualTo(written.urls());
            assertThat(written.values("status")).containsOnlyKeys("200");
            assertThat(written.skippedFor("host")).isEmpty();
        });
    }

    /** Looks at a crawl that was refreshed. */
    private interface Inspection {
        void inspect(Path folder, CrawlResult result) throws Exception;
    }

    private void inSimulation(WebFault fault, int refreshes, Inspection inspection) {
        Scenario scenario = world -> {
            isLater.set(false);
            Path folder = temporary.resolve("seed-" + world.seed());
            try (ScriptedWeb web = ScriptedWeb.startOnOneMachine(
                    world.engine(), WebPlan.of(1).withPages(3).with(fault), 0)) {
                CrawlOptions options =
                        CrawlScene.options(world.engine(), web.map().seeds()).withIndex(false);
                Crawl.Surroundings around = CrawlScene.around(world.engine(), CrawlScene.LOOPBACK);
                try (Crawl crawl = Crawl.create(folder, options, around, new CrawlListener() {})) {
                    assertThat(crawl.run().end()).isEqualTo(new CrawlEnd.Finished());
                }
                isLater.set(true);
                for (int i = 0; i < refreshes; i++) {
                    try (Crawl crawl = Crawl.refresh(folder, options, around, new CrawlListener() {})) {
                        CrawlResult result = crawl.run();
                        assertThat(result.end()).isEqualTo(new CrawlEnd.Finished());
                        inspection.inspect(folder, result);
                    }
                }
            }
        };
        int _ = Trial.of(scenario).check(1);
    }

    static Stream<WebFault> faults() {
        // Traps have so many pages that their crawls take long.
        return Catalogue.all().stream().filter(fault -> !fault.name().startsWith("trap-"));
    }

    /** From the second visit on most of them answer alike, so that a refresh of a refresh has nothing new. */
    @ParameterizedTest
    @MethodSource("faults")
    void refreshOfARefresh_ofAnyFault_recordsTheSame(WebFault fault) {
        List<List<String>> essences = new ArrayList<>();
        List<Changes> changes = new ArrayList<>();
        inSimulation(fault, 2, (folder, result) -> {
            essences.add(WrittenCrawl.read(folder).essence());
            changes.add(Objects.requireNonNull(result.counts().changes()));
        });
        assertThat(essences.getLast()).isEqualTo(essences.getFirst());
        assertThat(changes.getLast().added()).isZero();
        assertThat(changes.getLast().changed()).isZero();
        assertThat(changes.getLast().gone()).isZero();
    }
}
