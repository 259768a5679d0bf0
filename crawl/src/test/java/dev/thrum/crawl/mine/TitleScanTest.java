package dev.thrum.crawl.mine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.crawl.text.ContentType;
import dev.thrum.http.client.url.Url;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The scan against the tree: where it has a title, parsing has the same. */
final class TitleScanTest {
    private static final int CASES = 60_000;

    private static final String[] PARTS = {
        "<title>",
        "</title>",
        "<TITLE x=1>",
        "</title >",
        "</Title/>",
        "<title",
        "a",
        " b\t",
        "&amp;",
        "&lt",
        "&#x41;",
        "&",
        "&quot;",
        "&nbsp;",
        "&#39;",
        "&amp",
        "amp;",
        ";",
        "& ",
        "<!--",
        "-->",
        "--!>",
        "<!-->",
        "<!--->",
        "->",
        "<!doctype html>",
        "<!DOCTYPE x \"",
        "<!x>",
        "<?x>",
        "\"",
        "'",
        ">",
        "<",
        "<html lang=en>",
        "<head>",
        "</head>",
        "<body>",
        "<meta charset=utf-8>",
        "<meta content=\"a>b\">",
        "<meta a='b'c>",
        "<link rel=x href=/a/>",
        "<link/>",
        "<base href=/>",
        "<script>",
        "</script>",
        "</script x>",
        "<script src=\"a\">",
        "<style>",
        "</style>",
        "<svg>",
        "</svg>",
        "<noscript>",
        "</noscript>",
        "<template>",
        "</template>",
        "<table>",
        "<td>",
        "<p>",
        "\0",
        "\n",
        "=",
        "/",
        "\u00a0",
        "<textarea>",
        "<metas>",
        "<html/ >",
        "<meta =x>",
        "<meta x=>",
        "<frameset>",
    };

    private static Optional<String> parsed(String page) {
        return Page.parse(page, Url.parse("http://example.org/"), ContentType.Kind.HTML)
                .title();
    }

    @Test
    void scan_ofAnyPage_agreesWithTheTree() {
        Random random = new Random(4711);
        int found = 0;
        for (int i = 0; i < CASES; i++) {
            StringBuilder page = new StringBuilder();
            for (int left = random.nextInt(10); left >= 0; left--) {
                page.append(PARTS[random.nextInt(PARTS.length)]);
            }
            if (random.nextBoolean()) {
                page.append("<title>x</title>");
            }
            Optional<String> scanned = TitleScan.find(page.toString());
            if (scanned.isPresent()) {
                found++;
                assertThat(scanned).as(page.toString()).isEqualTo(parsed(page.toString()));
            }
        }
        assertThat(found).isGreaterThan(CASES / 50);
    }

    @Test
    void references_always_areThoseOfTheTree() {
        Random random = new Random(4711);
        String[] parts = {
            "&",
            "amp",
            "lt",
            "gt;",
            ";",
            "&amp;",
            "&quot;",
            "&#39;",
            "&#039;",
            "&apos;",
            "&nbsp;",
            "&ndash;",
            "&raquo;",
            "#",
            "39",
            "x",
            " ",
            "&eacute;",
            "&notit;"
        };
        for (int i = 0; i < CASES; i++) {
            StringBuilder text = new StringBuilder("a");
            for (int left = random.nextInt(6); left >= 0; left--) {
                text.append(parts[random.nextInt(parts.length)]);
            }
            text.append('b');
            String page = "<title>" + text + "</title>";
            assertThat(TitleScan.find(page)).as(page).isEqualTo(parsed(page));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<title>a</title>|a",
                "<!DOCTYPE html><html lang=\"en\"><head><meta charset=utf-8><title> a  b </title>|a b",
                "<!-- <title>no</title> --><title>a &amp; b &eacute;</title>|a & b é",
                "<head><script>if (a < b) '<title>no</title>'</script><title>a</title>|a",
                "<link rel=icon href=/a.ico><link rel='x' href='y'/><style>a > b {}</style><title>a</title>|a",
                "<base href=/x><title data-x=\"1>2\">a <b> c</title>|a <b> c",
            })
    void title_inAHeadOfTheUsualForm_isFound(String page, String title) {
        assertThat(TitleScan.find(page)).hasValue(title);
        assertThat(parsed(page)).hasValue(title);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x<title>a</title>",
                "<title>a",
                "<title>a</titl",
                "<title",
                "<body><title>a</title>",
                "<svg><title>a</title></svg>",
                "<noscript><title>a</title></noscript>",
                "<template><title>a</title></template>",
                "</head><title>a</title>",
                "<!--><title>a</title>",
                "<!-- --!><title>a</title>-->",
                "<script><!-- <script></script> --></script><title>a</title>",
                "<meta a='x'b><title>a</title>",
                "<title>\0</title>",
                "<?xml version='1.0'?><title>a</title>",
                "<metas><title>a</title>",
            })
    void title_thatOnlyParsingCanFind_isLeftToIt(String page) {
        assertThat(TitleScan.find(page)).isEmpty();
    }
}
