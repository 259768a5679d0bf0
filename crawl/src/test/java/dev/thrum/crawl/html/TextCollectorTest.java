package dev.thrum.crawl.html;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.crawl.html.TextCollector.Reading;
import dev.thrum.crawl.text.Ascii;
import dev.thrum.crawl.text.PageEncoding;
import dev.thrum.testkit.scripted.Mutations;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Collected texts against what a decoder of the JDK, and a collapse of white space, make of the same bytes. */
final class TextCollectorTest {
    private static final int TEXTS = 20_000;
    private static final int TEXTS_IN_SOAK = 2_000_000;

    private static final List<byte[]> PIECES = List.of(
            bytes("a"),
            bytes("word"),
            bytes("a longer text of words "),
            bytes("withoutSpaces~{}|;<>"),
            bytes(" "),
            bytes("  "),
            bytes("\n"),
            bytes("\t\r\n\f"),
            bytes("            "),
            bytes("&"),
            bytes("\0"),
            bytes("\1\u000b\u001f\u007f"),
            bytes("\u00e4"),
            bytes("\u0080\u07ff"),
            bytes("\u0800\u4e2d\u6587\ud7ff\ue000\uffff"),
            bytes("\ud83d\ude00"),
            bytes("\udbff\udfff"),
            octets(0x80),
            octets(0xff),
            octets(0xc0, 0xaf),
            octets(0xc3),
            octets(0xe0, 0x9f, 0x80),
            octets(0xe4, 0xb8),
            octets(0xed, 0xa0, 0x80),
            octets(0xf0, 0x8f, 0x80, 0x80),
            octets(0xf0, 0x9f, 0x98),
            octets(0xf4, 0x90, 0x80, 0x80),
            octets(0xf5, 0x80, 0x80, 0x80));

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static byte[] octets(int... values) {
        byte[] octets = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            octets[i] = (byte) values[i];
        }
        return octets;
    }

    private static byte[] page(SplittableRandom random) {
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        for (int i = random.nextInt(12); i >= 0; i--) {
            page.writeBytes(PIECES.get(random.nextInt(PIECES.size())));
        }
        return page.toByteArray();
    }

    /** What is read of a decoded text: NUL is replaced or left out. */
    private static String withoutNul(String decoded, Reading reading) {
        return decoded.replace("\0", reading == Reading.RAW ? "\ufffd" : "");
    }

    private static String cut(String text, int limit) {
        String cut = text.substring(0, Math.min(text.length(), limit));
        return cut.length() == limit && Character.isHighSurrogate(cut.charAt(limit - 1))
                ? cut.substring(0, limit - 1)
                : Ascii.strip(cut);
    }

    /** Collapsed, but with the white space at the end that a text has before more follows. */
    private static String expected(List<String> parts, int limit) {
        return cut(Ascii.collapse(String.join(" ", parts)), limit);
    }

    private static TextCollector collector(PageBytes page, int limit) {
        return new TextCollector(page, new References(page), limit);
    }

    private static void compare(String contentType, Charset charset, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = Mutations.count(TEXTS, TEXTS_IN_SOAK); i > 0; i--) {
            byte[] body = page(random);
            PageBytes page = PageBytes.of(body, PageEncoding.of(body, contentType));
            int middle = random.nextInt(body.length + 1);
            int from = random.nextInt(middle + 1);
            int to = middle + random.nextInt(body.length - middle + 1);
            int limit = random.nextBoolean() ? Integer.MAX_VALUE : 1 + random.nextInt(40);
            Reading reading = random.nextBoolean() ? Reading.RAW : Reading.RAW_HTML;
            TextCollector collector = collector(page, limit);
            if (random.nextBoolean()) {
                // What was there before is forgotten.
                collector.add(0, body.length, Reading.RAW);
                collector.clear();
            }
            collector.add(from, middle, reading);
            collector.separate();
            collector.add(middle, to, reading);
            List<String> parts = List.of(
                    withoutNul(new String(body, from, middle - from, charset), reading),
                    withoutNul(new String(body, middle, to - middle, charset), reading));
            assertThat(collector.text())
                    .as("%s from %d, %d to %d, at most %d", new String(body, ISO_8859_1), from, middle, to, limit)
                    .isEqualTo(expected(parts, limit));
        }
    }

    @Test
    void text_ofUtf8_isAsDecodedByTheJdk() {
        compare("text/html; charset=utf-8", UTF_8, 1);
    }

    @Test
    void text_ofBytesOfAnotherEncoding_isAsDecodedByTheJdk() {
        compare("text/html; charset=iso-8859-2", Charset.forName("ISO-8859-2"), 2);
    }

    @Test
    void text_thatGrows_isWhole() {
        byte[] body = bytes("one two  three\n".repeat(20_000) + "\u4e2d" + " four".repeat(40_000));
        PageBytes page = PageBytes.of(body, PageEncoding.of(body, "text/html; charset=utf-8"));
        for (int limit : new int[] {Integer.MAX_VALUE, 250_000}) {
            TextCollector collector = collector(page, limit);
            collector.add(0, body.length, Reading.HTML);
            assertThat(collector.text()).isEqualTo(expected(List.of(new String(body, UTF_8)), limit));
        }
    }
}
