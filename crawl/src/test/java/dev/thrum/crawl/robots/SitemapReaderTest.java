package dev.thrum.crawl.robots;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.crawl.robots.SitemapReader.Outcome;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which entries documents of all kinds have. */
final class SitemapReaderTest {
    private static final String NAMESPACE = "xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"";

    private static Collected read(@Nullable String document) {
        return Collected.of(plain(document).getBytes(UTF_8));
    }

    /** A text with its characters that a table can't have. */
    private static String plain(@Nullable String text) {
        return text == null
                ? ""
                : text.replace("{n}", "\n")
                        .replace("{r}", "\r")
                        .replace("{t}", "\t")
                        .replace("{0}", "\0")
                        .replace("{m}", "\ufeff")
                        .replace("{f}", "\uffff");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // Sitemaps.
                "<urlset><url><loc>http://a/</loc></url></urlset>|http://a/",
                "<urlset " + NAMESPACE
                        + "><url><loc>a</loc><priority>1</priority></url><url><loc>b</loc></url></urlset>|a,b",
                "<s:urlset xmlns:s='x'><s:url><s:loc>a</s:loc></s:url></s:urlset>|a",
                "<x:urlset><y:url><z:loc>a</z:loc></y:url></x:urlset>|a",
                "<urlset xmlns='wrong'><url><loc>a</loc></url></urlset>|a",
                "<urlset><url><loc>{n}{t} a {r}{n}</loc></url></urlset>|a",
                "<urlset><url><loc><![CDATA[a?b&c]]></loc></url></urlset>|a?b&c",
                "<urlset><url><loc> <![CDATA[ a]]>b<![CDATA[]]> </loc></url></urlset>|ab",
                "<urlset><url><loc><![CDATA[a]]]]><![CDATA[>b]]></loc></url></urlset>|a]]>b",
                "<urlset><url><loc>a&amp;b&lt;&gt;&quot;&apos;&#65;&#x42;&#x1F600;</loc></url></urlset>|a&b<>\"'AB\ud83d\ude00",
                "<urlset><url><loc>a<!-- b -- > c -->d<?e f?></loc></url></urlset>|ad",
                "<urlset ><url a = \"'>\" b='\">'><loc{n}>a</loc{n}></url ></urlset >|a",
                "<urlset/>|",
                "<urlset></urlset>|",
                "<urlset><url/><url></url><url><lastmod>x</lastmod></url></urlset>|",
                "<urlset><url><lastmod>x</lastmod><loc>a</loc></url></urlset>|a",
                "<urlset><loc>a</loc><url><x><loc>b</loc></x></url><x><loc>c</loc></x></urlset>|",
                "<urlset><url><loc>a</loc><i:image><i:loc>b</i:loc></i:image><video:player_loc>c</video:player_loc></url></urlset>|a",
                "<urlset><url><loc>a</loc><xhtml:link rel='alternate' href='b'/></url></urlset>|a",
                // Indexes.
                "<sitemapindex><sitemap><loc>a</loc></sitemap><sitemap><loc> b</loc></sitemap></sitemapindex>|[a],[b]",
                "<sitemapindex " + NAMESPACE + "><sitemap><loc>a</loc><lastmod/></sitemap></sitemapindex>|[a]",
                "<urlset><sitemap><loc>a</loc></sitemap><url><loc>b</loc></url></urlset>|[a],b",
                // Prolog and end.
                "<?xml version='1.0' encoding='UTF-8'?><!-- <urlset> -->{n}<urlset><url><loc>a</loc></url></urlset>{n}|a",
                " {n}<?xml version='1.0'?><urlset><url><loc>a</loc></url></urlset>|a",
                "{m}<?xml version='1.0'?><urlset><url><loc>a</loc></url></urlset>|a",
                "<?xml-stylesheet href='http://x/'?><urlset><url><loc>a</loc></url></urlset>|a",
                "<!DOCTYPE urlset><urlset><url><loc>a</loc></url></urlset>|a",
                "<!DOCTYPE urlset SYSTEM 'http://x/>'><urlset><url><loc>a</loc></url></urlset>|a",
                "<!DOCTYPE urlset [<!ENTITY x \"]>\"><!-- it's > ]> --><?x '>?>]><urlset><url><loc>a</loc></url></urlset>|a",
                "<!DOCTYPE urlset [<!ELEMENT loc (#PCDATA)> %x; <!ATTLIST loc a CDATA '>'>]><urlset><url><loc>a</loc></url></urlset>|a",
                "<urlset><url><loc>a</loc></url></urlset><urlset><url><loc>b</loc></url></urlset>|a",
                "<urlset><url><loc>a</loc></url></urlset>{0}<script>|a",
                // Feeds.
                "<rss><channel><link>x</link><item><title>t</title><link>a</link></item><item><link>b</link></item></channel></rss>|a,b",
                "<rss><channel><atom:link href='x'/><item><atom:link href='y' rel='self'/><link> a </link></item></channel></rss>|a",
                "<rss><channel><image><link>x</link></image><item><link>a</link><source><link>y</link></source></item></channel></rss>|a",
                "<rss><channel><item><guid>http://a/</guid></item></channel></rss>|http://a/",
                "<rss><channel><item><guid isPermaLink='true'>HTTPS://a/</guid></item></channel></rss>|HTTPS://a/",
                "<rss><channel><item><guid>http://g/</guid><link>http://a/</link></item></channel></rss>|http://a/",
                "<rss><channel><item><guid isPermaLink='false'>http://g/</guid></item></channel></rss>|",
                "<rss><channel><item><guid>tag:x,1</guid></item><item><guid>urn:http://</guid></item></channel></rss>|",
                "<rss><channel><item><link/><link>a</link><link>b</link></item><item/></channel></rss>|a",
                "<rdf:RDF><channel><link>x</link></channel><item><link>a</link></item></rdf:RDF>|a",
                "<feed><link href='x'/><entry><link href='a'/></entry><entry><link rel='alternate' href=' b '></link></entry></feed>|a,b",
                "<feed><entry><link rel='self' href='x'/><link rel='edit' href='y'/><link href='a?b&amp;c'/></entry></feed>|a?b&c",
                "<a:feed><a:entry><a:link a:href='x' href='a'/><a:content><b><a:link href='y'/></b></a:content></a:entry></a:feed>|a",
                // Text.
                "http://a/|http://a/",
                "http://a/{n}https://b/c d{r}{n}{r}{n} HTTP://c/ {r}http://d/{n}|http://a/,https://b/c d,HTTP://c/,http://d/",
                "{m}http://a/{n}http://b/|http://a/,http://b/",
                "# pages{n}http://a/{n}ftp://b/{n}/c{n}http://d/|http://a/,http://d/",
            })
    void document_ofAnyKind_isRead(@Nullable String document, @Nullable String entries) {
        Collected read = read(document);
        assertThat(String.join(",", read.entries())).isEqualTo(entries == null ? "" : entries);
        assertThat(read.end().outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(read.end().reason()).isEmpty();
        assertThat(read.end().entries()).isEqualTo(read.entries().size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "|",
                "   |",
                "Not found|",
                "{\"urls\": [\"http://a/\"]}|",
                "<!DOCTYPE html><urlset><url><loc>a</loc></url></urlset>|",
                "{n}<!doctype HTML>{n}<html><loc>a</loc></html>|",
                "<html><body><urlset><url><loc>a</loc></url></urlset></body></html>|",
                "<?xml version='1.0'?><!DOCTYPE html><html><head/></html>|",
                "<other><url><loc>a</loc></url></other>|",
                "<URLSET><url><loc>a</loc></url></URLSET>|",
                "<|",
                "<urlset|",
                "<urlset><url><loc>a|",
                "<urlset><url><loc>a</loc>|a",
                "<urlset><url><loc>a</loc></url>|a",
                "<urlset><url><loc>a</loc></url><url><loc>b</url></urlset>|a",
                "<urlset><url><loc>a</loc></urlset>|a",
                "<urlset><url><loc>a</loc></url><url><loc>b?c&d</loc></url></urlset>|a",
                "<urlset><url><loc>a</loc></url><url><loc>b&nbsp;</loc></url></urlset>|a",
                "<urlset><url><loc>a</loc></url>&#0;<url><loc>b</loc></url></urlset>|a",
                "<urlset><url><loc>a</loc></url>{0}<url><loc>b</loc></url></urlset>|a",
                "<urlset><url><loc>a</loc></url>{f}<url><loc>b</loc></url></urlset>|a",
                "<urlset><url><loc>a</loc></url><url b=c><loc>b</loc></url></urlset>|a",
                "<urlset><url><loc>a</loc></url><url b><loc>b</loc></url></urlset>|a",
                "<urlset><url><loc>a</loc></url><url b='<'><loc>b</loc></url></urlset>|a",
                "<urlset><url><loc>a</loc></url>< url><loc>b</loc></url></urlset>|a",
                "<urlset><url><loc>a</loc></url><1><loc>b</loc></url></urlset>|a",
                "<urlset><url><loc>a</loc></url><!x><url><loc>b</loc></url></urlset>|a",
                "<urlset><url><loc>a</loc></url><!DOCTYPE x><url><loc>b</loc></url></urlset>|a",
                "<urlset><url><loc>a</loc></url></x></urlset>|a",
                "x<urlset><url><loc>a</loc></url></urlset>|",
                "<!-- x --> x <urlset><url><loc>a</loc></url></urlset>|",
                "<!-- <urlset><url><loc>a</loc></url></urlset>|",
                "<!DOCTYPE x [<urlset><url><loc>a</loc></url></urlset>|",
                "<![CDATA[x]]><urlset><url><loc>a</loc></url></urlset>|",
                "</urlset><urlset><url><loc>a</loc></url></urlset>|",
                "<rss><channel><item><link>a</link></item><item><link>b</link>|a",
                "<feed><entry><link href='a'/><link href='b'/>|a,b",
            })
    void document_withAFault_hasWhatPrecedesIt(@Nullable String document, @Nullable String entries) {
        Collected read = read(document);
        assertThat(String.join(",", read.entries())).isEqualTo(entries == null ? "" : entries);
        assertThat(read.end().outcome()).isEqualTo(Outcome.FAULTY);
        assertThat(read.end().reason()).startsWith("expected ").doesNotContainPattern("\\p{Cc}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "ISO-8859-1", "windows-1251", "Shift_JIS", "EUC-KR", "GB18030", "UTF-16"})
    void encoding_ofTheDeclaration_counts(String name) {
        Charset charset = Charset.forName(name);
        String loc = charset.newEncoder().canEncode('é') ? "http://a/é" : "http://a/б";
        String document =
                "<?xml version='1.0' encoding='" + name + "'?><urlset><url><loc>" + loc + "</loc></url></urlset>";
        assertThat(Collected.of(document.getBytes(charset)).entries()).containsExactly(loc);
    }

    @Test
    void encoding_ofTheBytes_countsMore() {
        String loc = "http://a/é\u30c4";
        for (String name : new String[] {"UTF-8", "UTF-16", "ISO-8859-1", "UTF-32", "none", "IBM037"}) {
            String document = "<?xml version=\"1.0\" encoding = \"" + name + "\" ?><urlset><url><loc>" + loc
                    + "</loc></url></urlset>";
            assertThat(Collected.of(document.getBytes(UTF_16)).entries()).containsExactly(loc);
            assertThat(Collected.of(document.getBytes(UTF_16BE)).entries()).containsExactly(loc);
            assertThat(Collected.of(document.getBytes(UTF_16LE)).entries()).containsExactly(loc);
            if (!name.startsWith("ISO")) {
                assertThat(Collected.of(document.getBytes(UTF_8)).entries())
                        .as(name)
                        .containsExactly(loc);
            }
        }
        assertThat(Collected.of("\ufeffhttp://a/é\nhttp://b/".getBytes(UTF_16LE))
                        .entries())
                .containsExactly("http://a/é", "http://b/");
    }

    @Test
    void brokenBytes_inAnEntry_doNoHarmToOthers() {
        byte[] document = "<urlset><url><loc>a\u00e9</loc></url><url><loc>b</loc></url></urlset>".getBytes(ISO_8859_1);
        assertThat(Collected.of(document).entries()).containsExactly("a\ufffd", "b");
    }

    @Test
    void entry_thatIsTooLongOrEmpty_isDropped() {
        String longest = "http://a/" + "b".repeat(2_039);
        for (String space : List.of("", " ", "\n".repeat(5_000))) {
            Collected read = read("<urlset><url><loc>" + space + longest + space + "</loc></url><url><loc>" + longest
                    + "c</loc></url><url><loc> </loc></url><url><loc>c</loc></url></urlset>");
            assertThat(read.entries()).containsExactly(longest, "c");
            assertThat(read.end()).isEqualTo(new SitemapReader.End(Outcome.COMPLETE, 2, 2, ""));
        }
        assertThat(read(longest + "\n" + longest + "c\nx\nhttp://c/").end())
                .isEqualTo(new SitemapReader.End(Outcome.COMPLETE, 2, 2, ""));
        assertThat(read("<feed><entry><link href='" + longest + "c'/><link href=''/><link href='d'/></entry></feed>"))
                .isEqualTo(new Collected(List.of("d"), new SitemapReader.End(Outcome.COMPLETE, 1, 2, "")));
        assertThat(read("<rss><item><link>" + longest + "c</link></item><item><link>d</link></item></rss>"))
                .isEqualTo(new Collected(List.of("d"), new SitemapReader.End(Outcome.COMPLETE, 1, 1, "")));
    }

    @Test
    void gzip_withAnyNameAndType_isUnpacked() {
        for (String document : List.of("<urlset><url><loc>http://a/</loc></url></urlset>", "http://a/")) {
            byte[] once = Collected.gzip(document.getBytes(UTF_8));
            byte[] twice = Collected.gzip(once);
            assertThat(Collected.of(once).entries()).containsExactly("http://a/");
            assertThat(Collected.of(twice).entries()).containsExactly("http://a/");
            assertThat(Collected.of(Collected.gzip(twice)).end().outcome()).isEqualTo(Outcome.FAULTY);
        }
    }

    @Test
    void gzip_withOtherBytesAfterIt_isRead() {
        byte[] packed = Collected.gzip("http://a/\n".getBytes(UTF_8));
        for (byte[] garbage : new byte[][] {{0}, new byte[600], "garbage".getBytes(UTF_8), {0x1f}}) {
            Collected read = Collected.of(joined(packed, garbage));
            assertThat(read.entries()).containsExactly("http://a/");
            assertThat(read.end().outcome()).isEqualTo(Outcome.COMPLETE);
        }
        assertThat(Collected.of(joined(packed, Collected.gzip("http://b/".getBytes(UTF_8))))
                        .entries())
                .containsExactly("http://a/", "http://b/");
    }

    static byte[] joined(byte[] first, byte[] second) {
        byte[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }
}
