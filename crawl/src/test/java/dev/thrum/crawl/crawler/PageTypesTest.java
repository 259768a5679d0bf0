package dev.thrum.crawl.crawler;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.testkit.web.WebMap;
import dev.thrum.testkit.web.WebPlan;
import dev.thrum.testkit.web.faults.Catalogue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PageTypesTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    html                               | html
                    text/html                          | html
                    application/xhtml+xml              | html
                    HTML, Application/PDF              | html,application/pdf
                    text/*                             | html,text/*
                    */*                                | html,*/*
                    application/pdf                    | application/pdf
                    image/*,application/vnd.ms-excel   | image/*,application/vnd.ms-excel
                    """)
    void parse_readsAList_thatToStringWrites(String list, String expected) {
        assertThat(PageTypes.parse(list)).hasToString(expected);
        assertThat(PageTypes.parse(expected)).isEqualTo(PageTypes.parse(list));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "pdf",
                "html,",
                "text/",
                "/html",
                "*/html",
                "*",
                "text/*/x",
                "text/h*",
                "a b/c",
                "text/html;q=1"
            })
    void parse_ofAMalformedList_saysWhatIsExpected(String list) {
        assertThatThrownBy(() -> PageTypes.parse(list))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("expected html, or media types such as application/pdf or text/*");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    html            | text/html                 | true
                    html            | application/pdf           | false
                    html            | application/octet-stream  | true
                    application/pdf | Application/PDF; x=y      | true
                    application/pdf | text/html                 | false
                    application/pdf | application/octet-stream  | true
                    application/pdf | ''                        | true
                    application/pdf | application/pdfx          | false
                    image/*         | image/png                 | true
                    image/*         | imagery/png               | false
                    */*             | video/mp4                 | true
                    """)
    void mayBePage_saysWhetherTheBodyIsRead(String list, String field, boolean expected) {
        assertThat(PageTypes.parse(list).mayBePage(field)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(nullValues = "page", delimiter = '|', textBlock = """
                    html            | text/html                | <p>             | page
                    html            | text/html                | %PDF-1.7        | application/pdf
                    html            | application/pdf          | <html>          | application/pdf
                    html            | text/plain               | a text          | text/plain
                    html            | ''                       | ''              | page
                    html            | image/png                | ''              | image/png
                    application/pdf | text/html                | %PDF-1.7        | page
                    application/pdf | text/html                | <p>             | text/html
                    application/pdf | application/octet-stream | %PDF-1.7        | page
                    application/pdf | application/octet-stream | GIF89a          | image/gif
                    html,text/plain | text/plain               | a text          | page
                    html,text/plain | text/plain               | GIF89a          | image/gif
                    application/epub+zip | application/epub+zip | PK              | page
                    */*             | ''                       | bytes           | page
                    """)
    void otherThanPage_goesByDeclarationAndFirstBytes(String list, String field, String body, String expected) {
        assertThat(PageTypes.parse(list).otherThanPage(field, body.getBytes(ISO_8859_1)))
                .isEqualTo(Optional.ofNullable(expected));
    }

    @Test
    void crawl_ofAListedType_recordsItWithoutLinks_andLeavesOthersOut(@TempDir Path temporary) throws Exception {
        WebPlan plan = WebPlan.of(1).with(Catalogue.named("type-pdf"), Catalogue.named("type-image"));
        try (CrawlScene scene = CrawlScene.of(temporary.resolve("crawl"), plan)) {
            WrittenCrawl written = scene.crawl(scene.options().withTypes(PageTypes.parse("html,application/pdf")));

            String image = written.skippedFor("type").iterator().next();
            assertThat(written.skippedFor("type")).hasSize(1);
            String pdf = written.urls().stream()
                    .filter(url -> url.endsWith("/file"))
                    .findFirst()
                    .orElseThrow();
            assertThat(Files.readAllLines(scene.folder().resolve("pages.jsonl")).stream()
                            .filter(line -> line.contains("\"type\":\"application/pdf\"")))
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .contains("\"digest\":\"sha256:", "\"payload\":\"sha1:")
                            .doesNotContain("\"title\"", "\"charset\"", "\"truncated\""));
            assertThat(written.links()).doesNotContainKey(pdf);
            assertThat(written.archived()).containsEntry(WebMap.canonical(pdf), 1);
            assertThat(written.archived()).doesNotContainKey(image);
        }
    }
}
