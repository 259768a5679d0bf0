package dev.thrum.crawl.search;

import static dev.thrum.crawl.search.IndexScene.LATE;
import static dev.thrum.crawl.search.IndexScene.commit;
import static dev.thrum.crawl.search.IndexScene.page;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.base.Clock;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.scripted.HandClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which pages a query finds, and in which order. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
final class SearchIndexTest {
    @TempDir
    private static Path root;

    private static SearchIndex index;

    @BeforeAll
    static void index() throws IOException {
        IndexedPage headed = new IndexedPage(
                "http://b.example/headings", "b.example", "Other", "Zebra crossings", "Zebra crossings and filler");
        index = SearchIndex.open(
                IndexScene.crawl(
                        root,
                        page("http://a.example/fox", "The fox", "The quick brown fox jumps over the lazy dog"),
                        page("http://www.a.example/dog", "A dog", "The lazy dog sleeps. A brown one, and quick"),
                        page("https://b.example:8443/gruesse", "Grüße", "Viele Grüße aus Köln, l'été"),
                        page("http://127.0.0.1:8080/cjk", "日本", "東京都は日本の首都"),
                        page("http://[::1]:8080/six", "Six", "an address of version six"),
                        headed,
                        page("http://b.example/title", "Zebra", "filler and filler"),
                        page("http://b.example/body", "Another", "filler with a zebra in it"),
                        page("http://xn--bcher-kva.example/books", "Idn", "books")),
                Clock.system());
    }

    @AfterAll
    static void close() throws IOException {
        index.close();
    }

    private static String found(String query) throws IOException {
        return index.search(query, 1).hits().stream()
                .map(hit -> hit.url().replaceFirst(".*/", ""))
                .collect(Collectors.joining(" "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "quick brown               | dog fox",
                "QUICK fox                 | fox",
                "quick absent              | ``",
                "\"quick brown\"           | fox",
                "\"brown quick\"           | ``",
                "lazy -fox                 | dog",
                "lazy -\"quick brown\"     | dog",
                "lazy site:a.example       | dog fox",
                "lazy site:www.a.example   | dog",
                "lazy -site:www.a.example  | fox",
                "site:A.EXAMPLE lazy       | dog fox",
                "site:https://a.example/x lazy | dog fox",
                "site:example              | body books dog fox gruesse headings title",
                "site:b.example:8443       | gruesse",
                "site:b.example            | body gruesse headings title",
                "site:127.0.0.1            | cjk",
                "site:127.0.0.1:8080       | cjk",
                "site:0.0.1                | ``",
                "site:[::1]                | six",
                "site:bücher.example       | books",
                "site:ample                | ``",
                "title:dog                 | dog",
                "title:\"the fox\"         | fox",
                "-title:dog lazy           | fox",
                "grusse                    | gruesse",
                "GRÜSSE koln ETE           | ``",
                "GRÜSSE koln l’ete         | gruesse",
                "東京                      | cjk",
                "京                        | cjk",
                "首都                      | cjk",
                "東都                      | ``",
                "\"unbalanced lazy         | ``",
                "\"quick lazy              | dog fox",
                "+++ &&& lazy (dog)        | dog fox",
                "lazy OR                   | ``",
                "-site:example             | cjk six",
                "-filler -lazy -books -site:127.0.0.1 -version | gruesse",
                "``                        | ``",
                "\" \" - ( )               | ``",
            })
    void query_always_findsItsPages(String query, String pages) throws IOException {
        assertThat(Arrays.stream(found(query).split(" ")).sorted()).containsExactly(pages.split(" "));
    }

    @Test
    void title_isAboveHeadings_andThoseAreAboveText() throws IOException {
        assertThat(found("zebra")).isEqualTo("title headings body");
        List<Hit> hits = index.search("zebra", 1).hits();
        assertThat(hits).isSortedAccordingTo((one, other) -> Float.compare(other.score(), one.score()));
    }

    @Test
    void hit_always_hasTitleAndSnippet() throws IOException {
        Hit hit = index.search("koln", 1).hits().getFirst();
        assertThat(hit.url()).isEqualTo("https://b.example:8443/gruesse");
        assertThat(hit.title()).isEqualTo("Grüße");
        assertThat(hit.snippet().marked(text -> text, "[", "]")).isEqualTo("Viele Grüße aus [Köln], l'été");
    }

    @Test
    void query_thatIsTooLong_isCut() throws IOException {
        assertThat(index.search("lazy ".repeat(64), 1))
                .returns(false, SearchPage::isCut)
                .returns(2L, SearchPage::total);
        assertThat(index.search("lazy ".repeat(64) + "absent", 1))
                .returns(true, SearchPage::isCut)
                .returns(2L, SearchPage::total);
        assertThat(index.search("lazy" + " ".repeat(1_000) + "absent", 1))
                .returns(true, SearchPage::isCut)
                .returns(2L, SearchPage::total);
        assertThat(index.search("東".repeat(500), 1))
                .returns(true, SearchPage::isCut)
                .returns(0L, SearchPage::total);
    }

    @Test
    void anyQuery_always_isSearched() throws IOException {
        SplittableRandom random = new SplittableRandom(4711);
        String[] parts = {
            "\"", "-", ":", " ", "title:", "site:", "lazy", "dog", "(", ")", "*", "?", "~", "^2", "[", " TO ", "]", "{",
            "\\", "/", "&&", "||", "!", "\0", "\ud83d", "\ude00", "東", "\u202e", "http://", "site:[", "%zz", "@", "#",
            "body:"
        };
        for (int i = 0; i < 1_000; i++) {
            StringBuilder query = new StringBuilder();
            for (int length = random.nextInt(12); length > 0; length--) {
                query.append(parts[random.nextInt(parts.length)]);
            }
            SearchPage page = index.search(query.toString(), 1);
            assertThat(page.hits()).hasSize((int) Math.min(10, page.total()));
        }
    }

    @Test
    void page_outOfRange_isRefused() {
        assertThatThrownBy(() -> index.search("lazy", 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> index.search("lazy", 1_001)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void pages_always_haveEachResultOnce(@TempDir Path folder) throws IOException {
        IndexedPage[] pages = IntStream.range(0, 25).mapToObj(IndexScene::page).toArray(IndexedPage[]::new);
        try (SearchIndex many = SearchIndex.open(IndexScene.crawl(folder, pages), Clock.system())) {
            Set<String> urls = new HashSet<>();
            List<Integer> sizes = new ArrayList<>();
            for (int number = 1; number <= 4; number++) {
                SearchPage page = many.search("words text", number);
                assertThat(page.total()).isEqualTo(25);
                assertThat(page.pages()).isEqualTo(3);
                assertThat(page.number()).isEqualTo(number);
                page.hits().forEach(hit -> urls.add(hit.url()));
                sizes.add(page.hits().size());
            }
            assertThat(sizes).containsExactly(10, 10, 5, 0);
            assertThat(urls).hasSize(25);
            assertThat(many.search("words", SearchPage.LAST).hits()).isEmpty();
        }
    }

    @Test
    void newPages_areFound_afterASecond(@TempDir Path folder) throws IOException {
        HandClock clock = new HandClock(Instant.EPOCH);
        Path in = folder.resolve(PageIndex.FOLDER);
        byte[] checkpoint;
        try (PageIndex writer = PageIndex.create(in, Clock.system(), LATE)) {
            checkpoint = writer.checkpoint();
        }
        try (SearchIndex search = SearchIndex.open(folder, clock)) {
            try (PageIndex writer = PageIndex.open(in, checkpoint, Clock.system())) {
                writer.add(page("http://a.example/new", "New", "needle"));
                commit(writer);
            }
            assertThat(search.search("needle", 1).total()).isZero();
            clock.pass(Duration.ofSeconds(1));
            assertThat(search.search("needle", 1).total()).isEqualTo(1);
        }
    }
}
