package dev.thrum.crawl.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The part of a text that a result shows. */
final class SnippetMakerTest {
    private static final PageAnalyzer PAGES = PageAnalyzer.ofPages();
    private static final String FILLER = "lorem ipsum dolor sit amet ".repeat(40);

    @AfterAll
    static void close() {
        PAGES.close();
    }

    private static Snippet snippet(String body, String... words) {
        Map<String, Integer> places = new HashMap<>();
        for (String word : words) {
            places.putIfAbsent(word, places.size());
        }
        try {
            return new SnippetMaker(places, PAGES).of(body);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String marked(String body, String... words) {
        return snippet(body, words).marked(text -> text, "[", "]");
    }

    @Test
    void words_always_areMarked() {
        assertThat(marked("One two, ONE three", "one")).isEqualTo("[One] two, [ONE] three");
        assertThat(marked("viele Grüße!", "grusse")).isEqualTo("viele [Grüße]!");
        assertThat(marked("東京都庁", "東京", "京都")).isEqualTo("[東京都]庁");
    }

    @Test
    void whiteSpace_always_isOneBlank() {
        assertThat(marked("\n a\n\t b\u00a0 c \n", "b")).isEqualTo("a [b] c ");
    }

    @Test
    void text_withoutAMatch_isShownFromItsBeginning() {
        assertThat(marked("short", "other")).isEqualTo("short");
        assertThat(marked("", "other")).isEmpty();
        assertThat(marked(FILLER, "other"))
                .startsWith("lorem ipsum")
                .endsWith("…")
                .hasSizeLessThanOrEqualTo(SnippetMaker.WIDTH + 1);
    }

    @Test
    void part_withAllWords_isPreferred() {
        String body = "one here. " + FILLER + "one and two there. " + FILLER + "two.";
        assertThat(marked(body, "one", "two"))
                .contains("[one] and [two] there")
                .startsWith("…")
                .endsWith("…");
    }

    @Test
    void words_thatFollowEachOther_arePreferred() {
        String body = "new and also york. " + FILLER + "in New York now";
        assertThat(marked(body, "new", "york")).contains("in [New] [York] now");
    }

    @Test
    void match_farBehind_isFound() {
        assertThat(marked(FILLER + FILLER + "needle " + FILLER, "needle")).contains("[needle]");
    }

    @Test
    void match_inWhatIsNotAnalyzed_isNotShown_butTheBeginningIs() {
        assertThat(marked("lorem ipsum ".repeat(30_000) + "needle", "needle")).startsWith("lorem ipsum");
    }

    @Test
    void escaping_always_comesBeforeTheMarks() {
        Snippet snippet = snippet("<mark>one</mark> & <script>two</script>", "one", "two", "mark");
        assertThat(snippet.marked(text -> text.replace("<", "&lt;"), "<b>", "</b>"))
                .isEqualTo("&lt;<b>mark</b>><b>one</b>&lt;/<b>mark</b>> & &lt;script><b>two</b>&lt;/script>");
        assertThat(snippet.text()).isEqualTo("<mark>one</mark> & <script>two</script>");
    }

    @Test
    void anyText_always_hasAShortSnippetOfItsOwnWords() {
        SplittableRandom random = new SplittableRandom(4711);
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(120); length > 0; length--) {
                text.append(piece(random));
            }
            String body = text.toString();
            Snippet snippet = snippet(body, "one", "two", "東京", "😀");
            assertThat(snippet.text().length()).isLessThanOrEqualTo(SnippetMaker.WIDTH + 2);
            assertThat(marks(snippet)).allSatisfy(mark -> assertThat(body).contains(mark));
            String plain = snippet.marked(part -> part, "", "");
            assertThat(plain).isEqualTo(snippet.text());
            assertThat(withoutBlanks(body)).contains(withoutBlanks(plain.replaceAll("^…|…$", "")));
        }
    }

    private static String piece(SplittableRandom random) {
        List<String> pieces =
                List.of("one", "Two", " ", "\n", "東京", "都", "😀", "\u00a0", "x".repeat(70), ".", "<b>", "\ud800");
        return pieces.get(random.nextInt(pieces.size()));
    }

    private static String withoutBlanks(String text) {
        return text.replaceAll("[\\s\\u00a0]+", "");
    }

    private static List<String> marks(Snippet snippet) {
        return snippet.marks().stream()
                .map(mark -> snippet.text().substring(mark.from(), mark.to()))
                .toList();
    }
}
