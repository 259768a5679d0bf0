package dev.thrum.crawl.html;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Pages on which jsoup departs from the standard, and the scan from jsoup; what {@link ScanComparisonTest} leaves out. */
final class JsoupDepartureTest {
    @Test
    void surrogate_isNoCharacter() {
        String page = "<a href=&#xd800;>&#xdfff;</a>";
        assertThat(Scans.texts(page)).containsExactly("\ufffd:\ufffd");
        assertThat(new ParsedPage(page).links()).extracting(Link::href).containsExactly("\ud800");
        assertThat(new ParsedPage(page).text()).isEqualTo("\udfff");
    }

    @Test
    void nulAfterTheSpaceAfterAName_beginsAnotherName() {
        String page = "<a href \0>";
        assertThat(Scans.scan(page).links()).hasSize(1);
        assertThat(new ParsedPage(page).links()).isEmpty();
    }

    @Test
    void spaceAfterTheBody_staysInItsPlace() {
        String page = "a</body> b";
        assertThat(Scans.text(page)).isEqualTo("a b");
        assertThat(new ParsedPage(page).text()).isEqualTo("ab");
    }

    @Test
    void noscript_endsAsAnyElement() {
        String page = "<body><noscript><h1>a</noscript>b";
        assertThat(Scans.scan(page).headings()).isEqualTo("ab");
        assertThat(new ParsedPage(page).headings()).isEqualTo("a");
    }

    @Test
    void scriptOfSvg_isMarkup() {
        String page = "<svg><script><a href=x></a></script></svg>";
        assertThat(Scans.targets(page)).isEqualTo("x");
        assertThat(new ParsedPage(page).links()).isEmpty();
    }

    @Test
    void endTagInText_doesNotEndWhatIsAroundMathMl() {
        String page = "<mi><nav><math><mi><nav>a</nav><span></mi>b";
        assertThat(Scans.text(page)).isEmpty();
        assertThat(new ParsedPage(page).text()).isEqualTo("b");
    }

    /** In these the standard's tree has more than the page, and the scan departs from it by design. */
    @Test
    void clones_areOneLink() {
        String page = "<p><a href=x>a<p>b</a>c";
        assertThat(new ParsedPage(page).links()).extracting(Link::text).containsExactly("a", "b");
        assertThat(Scans.texts(page)).containsExactly("x:a b");
    }

    @Test
    void textBetweenCells_staysInItsPlace() {
        String page = "<table><tr><td>a</td></tr>b</table>";
        assertThat(new ParsedPage(page).text()).isEqualTo("b a");
        assertThat(Scans.text(page)).isEqualTo("a b");
    }
}
