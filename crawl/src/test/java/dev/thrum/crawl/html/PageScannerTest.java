package dev.thrum.crawl.html;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.crawl.html.Link.Kind;
import dev.thrum.crawl.text.PageEncoding;
import java.nio.charset.Charset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a scan finds in pages as they are, in several encodings; what counts as text; where the tree matters. */
final class PageScannerTest {
    private static final String PAGE = """
            <!DOCTYPE html>
            <html lang="en"><head><title>
              %1$s &amp; more
            </title>
            <base href="/b/"><link rel="Canonical" href="/%1$s">
            <meta name="robots" content="noarchive, nofollow">
            <style>a { color: red }</style><script>document.write("<a href='/no'>no</a>")</script>
            </head><body>
            <header><nav><ul><li><a href="/home">Home</a><li><a href="/%1$s?a=1&amp;b=2" rel="nofollow">%1$s</a></ul></nav></header>
            <main><h1>The <em>%1$s</em></h1>
            <p>First %1$s.<p>Second<br>line &copy; <a href='x'>an <b>anchor</b></a>, <img src=i alt=no>end
            <table><tr><td>1<td>2<tr><td>3</table>
            <h2>Part</h2><map><area href="/area"></map><iframe src="/frame"></iframe>
            <form action=/s>Search <input name=q></form></main>
            <footer>Imprint</footer></body></html>
            """;

    @ParameterizedTest
    @CsvSource({
        "UTF-8, caf\u00e9 \u20ac \u4e2d\u6587 \ud83d\ude00",
        "windows-1252, caf\u00e9 \u20ac",
        "ISO-8859-5, \u041f\u0440\u0438\u0432\u0435\u0442",
        "Shift_JIS, \u8868\u793a\u30bd\u30d5\u30c8",
        "EUC-JP, \u65e5\u672c\u8a9e",
        "ISO-2022-JP, \u65e5\u672c\u8a9e",
        "GBK, \u4e2d\u6587",
        "Big5, \u4e2d\u6587\u529f",
        "EUC-KR, \ud55c\uae00",
        "UTF-16LE, caf\u00e9 \u4e2d\ud83d\ude00",
        "UTF-16BE, \u043f\u0440",
    })
    void scan_inEachEncoding_findsTheSame(String encoding, String word) {
        ScannedPage page =
                Scans.scan(PAGE.formatted(word).getBytes(Charset.forName(encoding)), "text/html; charset=" + encoding);
        assertThat(page.title()).isEqualTo(word + " & more");
        assertThat(page.base()).isEqualTo("/b/");
        assertThat(page.canonical()).isEqualTo("/" + word);
        assertThat(page.directives()).isEqualTo(new Directives(false, true));
        assertThat(page.links())
                .containsExactly(
                        new Link("/" + word, "canonical", "", Kind.LINK),
                        new Link("/home", "", "Home", Kind.ANCHOR),
                        new Link("/" + word + "?a=1&b=2", "nofollow", word, Kind.ANCHOR),
                        new Link("x", "", "an anchor", Kind.ANCHOR),
                        new Link("/area", "", "", Kind.AREA),
                        new Link("/frame", "", "", Kind.FRAME));
        assertThat(page.headings()).isEqualTo("The " + word + " Part");
        assertThat(page.text()).isEqualTo("First " + word + ". Second line \u00a9 an anchor, end 1 2 3");
    }

    @Test
    void scan_whenBytesAreMalformed_readsThemAsTheDecoderDoes() {
        byte[] page = {
            '<',
            'a',
            ' ',
            'h',
            'r',
            'e',
            'f',
            '=',
            (byte) 0xe2,
            (byte) 0x82,
            '>',
            (byte) 0xf0,
            (byte) 0x9f,
            '<',
            'b',
            '>',
            (byte) 0x80,
            'c'
        };
        ScannedPage scanned = Scans.scan(page, "text/html; charset=utf-8");
        assertThat(scanned.links()).containsExactly(new Link("\ufffd", "", "\ufffd\ufffdc", Kind.ANCHOR));
        assertThat(scanned.text()).isEqualTo("\ufffd\ufffdc");
    }

    @Test
    void scan_whenACharacterContainsAnAsciiByte_doesNotTakeItForMarkup() {
        // In Shift_JIS, the second byte of these is a backslash, and in UTF-16, one byte of this is a bracket.
        assertThat(Scans.scan(
                                "<a href='\u8868'>".getBytes(Charset.forName("Shift_JIS")),
                                "text/html; charset=shift_jis")
                        .links())
                .extracting(Link::href)
                .containsExactly("\u8868");
        assertThat(Scans.scan("\u3c61\u613c<p>".getBytes(UTF_16BE), "text/html; charset=utf-16be")
                        .text())
                .isEqualTo("\u3c61\u613c");
    }

    @Test
    void scan_whenThereIsAByteOrderMark_beginsAfterIt() {
        assertThat(Scans.scan("\ufefftext".getBytes(UTF_8), "text/html").text()).isEqualTo("text");
    }

    @Test
    void scan_withoutText_findsTheRest() {
        byte[] body = PAGE.formatted("x").getBytes(UTF_8);
        ScannedPage scanned =
                new PageScanner("thrum", false).scan(body, PageEncoding.of(body, "text/html;charset=utf-8"));
        ScannedPage withText = Scans.scan(PAGE.formatted("x"));
        assertThat(scanned.text()).isEmpty();
        assertThat(scanned.headings()).isEmpty();
        assertThat(scanned.links()).isEqualTo(withText.links()).isNotEmpty();
        assertThat(scanned.title()).isEqualTo(withText.title());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<title>a</title><title>b</title> | a",
                "<title></title><title>b</title> | ''",
                "<svg><title>no</title></svg><title>yes</title> | yes",
                "<template><title>no</title></template><title>yes</title> | yes",
                "<p><title> in  \t the&nbsp;body</title> | in the\u00a0body",
                "<title>unfinished <b>x | unfinished <b>x",
                "<title>a\0b</title> | a\ufffdb",
                "<svg><foreignObject><title>HTML</title> | HTML",
            })
    void title_isThatOfTheDocument(String page, String title) {
        assertThat(Scans.scan(page).title()).isEqualTo(title);
    }

    @Test
    void title_whenThereIsNone_isNull() {
        assertThat(Scans.scan("<svg><title>x</title></svg>").title()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "<div><nav>no</div>yes | yes",
                "<nav><div>no</nav>yes | yes",
                "<nav><b>no</nav>yes | yes",
                "<nav><p><table><tr><td>no</nav>no</table>no</nav>yes | yes",
                "<form><div>no</form>no</div>yes | yes",
                "<form>no<form>no</form>yes | yes",
                "<table><form><tr><td>yes</form></table> | yes",
                "<aside>no<footer>no</footer>no</aside>yes | yes",
                "<template>no<template>no</template>no</template>yes | yes",
                "<svg><style>no</style><script>no</script>yes</svg> | yes",
                "<iframe>no</iframe><noembed>no</noembed><noframes>no</noframes>yes | yes",
                "<b><nav>no</b>no<i>no</nav>yes | yes",
                "a<b>b</b>c<i>d | abcd",
                "a<div>b</div>c | a b c",
                "a</div>b | ab",
                "a</p>b | a b",
                "<ul><li>a<li>b</ul> | a b",
                "a<template><p>no</p><br></template>b | ab",
                "a<my-element>b</my-element>c | abc",
                "<form><p>no<option>no</form>yes | yes",
                "<nav><select>no<input></nav>yes | yes",
                "<nav><select>no</nav>no</select></nav>yes | yes",
                "<noscript>shown</noscript> | shown",
                "<h1>no</h1>yes<h2>no</h3>yes | yes yes",
                "<h1>no<p>no</h1>yes | yes",
                "<h1>no<h2>no</h1>yes | yes",
            })
    void text_leavesOutWhatIsOnEachPage_whereverItEnds(String page, String text) {
        assertThat(Scans.text(page)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "<a href=1>x<a href=2>y</a>z | [1:x, 2:y]",
                "<a href=1>x<a name=n>y</a>z | [1:x]",
                "<a href=1><div>x</a>y</div> | [1:x]",
                "<div><a href=1>x</div>y</a>z | [1:x y]",
                "<td><a href=1>x | [1:x]",
                "<table><td><a href=1>x<td>y | [1:x]",
                "<table><td><a href=1>x</table>y | [1:x]",
                "<a href=1><table><td>x</table>y</a> | [1:x y]",
                "<a href=1><script>x</script><b>y</b> <img>z</a> | [1:y z]",
                "<svg><a href=1><text>x</text></a><a href=2>y</svg>z | [1:x, 2:y]",
                "<svg><a href=1/>x</svg> | [1/:x]",
                "<svg><a href=1 />x<a href=2>y<p>z | [1:, 2:y]",
                "<select><option><a href=1>x</a></select>y | [1:x]",
                "<a href=1>unfinished | [1:unfinished]",
                "<a href=1>x<template>y<a href=2>z</a></template></a> | [1:x]",
            })
    void links_haveTheTextUpToTheirEnd(String page, String texts) {
        assertThat(Scans.texts(page)).hasToString(texts);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "<frameset><frame src=1><frameset><frame src=2></frameset></frameset><frame src=no> | 1 2",
                "<head></head><frameset><a href=no><title>no</title><frame src=1> | 1",
                "<frameset><noframes><a href=no><frame src=no></noframes><frame src=1> | 1",
                "text<frameset><frame src=no></frameset> | ``",
                "<body><frameset><frame src=no></frameset><a href=1> | 1",
                "<img><frameset><frame src=no> | ``",
                "<input type=Hidden><frameset><frame src=1> | 1",
                "<input><frameset><frame src=no> | ``",
                "<template><frameset></template><a href=1> | 1",
                "<frame src=no><a href=1> | 1",
            })
    void links_ofFrames_countInFramesetsOnly(String page, String targets) {
        assertThat(Scans.targets(page)).isEqualTo(targets);
    }
}
