package dev.thrum.crawl.html;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The states of the standard's tokenizer (HTML, 13.2.5), each by a page whose links or text tell whether it is followed. */
final class TokenizerStatesTest {
    private static final String NEXT = "<a href=next>";

    /** Pages with the targets that they have. */
    static Stream<Arguments> links() {
        return Stream.of(tags(), attributes(), references(), comments(), elements(), foreign())
                .flatMap(List::stream);
    }

    private static List<Arguments> tags() {
        return List.of(
                arguments("tag open: not a letter", "<1a href=x><  a href=x>" + NEXT, "next"),
                arguments("tag open: end of file", "<", ""),
                arguments("tag open: question mark", "<?a href=x" + NEXT + NEXT, "next"),
                arguments("end tag open: nothing", "</>" + NEXT, "next"),
                arguments("end tag open: not a letter", "</ a href=x" + NEXT + NEXT, "next"),
                arguments("tag name: any case", "<A HREF=Next>", "Next"),
                arguments("tag name: slash", "<a/href=next>", "next"),
                arguments("tag name: form feed", "<a\fhref=next>", "next"),
                arguments("tag name: NUL", "<a\0 href=x>", ""),
                arguments("tag name: longer", "<ab href=x><a-b href=x><a:b href=x><ahref=x>", ""),
                arguments("end of file in a tag name", "<a", ""),
                arguments("end of file before a bracket", "<a href=x", ""),
                arguments("end of file after a slash", "<a href=x /", ""),
                arguments("end of file in a quoted value", "<a href=\"x>" + NEXT, ""),
                arguments("end tag with attributes", "</a href=x>" + NEXT, "next"));
    }

    private static List<Arguments> attributes() {
        return List.of(
                arguments("before name: equals sign", "<a =href=x href=next>", "next"),
                arguments("name: NUL", "<a hr\0ef=x href=next>", "next"),
                arguments("name: any case", "<a HrEf=next>", "next"),
                arguments("name: quotes and bracket in it", "<a \"<'=x href=next>", "next"),
                arguments("name: prefix", "<a xlink:href=x><a hre=x><a href2=x>", ""),
                arguments("after name: white space", "<a href \n=\t next>", "next"),
                arguments("after name: another name", "<a x href=next>", "next"),
                arguments("without a value", "<a href>", ""),
                arguments("missing value", "<a href=><a href= >", " "),
                arguments("double quotes", "<a href=\"a'b> c\">", "a'b> c"),
                arguments("single quotes", "<a href='a\"b> c'>", "a\"b> c"),
                arguments("unquoted: quotes and slash in it", "<a href=a\"b'c<d=e`/>", "a\"b'c<d=e`/"),
                arguments("unquoted: ends at white space", "<a href=a/\nb>", "a/"),
                arguments("after quotes: no white space", "<a x=\"1\"href=\"next\"y>", "next"),
                arguments("after quotes: slash", "<a x='1'/href=next>", "next"),
                arguments("slash that closes nothing", "<a / href=next / >", "next"),
                arguments("duplicate: the first counts", "<a href=next HREF=x>", "next"),
                arguments("duplicate: the first counts, without a value", "<a href href=x>", ""),
                arguments("value: NUL", "<a href='a\0b'><a href=a\0b>", "a\ufffdb a\ufffdb"));
    }

    private static List<Arguments> references() {
        return List.of(
                arguments("named", "<a href='?a&amp;b&lt;&ouml;'>", "?a&b<\u00f6"),
                arguments("named: without a semicolon", "<a href='?a&amp b&copy'>", "?a& b\u00a9"),
                arguments("named: equals sign after it", "<a href='?a&copy=1&amp=2'>", "?a&copy=1&amp=2"),
                arguments("named: letter or digit after it", "<a href='?a&copyx&lt1&notit;'>", "?a&copyx&lt1&notit;"),
                arguments("named: only with a semicolon", "<a href='?a&lang&lang;'>", "?a&lang\u27e8"),
                arguments("named: two characters", "<a href='&NotEqualTilde;'>", "\u2242\u0338"),
                arguments("named: the longest", "<a href='&CounterClockwiseContourIntegral;'>", "\u2233"),
                arguments("named: of any case", "<a href='&AMP;&Amp;'>", "&&Amp;"),
                arguments("unknown", "<a href='&nosuch;&;&&'>", "&nosuch;&;&&"),
                arguments("unquoted", "<a href=&#97;&amp;b>", "a&b"),
                arguments("decimal, hexadecimal", "<a href='&#97;&#x62;&#X63;'>", "abc"),
                arguments("number: without a semicolon", "<a href='&#97&#x62g'>", "abg"),
                arguments("number: no digits", "<a href='&#&#;&#x;&#xg;'>", "&#&#;&#x;&#xg;"),
                arguments(
                        "number: null, surrogate, too large",
                        "<a href='&#0;&#xD800;&#x110000;&#99999999999;'>",
                        "\ufffd".repeat(4)),
                arguments("number: of windows-1252", "<a href='&#128;&#x9f;&#x81;'>", "\u20ac\u0178\u0081"),
                arguments("number: outside of the basic plane", "<a href='&#x1f600;'>", "\ud83d\ude00"),
                arguments("number: as markup", "&#60;a href=x>", ""),
                arguments("in a name", "<&#97; href=x><a &#104;ref=x>", ""));
    }

    private static List<Arguments> comments() {
        return List.of(
                arguments("comment", "<!-- <a href=x> -->" + NEXT, "next"),
                arguments("comment start: bracket", "<!-->" + NEXT, "next"),
                arguments("comment start dash: bracket", "<!--->" + NEXT, "next"),
                arguments("comment end", "<!---->" + NEXT, "next"),
                arguments("comment end: more dashes", "<!------->" + NEXT, "next"),
                arguments("comment end dash: one", "<!--a->" + NEXT + "-->", ""),
                arguments("comment end bang", "<!--a--!>" + NEXT, "next"),
                arguments("comment end bang: dashes overlap", "<!---!>" + NEXT + "-->", ""),
                arguments("comment end bang: not the end", "<!--a--!-->" + NEXT, "next"),
                arguments("comment end: white space", "<!--a-- >" + NEXT + "-->", ""),
                arguments("comment: nested", "<!-- <!-- -->" + NEXT + " -->", "next"),
                arguments("comment: nested and abrupt", "<!-- <!-->" + NEXT, "next"),
                arguments("comment: end of file", "<!-- " + NEXT, ""),
                arguments("bogus comment", "<! a \"" + NEXT + NEXT, "next"),
                arguments("bogus comment: one dash", "<!- " + NEXT + NEXT, "next"),
                arguments("doctype: bracket in quotes", "<!DOCTYPE html PUBLIC \"a>" + NEXT, "next"),
                arguments("doctype: unfinished", "<!doctype", ""),
                arguments("section outside of foreign content", "<![CDATA[>" + NEXT + "]]>", "next"));
    }

    private static List<Arguments> elements() {
        return List.of(
                arguments("RCDATA", "<title><a href=x></title>" + NEXT, "next"),
                arguments(
                        "RCDATA: another end tag",
                        "<textarea></text></textareas></title><a href=x></textarea>" + NEXT,
                        "next"),
                arguments("RCDATA: end tag with attributes", "<title>a</TITLE\n x='>'/>" + NEXT, "next"),
                arguments("RAWTEXT", "<style><a href=x></style>" + NEXT, "next"),
                arguments(
                        "RAWTEXT: noembed, noframes, xmp",
                        "<noembed><a href=x></noembed><noframes><a href=x></noframes>" + "<xmp><a href=x></xmp>" + NEXT,
                        "next"),
                arguments("RAWTEXT: iframe", "<iframe src=f><a href=x></iframe>" + NEXT, "f next"),
                arguments("RAWTEXT: comments mean nothing", "<style><!-- </style>" + NEXT, "next"),
                arguments("noscript is markup", "<noscript>" + NEXT + "</noscript>", "next"),
                arguments("plaintext", NEXT + "<plaintext></plaintext><a href=x>", "next"),
                arguments("script", "<script>'<a href=x>'</script>" + NEXT, "next"),
                arguments("script: end tag in a string", "<script>'</script>'" + NEXT, "next"),
                arguments("script escaped", "<script><!-- <a href=x> </script>" + NEXT, "next"),
                arguments("script escaped: at once ended", "<script><!--><script></script>" + NEXT, "next"),
                arguments("script double escaped", "<script><!-- <script> </script> <a href=x>", ""),
                arguments("script double escaped: ended", "<script><!-- <script></script> </script>" + NEXT, "next"),
                arguments("script double escaped: comment ended", "<script><!-- <script> --></script>" + NEXT, "next"),
                arguments("script double escaped: other name", "<script><!-- <scripts> </script>" + NEXT, "next"),
                arguments("script double escaped: slash", "<script><!-- <script/ </script> <a href=x>", ""),
                arguments(
                        "script double escaped: end tag in any case",
                        "<script><!-- <SCRIPT > </Script\f </script>" + NEXT,
                        "next"),
                arguments("script: not quite escaped", "<script><!- <script></script>" + NEXT, "next"),
                arguments("raw text: end of file in its end tag", "<style></style a=\"" + NEXT, ""));
    }

    private static List<Arguments> foreign() {
        return List.of(
                arguments("section", "<svg><![CDATA[<a href=x>]]]>" + NEXT, "next"),
                arguments("section: end of file", "<svg><![CDATA[<a href=x>]]", ""),
                arguments("section: in lower case", "<svg><![cdata[>" + NEXT, "next"),
                arguments("section: after foreign content", "<svg></svg><![CDATA[>" + NEXT, "next"),
                arguments("title of SVG is markup", "<svg><title>" + NEXT + "</title></svg>", "next"),
                arguments("style of SVG is markup", "<svg><style>" + NEXT + "</style></svg>", "next"),
                arguments("anchor of SVG", "<svg>" + NEXT + "<a xlink:href=x></svg>", "next"),
                arguments("no other links of SVG", "<svg><link href=x><area href=x><iframe src=x></iframe></svg>", ""),
                arguments(
                        "HTML in SVG",
                        "<svg><foreignObject><link href=next></foreignObject><link href=x></svg>",
                        "next"),
                arguments("HTML ends SVG", "<svg><p><link href=next>", "next"),
                arguments("a font without attributes is of SVG", "<svg><font><link href=x>", ""),
                arguments("a font with a size ends SVG", "<svg><font size=1><link href=next>", "next"),
                arguments("text of MathML", "<math><mi><link href=next></mi><link href=x></math>", "next"),
                arguments("annotation", "<math><annotation-xml><link href=x></math>", ""),
                arguments(
                        "annotation in HTML",
                        "<math><annotation-xml encoding=Text/HTML><link href=next></math>",
                        "next"),
                arguments("SVG in an annotation", "<math><annotation-xml><svg><desc><link href=next>", "next"),
                arguments("self-closing SVG", "<svg/><link href=next>", "next"),
                arguments("self-closing elements of SVG", "<svg><g/></svg><link href=next>", "next"),
                arguments("unclosed elements of SVG", "<svg><g><path></svg><link href=next>", "next"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("links")
    void scan_inEachState_findsTheLinksOfTheStandard(String state, String page, String expected) {
        assertThat(Scans.targets(page)).as("%s: %s", state, page).isEqualTo(expected);
    }

    /** Pages with the text that they have. */
    static Stream<Arguments> texts() {
        return Stream.of(
                arguments("a <b", "a"),
                arguments("a < b <3 <", "a < b <3 <"),
                arguments("a</", "a</"),
                arguments("a</>b", "ab"),
                arguments("a\0b", "ab"),
                arguments(
                        "a &lt; b &lt b &notit; &notin; &ampx &nosuch; &", "a < b < b \u00acit; \u2209 &x &nosuch; &"),
                arguments("&#32;a&#32;&#x20;b&nbsp;&nbsp;c", "a b\u00a0\u00a0c"),
                arguments("<svg>a\0b</svg>", "a\ufffdb"),
                arguments("<svg><![CDATA[&amp;<b>]]></svg>", "&amp;<b>"),
                arguments("<math><mi>a<![CDATA[\0&amp;b]]></mi><![CDATA[\0]]></math>", "a&amp;b\ufffd"),
                arguments("<textarea>&amp;<b>\0</textarea>c", "&<b>\ufffd c"),
                arguments("<xmp>&amp;<b></xmp>c", "&amp;<b> c"),
                arguments("a<plaintext>&amp;<b></plaintext>", "a &amp;<b></plaintext>"),
                arguments("<title>no</title>a<script>no</script>b<style>no</style>c", "abc"),
                arguments("a<!-- no -->b", "ab"));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void scan_ofText_findsTheTextOfTheStandard(String page, String expected) {
        assertThat(Scans.text(page)).isEqualTo(expected);
    }

    @Test
    void scan_whenThePageEndsAnywhere_findsWhatIsComplete() {
        String page =
                "<!doctype html><title>t&amp;</title><base href='b'><!--c--><a href=\"x&amp;\" rel=y>z</a><script>s</script>"
                        + "<svg><![CDATA[d]]></svg>&#x41;";
        ScannedPage whole = Scans.scan(page);
        for (int end = 0; end <= page.length(); end++) {
            ScannedPage part = Scans.scan(page.substring(0, end));
            assertThat(part.links().stream().map(Link::href)).isSubsetOf(List.of("x&"));
            assertThat(part.base()).isIn(null, "b");
            assertThat(whole.text()).startsWith(part.text().replaceAll("(<|</|\\]+|&#?x?|\u0004)$", ""));
        }
        assertThat(whole.title()).isEqualTo("t&");
        assertThat(whole.text()).isEqualTo("z d A");
    }
}
