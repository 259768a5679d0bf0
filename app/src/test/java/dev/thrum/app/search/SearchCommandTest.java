package dev.thrum.app.search;

import static dev.thrum.app.search.SearchScene.HOSTILE;
import static dev.thrum.app.search.SearchScene.page;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.app.Ran;
import dev.thrum.base.Clock;
import dev.thrum.crawl.search.IndexedPage;
import dev.thrum.crawl.search.SearchIndex;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code thrum search}: what it prints, and its status. */
@Timeout(120)
final class SearchCommandTest {
    private static final String END = System.lineSeparator();

    @TempDir
    private static Path crawl;

    @BeforeAll
    static void index() throws IOException {
        List<IndexedPage> pages = new ArrayList<>(List.of(
                page("http://a.example/fox", "The fox", "A quick brown fox, and *no* dog."),
                page("http://a.example/cat", "", "A quick cat."),
                page("http://a.example/evil" + HOSTILE, HOSTILE, "hostile " + HOSTILE)));
        for (int i = 0; i < 25; i++) {
            pages.add(page("http://a.example/many/" + i, "Many " + i, "one of many"));
        }
        SearchScene.index(crawl, pages);
    }

    private static Ran search(String... words) {
        List<String> arguments = new ArrayList<>(List.of("search", "--index", crawl.toString()));
        arguments.addAll(List.of(words));
        return Ran.of(arguments.toArray(String[]::new));
    }

    private static String lines(String... lines) {
        return String.join(END, lines) + END;
    }

    @Test
    void result_always_hasTitleUrlAndSnippet() {
        assertThat(search("brown", "FOX"))
                .isEqualTo(new Ran(
                        0,
                        lines(
                                "The fox",
                                "http://a.example/fox",
                                "A quick *brown* *fox*, and *no* dog.",
                                "",
                                "1 result"),
                        ""));
    }

    @Test
    void page_withoutATitle_hasTheOthers() {
        assertThat(search("cat").out()).isEqualTo(lines("http://a.example/cat", "A quick *cat*.", "", "1 result"));
    }

    @Test
    void word_thatBeginsWithAMinusSign_isExcluded() {
        assertThat(search("quick", "-brown").out()).contains("/cat").doesNotContain("/fox");
        assertThat(search("-brown", "quick").out()).contains("/cat").doesNotContain("/fox");
        assertThat(search("-hello", "-Version", "-x", "quick").out()).contains("/cat", "/fox");
        assertThat(search("quick -brown").out()).contains("/cat").doesNotContain("/fox");
        assertThat(search("\"brown fox\"").out()).contains("1 result");
        assertThat(search("title:fox", "site:a.example").out()).contains("1 result");
    }

    @Test
    void nothing_thatMatches_isStatusOne() {
        assertThat(search("absent")).isEqualTo(new Ran(1, "", lines("thrum search: nothing matches")));
        assertThat(search("absent", "--json")).isEqualTo(new Ran(1, "", lines("thrum search: nothing matches")));
        assertThat(search("\"")).isEqualTo(new Ran(1, "", lines("thrum search: nothing matches")));
    }

    @Test
    void pages_always_haveTenResultsEach() {
        assertThat(search("many").out()).endsWith(lines("25 results, page 1 of 3"));
        assertThat(search("many", "--page", "3").out()).endsWith(lines("25 results, page 3 of 3"));
        assertThat(search("many", "--page", "4"))
                .isEqualTo(new Ran(1, "", lines("thrum search: expected a page from 1 to 3 but was 4")));
        Set<String> urls = new HashSet<>();
        for (int page = 1; page <= 3; page++) {
            search("many", "--json", "--page", Integer.toString(page))
                    .out()
                    .lines()
                    .map(line -> JsonMapper.shared().readTree(line).get("url").asString())
                    .forEach(urls::add);
        }
        assertThat(urls).hasSize(25);
    }

    @Test
    void json_always_isAnObjectALine() {
        Ran ran = search("quick", "--json");
        assertThat(ran.status()).isZero();
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out().lines()).hasSize(2).allSatisfy(line -> {
            JsonNode result = JsonMapper.shared().readTree(line);
            assertThat(result.propertyNames()).containsExactly("url", "title", "snippet", "score", "total");
            assertThat(result.get("total").asInt()).isEqualTo(2);
            assertThat(result.get("score").asDouble()).isPositive();
            assertThat(result.get("snippet").asString()).startsWith("A quick");
        });
    }

    @Test
    void textOfPages_neverReachesTheTerminal() {
        for (Ran ran : List.of(search("hostile"), search("hostile", "--json"))) {
            assertThat(ran.status()).isZero();
            assertThat(ran.out().replace(END, "")).matches("[^\\p{Cc}\\p{Cf}]*").contains("\\u001b[2J");
        }
        assertThat(search("\u001b[2J\u202e").err().replace(END, "")).matches("[^\\p{Cc}\\p{Cf}]*");
    }

    @Test
    void words_onATerminal_areBold() throws IOException {
        StringWriter out = new StringWriter();
        try (SearchIndex index = SearchIndex.open(crawl, Clock.system())) {
            boolean _ = new SearchOutput(new PrintWriter(out), new PrintWriter(new StringWriter()), true)
                    .text(index.search("hostile", 1));
        }
        assertThat(out.toString()).contains("\u001b[1mhostile\u001b[0m <script>");
        assertThat(out.toString().replaceAll("\u001b\\[[01]m", "").replace(END, ""))
                .matches("[^\\p{Cc}\\p{Cf}]*");
    }

    @Test
    void query_thatIsTooLong_isCut_andALineSaysSo() {
        Ran ran = search("fox ".repeat(70));
        assertThat(ran.status()).isZero();
        assertThat(ran.err()).isEqualTo(lines("thrum search: the query is too long; only its beginning was searched"));
    }

    @Test
    void index_ofAnotherVersion_isOneLineAndStatusTwo(@TempDir Path other) throws IOException {
        SearchScene.index(other, List.of());
        Files.writeString(other.resolve("index/format"), "thrum-index 9\n");
        for (Ran ran : List.of(
                Ran.of("search", "fox", "--index", other.toString()), Ran.of("serve", "--index", other.toString()))) {
            assertThat(ran.status()).isEqualTo(2);
            assertThat(ran.err().lines())
                    .singleElement()
                    .asString()
                    .contains("to be of version \"thrum-index 1\" but it is \"thrum-index 9\"");
        }
    }

    @Test
    void index_withoutAPage_isSearched(@TempDir Path other) throws IOException {
        SearchScene.index(other, List.of());
        assertThat(Ran.of("search", "fox", "--index", other.toString()))
                .isEqualTo(new Ran(1, "", lines("thrum search: nothing matches")));
    }
}
