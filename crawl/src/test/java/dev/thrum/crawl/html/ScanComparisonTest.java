package dev.thrum.crawl.html;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.testkit.scripted.Mutations;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Scans against jsoup's trees, on pages of fragments put together at random. Fragments on which jsoup departs from the standard
 * are left out here; {@link JsoupDepartureTest} has them.
 */
final class ScanComparisonTest {
    /** Headings end the ones before them: with formatting opened again in those, their start tags alone would not. */
    private static final List<String> MARKUP = fragments("""
            <a href="/§">¦<a href='/§' rel="NoFollow  x">¦<A HREF=/§ >¦<a\nhref\n=\n"/§"\n>¦<a name=x>¦</a>¦\
            </a>¦</A x=1>¦<a href=/§/>¦<a href="/§?a=1&amp;b=2&copy=3&copy;&notit;&not">¦\
            <a href=/§&#x41;&#65&#0;&#x80;&#x110000;>¦<a href=/§ href=/no>¦<a title='>' href=/§>¦\
            <a/href=/§>¦<a =x href=/§>¦<a x= href=/§>¦<a x="1"href=/§>¦<a x='1'y='2' href="/§"/>¦\
            <a "='" href="/§">¦<a href="/§ '<>\n">¦<a href="/§\0">¦<a hr\0ef=/§>¦<a\0 href=/§>¦\
            <area href=/§ rel=a>¦<link href=/§ rel="Canonical x">¦<link rel=stylesheet href='/§'>¦<link rel=x>¦\
            <iframe src=/§><a href=/no></iframe>¦<iframe src=/§>¦</iframe>¦<frame src=/no>¦\
            <meta http-equiv=Refresh content='5; URL="/§"'>¦<meta http-equiv=refresh content=5>¦\
            <meta name=robots content='noindex'>¦<meta name=THRUM content='x, NoFollow'>¦\
            <meta name=other content=none>¦<base href="/§">¦<base target=x>¦<base href>¦<p>¦</p>¦\
            <p class="a b">¦<div>¦</div>¦<div id=x>¦</div>¦<span>¦</span>¦<b>¦</b>¦<i>¦</i>¦<em>¦</em>¦<nobr>¦\
            </nobr>¦<ul>¦<li>¦</li>¦</ul>¦<dl>¦<dt>¦<dd>¦</dd>¦</dl>¦</h2><h1>¦</h1>¦</h1><h2>¦</h3>¦<br>¦</br>¦<hr>¦\
            <img src=x>¦<input>¦<wbr>¦<nav>¦</nav>¦<header>¦</header>¦<footer>¦</footer>¦<aside>¦</aside>¦\
            <section>¦</section>¦<article>¦</article>¦<main>¦</main>¦<button>¦</button>¦<pre>¦</pre>¦\
            <blockquote>¦</blockquote>¦<center>¦<object>¦</object>¦<my-x>¦</my-x>¦<x:y>¦</x:y>¦\
            <html lang=a>¦<head>¦</head>¦<body class=x>¦<textarea>¦</textarea>¦\
            <textarea>a<p>&amp;</textarea>¦<xmp>¦</xmp>¦<noembed>¦</noembed>¦<style>¦</style>¦\
            <style><a href=/no></style>¦</plaintext>\
            """);

    private static final List<String> TITLES = fragments("""
            <title>¦</title>¦<title>a §</title>¦<TITLE x>b &amp; § </tit</TITLE >¦\
            <title> \n a  &nbsp; </title/>¦<title><!-- </title> -->¦<title></title>¦</title\
            """);

    private static final List<String> TEXT = fragments("""
            word¦a b¦ \n\t ¦\r\n¦&amp;¦&lt;¦&¦& ¦&#¦&#x¦&#x41;¦&#65¦&#128;¦&#0;¦&nosuch;¦&notin;¦&notit;¦\
            &ampx¦&copy¦&NotEqualTilde;¦&CounterClockwiseContourIntegral;¦&nbsp;¦<¦< a¦<<¦<>¦</>¦</ a>¦<3¦\
            <?php a > b¦<!x>¦<!>¦\0¦\u00e4¦\u4e2d\u6587¦\ud83d\ude00¦LONG¦>¦"¦'¦=¦/¦-\
            """);

    private static final List<String> COMMENTS = fragments("""
            <!-- x -->¦<!-->¦<!--->¦<!---->¦<!--¦-->¦--!>¦<!--a--!>¦<!-- <!-- -->¦<!--a->b-->¦<!--a--b-->¦\
            <!-- <a href=/no> -->¦<!---!>¦<!-- --! > -->¦<!doctype html>¦<!DOCTYPE a ">">¦<!-¦<![CDATA[¦]]>¦\
            <![CDATA[x]]>¦<![CDATA[<a href=/no>]]>\
            """);

    private static final List<String> SCRIPTS = fragments("""
            <script>¦</script>¦<script>x</script>¦<script><a href=/no></script>¦</script >¦</scripty>¦\
            <script><!--¦<script><!-- <script>¦<script><!--</script>¦\
            <script><!-- <script> </script> --></script>¦<script><!--><script></script>¦\
            <script><!-- <script </script>¦<script><!--<script/></script></script>¦<script><!-- --!> </script>¦\
            <SCRIPT src=x></SCRIPT>¦</script¦<script><!-<a></script>\
            """);

    /**
     * Without a font or an anchor that stays open: in HTML, they are formatting. What is around HTML
     * comes with its root, since jsoup confuses it with elements of HTML of the same name.
     */
    private static final List<String> FOREIGN = fragments("""
            <svg>¦</svg>¦<svg/>¦<g>¦</g>¦<path d=x/>¦<svg><desc>¦</desc>¦<svg><foreignObject>¦</foreignobject>¦\
            <title>¦</title>¦<svg><title>s</title>¦<svg><g><title>¦<svg><a href=/§>a</a>¦<svg><a xlink:href=/no></a>¦<math>¦\
            </math>¦<math><mi>¦</mi>¦<math><g><mtext>¦</mtext>¦<mglyph>¦<malignmark/>¦<math><annotation-xml>¦\
            <math><annotation-xml encoding=text/html>¦</annotation-xml>¦<svg><font></font>¦<svg><font color=x></font>¦\
            </font>¦<svg><style>¦<![CDATA[a<b>c]]>\
            """);

    /** With the ends of the body, after which jsoup moves white space. */
    private static final List<String> TABLES = fragments("""
            <table>¦</table>¦<tr>¦</tr>¦<td>¦</td>¦<th>¦<tbody>¦</tbody>¦<thead>¦<tfoot>¦<caption>¦</caption>¦\
            <col>¦<colgroup>¦</body>¦</html>\
            """);

    /** Without formatting elements, whose ends would move what is in a form that has ended. */
    private static final List<String> FORMS = fragments("""
            <form>¦</form>¦<form>¦</form>¦<div>¦</div>¦<nav>¦</nav>¦<p>¦</p>¦<span>¦</span>¦\
            <option>¦</option>¦<h1>¦</h1>¦<button>¦</button>¦<ul><li>¦</ul>\
            """);

    /** Without formatting elements, whose reopening would move options. */
    private static final List<String> SELECTS = fragments("""
            <select>¦</select>¦<select>¦</select>¦<option>¦</option>¦<optgroup>¦</optgroup>¦<hr>¦<input>¦<p>¦</p>¦\
            <div>¦</div>¦<nav>¦</nav>¦<button>¦</button>¦<area href=/§>¦<ul><li>¦</ul>¦<textarea>x</textarea>\
            """);

    private static final List<String> WORDS = List.of("a", "b", "&amp;", " ");

    private static final List<String> TEMPLATES = fragments("""
            <template>¦</template>¦<template><a href=/no></template>\
            """);

    /** Formatting elements that a mutation makes. */
    private static final Pattern FORMATTING = Pattern.compile("(?i)<[abisu][\\s/>]");

    /** What is around HTML, of which a mutation has taken the root. */
    private static final Pattern WITHOUT_ROOT =
            Pattern.compile("(?i)(?<!<svg>|<math>|<math><g>)<(desc|foreignobject|mi|mtext|annotation-xml)\\b");

    private static final int PAGES = 3_000;
    private static final int PAGES_IN_SOAK = 300_000;

    private static List<String> fragments(String joined) {
        return List.of(joined.split("¦", -1));
    }

    /** Pages of fragments of these kinds. Each target in them is another one. */
    private static final class Pages {
        private final SplittableRandom random;
        private final List<List<String>> kinds;
        private final Predicate<String> isKept;
        private int number;

        Pages(long seed, List<List<String>> kinds) {
            this(seed, kinds, _ -> true);
        }

        Pages(long seed, List<List<String>> kinds, Predicate<String> isKept) {
            this.random = new SplittableRandom(seed);
            this.kinds = kinds;
            this.isKept = isKept;
        }

        String next() {
            String page = any();
            while (!isKept.test(page)) {
                page = any();
            }
            return page;
        }

        private String any() {
            StringBuilder page = new StringBuilder();
            int fragments = 1 + random.nextInt(random.nextInt(4) == 0 ? 60 : 12);
            for (int i = 0; i < fragments; i++) {
                List<String> kind = kinds.get(random.nextInt(kinds.size()));
                page.append(kind.get(random.nextInt(kind.size()))
                        .replace("§", "t" + number++)
                        .replace("LONG", "x".repeat(250)));
            }
            for (int i = random.nextInt(3); i > 0; i--) {
                mutate(page);
            }
            // Half a pair of surrogates is no text. To jsoup, a NUL after the space after a name belongs to the name.
            return new String(page.toString().getBytes(UTF_8), UTF_8).replaceAll("\\s\0+", " ");
        }

        private void mutate(StringBuilder page) {
            int at = random.nextInt(page.length() + 1);
            int end = Math.min(page.length(), at + 1 + random.nextInt(3));
            switch (random.nextInt(4)) {
                case 0 -> page.delete(at, end);
                case 1 -> page.insert(at, "<>/=\"'!-& \0?a".charAt(random.nextInt(13)));
                case 2 -> page.setLength(at);
                default -> page.replace(at, end, "<>/=\"'!-& \0?a".substring(random.nextInt(13)));
            }
        }
    }

    @Test
    void scan_ofTagsAndText_equalsTheTree() {
        compare(new Pages(1, List.of(MARKUP, MARKUP, TEXT)), true);
    }

    @Test
    void scan_ofTitlesCommentsAndScripts_equalsTheTree() {
        compare(new Pages(2, List.of(MARKUP, TITLES, COMMENTS, SCRIPTS, TEXT)), true);
    }

    @Test
    void scan_ofForeignElements_equalsTheTree() {
        List<String> markup = MARKUP.stream().filter(tag -> !isFormatting(tag)).toList();
        List<List<String>> kinds = List.of(markup, FOREIGN, FOREIGN, COMMENTS, TEXT);
        compare(new Pages(3, kinds, page -> !WITHOUT_ROOT.matcher(page).find()), true);
    }

    /** Whether it opens what the tree opens again after its end, so that it prevents the end of foreign elements. */
    private static boolean isFormatting(String tag) {
        return tag.matches("(?is)<(a[^r]|b>|i>|em|nobr).*");
    }

    @Test
    void scan_ofTables_findsTheSameLinks() {
        compare(new Pages(4, List.of(MARKUP, TABLES, TABLES, TEXT)), false);
    }

    @Test
    void scan_ofTemplates_equalsTheTree() {
        // An open object takes along the end of the formatting in a template, so that it goes on after it.
        List<String> markup =
                MARKUP.stream().filter(tag -> !tag.equals("<object>")).toList();
        compare(new Pages(5, List.of(markup, TITLES, TEMPLATES, TEMPLATES, TEXT)), true);
    }

    private static boolean hasNoFormatting(String page) {
        return !FORMATTING.matcher(page).find();
    }

    @Test
    void scan_ofForms_equalsTheTree() {
        compare(new Pages(6, List.of(FORMS, FORMS, WORDS), ScanComparisonTest::hasNoFormatting), true);
    }

    @Test
    void scan_ofSelects_equalsTheTree() {
        compare(new Pages(7, List.of(SELECTS, SELECTS, WORDS), ScanComparisonTest::hasNoFormatting), true);
    }

    /**
     * Compares the pages.
     *
     * @param isInOrder whether the trees are in the order of the pages, so that first things and texts can be compared
     */
    private static void compare(Pages pages, boolean isInOrder) {
        for (int i = Mutations.count(PAGES, PAGES_IN_SOAK); i > 0; i--) {
            String page = pages.next();
            String shown = page.replace("\0", "\\0");
            ParsedPage expected = new ParsedPage(page);
            ScannedPage scanned = Scans.scan(page);
            assertThat(scanned.directives()).as("directives of %s", shown).isEqualTo(expected.directives());
            assertThat(withoutText(scanned.links())).as("links of %s", shown).isEqualTo(withoutText(expected.links()));
            if (isInOrder) {
                assertThat(scanned.title()).as("title of %s", shown).isEqualTo(expected.title());
                assertThat(scanned.base()).as("base of %s", shown).isEqualTo(expected.base());
                assertThat(scanned.canonical())
                        .as("canonical link of %s", shown)
                        .isEqualTo(expected.canonical());
                assertThat(scanned.text()).as("text of %s", shown).isEqualTo(expected.text());
                assertThat(scanned.headings()).as("headings of %s", shown).isEqualTo(expected.headings());
            }
        }
    }

    private static List<Link> withoutText(List<Link> links) {
        return links.stream()
                .map(link -> link.withText(""))
                .distinct()
                .sorted(Comparator.comparing(Link::toString))
                .toList();
    }
}
