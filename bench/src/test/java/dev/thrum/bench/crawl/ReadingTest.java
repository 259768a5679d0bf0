package dev.thrum.bench.crawl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.bench.crawl.Reading.Found;
import dev.thrum.bench.load.LinkedPages;
import java.io.IOException;
import org.junit.jupiter.api.Test;

final class ReadingTest {
    private static final byte[] PAGE = LinkedPages.inMemory(100).get(7);

    @Test
    void links_areTheSameForAll() throws IOException {
        Found links = Reading.SCANNER_LINKS.read(PAGE);

        assertThat(links.links()).isEqualTo(30);
        assertThat(links.title()).isEqualTo("Page 7 of part 0".length());
        assertThat(links.text()).isZero();
        assertThat(Reading.JSOUP_LINKS.read(PAGE)).isEqualTo(links);
    }

    @Test
    void text_isReadToo_ifItIsAskedFor() throws IOException {
        Found scanned = Reading.SCANNER_TEXT.read(PAGE);
        Found parsed = Reading.JSOUP_TEXT.read(PAGE);

        assertThat(withoutText(parsed)).isEqualTo(withoutText(scanned)).isEqualTo(Reading.SCANNER_LINKS.read(PAGE));
        assertThat(scanned.text()).isGreaterThan(PAGE.length / 2);
        // It has the text of the navigation, too.
        assertThat(parsed.text()).isGreaterThan(scanned.text());
    }

    private static Found withoutText(Found found) {
        return new Found(found.links(), found.anchors(), found.title(), 0);
    }
}
