package dev.thrum.crawl.robots;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.crawl.robots.SitemapReader.Outcome;
import dev.thrum.testkit.scripted.Mutations;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Bodies that end early, fail, arrive in pieces, or are damaged. */
final class SitemapFaultsTest {
    private static final List<String> DOCUMENTS = List.of(
            "<?xml version='1.0' encoding='utf-8'?><!DOCTYPE urlset [<!ENTITY a 'b'>]><urlset xmlns='x'><!-- c --><url><loc>http://a/é"
                    + "?b&amp;c</loc></url><url><loc> <![CDATA[http://b/]]> </loc><x y='z'/></url></urlset>\n",
            "<sitemapindex><sitemap><loc>http://a/</loc></sitemap><sitemap><loc>http://b/&#65;</loc></sitemap></sitemapindex>",
            "<rss><channel><link>x</link><item><link>http://a/</link><guid>http://g/</guid></item><item>"
                    + "<guid isPermaLink='true'>http://b/</guid></item></channel></rss>",
            "<feed><entry><link href='http://a/'/><link rel='self' href='x'/></entry><entry><link href='http://b/'/></entry></feed>");
    private static final String TEXT = "http://a/é\r\nhttp://b/\n\nhttp://c/";

    private static List<byte[]> bodies() {
        List<byte[]> bodies = new ArrayList<>();
        for (String document : DOCUMENTS) {
            byte[] plain = document.getBytes(UTF_8);
            bodies.add(plain);
            bodies.add(("\ufeff" + document).getBytes(UTF_16LE));
            bodies.add(Collected.gzip(plain));
            bodies.add(Collected.gzip(Collected.gzip(plain)));
        }
        bodies.add(Collected.gzip(TEXT.getBytes(UTF_8)));
        return bodies;
    }

    @Test
    void body_thatEndsAnywhere_givesABeginningOfAllEntries() {
        for (byte[] body : bodies()) {
            List<String> all = Collected.of(body).entries();
            assertThat(all).hasSizeGreaterThanOrEqualTo(2);
            for (int length = 0; length < body.length; length++) {
                Collected part = Collected.of(Arrays.copyOf(body, length));
                assertThat(part).matches(it -> it.begins(all));
                if (part.end().outcome() == Outcome.COMPLETE) {
                    assertThat(part.entries()).isEqualTo(all);
                }
            }
        }
    }

    @Test
    void text_thatEndsAnywhere_givesABeginningOfAllEntriesAndALine() {
        byte[] body = TEXT.getBytes(UTF_8);
        List<String> all = Collected.of(body).entries();
        assertThat(all).hasSize(3);
        for (int length = 0; length < body.length; length++) {
            List<String> part = Collected.of(Arrays.copyOf(body, length)).entries();
            List<String> whole = part.subList(0, Math.max(0, part.size() - 1));
            assertThat(whole).isEqualTo(all.subList(0, whole.size()));
        }
    }

    @Test
    void body_thatFailsAnywhere_failsAfterABeginningOfAllEntries() {
        for (byte[] body : bodies()) {
            List<String> all = Collected.of(body).entries();
            for (int length = 0; length < body.length; length++) {
                IOException failure = new IOException("reset");
                List<String> part = new ArrayList<>();
                InputStream in = new Pieces(Arrays.copyOf(body, length), 7, failure);
                assertThatThrownBy(() -> new SitemapReader().read(in, Collected.into(part)))
                        .isSameAs(failure);
                assertThat(part).isEqualTo(all.subList(0, part.size()));
            }
        }
    }

    @Test
    void body_inPiecesOfAnySize_isTheSame() throws IOException {
        List<byte[]> bodies = bodies();
        byte[] text = TEXT.getBytes(UTF_8);
        bodies.add(text);
        bodies.add(SitemapReaderTest.joined(
                Collected.gzip(Arrays.copyOf(text, 20)), Collected.gzip(Arrays.copyOfRange(text, 20, text.length))));
        for (byte[] body : bodies) {
            Collected whole = Collected.of(body);
            assertThat(whole.end().outcome()).isEqualTo(Outcome.COMPLETE);
            for (int size = 1; size <= Math.min(body.length, 100); size++) {
                assertThat(Collected.of(new SitemapReader(), new Pieces(body, size, null)))
                        .isEqualTo(whole);
            }
        }
    }

    @Test
    void body_withAnyLimit_givesABeginningOfAllEntries() {
        for (byte[] body : bodies()) {
            Collected all = Collected.of(body);
            for (int most = 0; most <= body.length; most++) {
                Collected part = Collected.of(new SitemapReader(10, most), body);
                assertThat(part).matches(it -> it.begins(all.entries()));
                assertThat(part.end().outcome()).isNotEqualTo(Outcome.FAULTY);
            }
            for (int most = 0; most <= all.entries().size(); most++) {
                Collected part = Collected.of(new SitemapReader(most, 1_000_000), body);
                assertThat(part.entries()).isEqualTo(all.entries().subList(0, most));
                assertThat(part.end().outcome())
                        .isEqualTo(most < all.entries().size() ? Outcome.CUT : Outcome.COMPLETE);
            }
        }
    }

    @Test
    void read_ofAnything_neverFails() {
        List<String> seeds = new ArrayList<>(DOCUMENTS);
        seeds.add(TEXT);
        seeds.add("<!DOCTYPE x SYSTEM 'y' [<!ENTITY % a 'b'> %a; <!-- ' --> <?c ' ?>]><urlset/>");
        Mutations.tryAll(seeds, Mutations.count(5_000, 500_000), bytes -> {
            requireSound(bytes);
            byte[] packed = Collected.gzip(bytes);
            requireSound(packed);
            packed[bytes.length % packed.length] ^= (byte) (1 << (bytes.length & 7));
            requireSound(packed);
        });
    }

    private static void requireSound(byte[] bytes) {
        Collected read = Collected.of(bytes);
        assertThat(read.end().entries()).isEqualTo(read.entries().size());
        assertThat(read.end().reason().isEmpty()).isEqualTo(read.end().outcome() == Outcome.COMPLETE);
        assertThat(read.end().reason()).doesNotContainPattern("[\\p{Cc}\\p{Cf}&&[^\\t]]");
        assertThat(read.entries()).allMatch(entry -> !entry.isBlank() && entry.length() <= 2_050);
    }

    @Test
    void body_always_staysOpen() throws IOException {
        for (byte[] body : bodies()) {
            Pieces in = new Pieces(body, 1_000, null);
            assertThat(Collected.of(new SitemapReader(), in).entries()).isNotEmpty();
            assertThat(in.isClosed).isFalse();
        }
    }

    /** A stream that gives at most so many bytes at once, never says how many it has, and may fail at its end. */
    private static final class Pieces extends FilterInputStream {
        private final int size;
        private final @Nullable IOException failure;
        boolean isClosed;

        Pieces(byte[] bytes, int size, @Nullable IOException failure) {
            super(new ByteArrayInputStream(bytes));
            this.size = size;
            this.failure = failure;
        }

        @Override
        public int read() {
            throw new AssertionError("one byte at a time is too slow");
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int count = super.read(target, offset, Math.min(length, size));
            if (count < 0 && failure != null) {
                throw failure;
            }
            return count;
        }

        @Override
        public int available() {
            return 0;
        }

        @Override
        public void close() {
            isClosed = true;
        }
    }
}
