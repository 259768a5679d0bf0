package dev.thrum.crawl.mine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.crawl.text.ContentType.Kind;
import dev.thrum.http.client.url.Url;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SelectionTest {
    private static final Url URL = Url.parse("http://example.org/a/b?q#f");

    private static List<String> values(String selection, String page) {
        return Selection.parse(selection).values(Page.parse(page, URL, Kind.HTML));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "h1|<h1> a\t b <b>c</b></h1>|a b c",
                "p.x, h2|<p>a<p class=x>b<h2>c</h2>|b,c",
                "a@title|<a title=' x '>a</a><a>b</a><a title>c</a>| x ,",
                "p@DATA-X|<p data-x=1>|1",
                "p @ id|<p id=1>|1",
                "[data-at='a@b']|<p data-at=a@b>c|c",
                "[data-at=a@b]@data-at|<p data-at=a@b>c|a@b",
                "p:contains(a@b)|<p>a@b|a@b",
                ".a\\@b@id|<p class=a@b id=x>|x",
                "script[type$=json]|<script type=ld+json>{\"a\":\t1}</script>|{\"a\":\t1}",
                "style|<style>a{}</style>|a{}",
                "img@alt|<img alt=x>|x",
                "img|<img alt=x>|",
                "svg title|<svg><title>a</title></svg>|a",
                "head > title|<title>a</title>|a",
            })
    void selection_always_takesTheValuesOfItsMatches(String selection, String page, @Nullable String values) {
        assertThat(values(selection, page)).containsExactly(values == null ? new String[] {""} : values.split(",", -1));
    }

    @Test
    void selection_withoutAMatch_hasNoValue() {
        assertThat(values("h1", "<p>a")).isEmpty();
        assertThat(values("title", "<svg><title>a</title></svg>")).isEmpty();
        assertThat(values("title", "")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<title>\f a \t b\f</title>|a b",
                "<TITLE>a</TITLE>|a",
                "<svg><title>no</title></svg><title>a</title>|a",
                "<body><p>x</p><title>a</title>|a",
                "<title>a</title><title>b</title>|a",
                "<title><b>a</b> &amp; b</title>|<b>a</b> & b",
                "<title>a\u00a0b</title>|a\u00a0b",
                "<script>'<title>no</title>'</script><title>a</title>|a",
                "<!-- <title>no</title> --><title>a</title>|a",
                "<textarea><title>no</title></textarea><title>a</title>|a",
                "<title>a|a",
                // What is put out of a table comes before what is in it.
                "<table><tr><td><title>b</title></td></tr><title>a</title></table>|a",
                "<template><title>no</title></template><title>a</title>|a",
                "<head></head><title>a</title>|a",
                "<math><title>no</title></math><title>a</title>|a",
            })
    void title_always_isThatOfTheDocument(String page, String title) {
        assertThat(values("title", page)).containsExactly(title);
        assertThat(values(" Title ", page)).containsExactly(title);
    }

    @Test
    void title_thatIsEmpty_isAnEmptyValue() {
        assertThat(values("title", "<title></title>")).containsExactly("");
    }

    @Test
    void title_ofXml_isAnyElementOfTheName() {
        Page page = Page.parse("<rss><title>a</title><link>http://x/</link><title>b</title></rss>", URL, Kind.XML);
        assertThat(Selection.parse("title").values(page)).containsExactly("a", "b");
        assertThat(Selection.parse("link").values(page)).containsExactly("http://x/");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<a href=x>|http://example.org/a/x",
                "<a href=' HTTP://EXAMPLE.COM:80\\y z '>|http://example.com/y%20z",
                "<a href=?r>|http://example.org/a/b?r",
                "<a href=#>|http://example.org/a/b?q#",
                "<a href=//other>|http://other/",
                "<base href=/c/><a href=x>|http://example.org/c/x",
                "<base href=http://other/d><a href=x>|http://other/x",
                "<base target=_top><base href=/c/><base href=/d/><a href=x>|http://example.org/c/x",
                "<a href=x><base href=/late/>|http://example.org/late/x",
                "<base href=javascript:alert()><a href=x>|http://example.org/a/x",
                "<base href='http://['><a href=x>|http://example.org/a/x",
                "<a href=' mailto:a@example.org '>|mailto:a@example.org",
                "<a href=javascript:void(0)>|javascript:void(0)",
                "<a href='http://[x'>|http://[x",
            })
    void href_always_isAbsolute(String page, String url) {
        assertThat(values("a@href", page)).containsExactly(url);
    }

    @Test
    void src_always_isAbsoluteToo() {
        assertThat(values("img@src", "<img src=i.png srcset=j.png>")).containsExactly("http://example.org/a/i.png");
        assertThat(values("img@srcset", "<img src=i.png srcset=j.png>")).containsExactly("j.png");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "@href",
                " @href",
                "a@",
                "a@ ",
                "a@b c",
                "a@b@c d",
                "a[",
                "a[href",
                "a(",
                "a)",
                "p:",
                "p::",
                "p:nope",
                "a >",
                "> ",
                "a,,b",
                "..a",
                "a..b",
                "#",
                "a[href='x]",
                "p:nth-child(x)",
                "p:matches([)",
                "p:contains(",
                "p:has()",
                "p:nth-child(99999999999)",
                "p:eq(x)",
                "p:is()",
                "a ! b",
            })
    void selection_thatIsMalformed_isRefusedInOneLine(String selection) {
        assertThatThrownBy(() -> Selection.parse(selection))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .startsWith("expected ")
                .doesNotContain("\n");
    }

    @Test
    void selection_ofAnyCharacters_isParsedOrRefused() {
        Random random = new Random(4711);
        String alphabet = "ap#.[]()=~|^$*:,>+ '\"\\@1n-_é!\u0000\t";
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(12); i >= 0; i--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            String selection = text.toString();
            try {
                assertThat(values(selection, "<p id=a class=p>x<a href=y>z")).isNotNull();
            } catch (IllegalArgumentException e) {
                assertThat(e).as(selection).message().startsWith("expected ");
            }
        }
    }

    @Test
    @Timeout(60)
    void selection_usedByManyThreads_givesEachItsOwnValues() throws Exception {
        Selection selection = Selection.parse("div:has(> p) > p:nth-child(odd)");
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<List<String>>> all = threads.invokeAll(IntStream.range(0, 400)
                    .<java.util.concurrent.Callable<List<String>>>mapToObj(
                            i -> () -> selection.values(Page.parse("<div><p>" + i + "<p>x<p>y</div>", URL, Kind.HTML)))
                    .toList());
            for (int i = 0; i < all.size(); i++) {
                assertThat(all.get(i).get()).containsExactly(Integer.toString(i), "y");
            }
        }
    }

    @Test
    void page_ofDeeplyNestedElements_isParsed() {
        String page = "<div>".repeat(100_000) + "<p>x";
        assertThat(values("p", page)).containsExactly("x");
        assertThat(values("title", page)).isEmpty();
    }
}
