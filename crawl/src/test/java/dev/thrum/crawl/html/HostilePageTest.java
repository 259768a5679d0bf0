package dev.thrum.crawl.html;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.testkit.scripted.Mutations;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pages that take a scan very long if it reads anything twice, or searches what it has read: with 10 million bytes, hours. The
 * limit is far above what a linear scan needs.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class HostilePageTest {
    private static final int SIZE = 10_000_000;
    private static final int SIZE_OF_EACH = Mutations.count(1_000_000, SIZE);
    private static final int LEVELS = 100_000;

    @ParameterizedTest
    @ValueSource(strings = {"<", "<!--", "&", "<a<a<a"})
    void scan_whenOneThingRepeatsForTenMillionBytes_ends(String fragment) {
        assertThat(Scans.targets(fragment.repeat(SIZE / fragment.length()))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "</",
                "<!",
                "<!-",
                "<!-- --",
                "<?",
                "&a",
                "&#",
                "&#x",
                "&#1",
                "&amp",
                "<a",
                "<a href=",
                "<a href='",
                "<a href=\"",
                "<a x",
                "<a/",
                "<a =",
                "<title>",
                "<title></titl",
                "<textarea><",
                "<script>",
                "<script><!--",
                "<script><!--<script>",
                "<script></script",
                "<style></",
                "<![CDATA[",
                "<svg><![CDATA[",
                "<svg><![CDATA[]]",
                "<svg><g>",
                "<svg><g></p>",
                "<svg></g>",
                "<math><mi><b></mi>",
                "<div>",
                "<div><b></p>",
                "<b></div>",
                "<a href=x>",
                "<a href=x>y",
                "<p><b><div>",
                "<li><div>",
                "<dd><dt><span>",
                "<table><tr><td>",
                "<table><div>",
                "<table><b></table>",
                "<template>",
                "<x><y></x>",
                "<form><form></form>",
                "<button>",
                "<option>",
                "<frameset>",
                "<h1><h2>",
                "<nobr>",
                "<plaintext>",
                " ",
                "\0",
                "-->",
                "]]>",
                "x",
                "&NotEqualTilde",
                "\u00e4",
                "<base href=",
                "'",
                "\""
            })
    void scan_whenOneThingRepeats_ends(String fragment) {
        String page = fragment.repeat(SIZE_OF_EACH / fragment.length());
        assertThat(Scans.scan(page).links().size()).isLessThanOrEqualTo(page.length());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<div>",
                "<b>",
                "<i><p>",
                "<svg><g>",
                "<table>",
                "<table><tr><td>",
                "<span><li>",
                "<x>",
                "<ul><li>"
            })
    void scan_whenManyElementsAreOpen_endTagsThatFindNothingCostLittle(String opening) {
        String page = "<p><span><main>" + opening.repeat(LEVELS) + "</main></span></p></x></li>".repeat(LEVELS)
                + "<a href=x>y";
        assertThat(Scans.targets(page)).isEqualTo("x");
    }

    @Test
    void scan_whenElementsAreNestedDeeply_findsWhatIsInAndAfterThem() {
        String page = "<nav>" + "<div>".repeat(LEVELS) + "<a href=in>x</a>" + "</div>".repeat(LEVELS)
                + "</nav><a href=after>y</a>";
        ScannedPage scanned = Scans.scan(page);
        assertThat(scanned.links()).extracting(Link::text).containsExactly("x", "y");
        assertThat(scanned.text()).isEqualTo("y");
    }

    @Test
    void scan_whenATextIsLong_keepsTheBeginningForALink() {
        byte[] page = ("<a href=x>" + "word ".repeat(SIZE / 5)).getBytes(US_ASCII);
        ScannedPage scanned = Scans.scan(page, "text/html; charset=utf-8");
        assertThat(scanned.links().getFirst().text())
                .isEqualTo("word ".repeat(Link.LONGEST_TEXT / 5).strip());
        assertThat(scanned.text()).hasSize(SIZE - 1);
    }

    @Test
    void scan_whenALinkTextIsCutInAPair_leavesTheHalfOut() {
        String text = "x".repeat(Link.LONGEST_TEXT - 1);
        assertThat(Scans.texts("<a href=a>" + text + "\ud83d\ude00</a><a href=b>" + text + "&#x1f600;</a>"))
                .containsExactly("a:" + text, "b:" + text);
    }
}
