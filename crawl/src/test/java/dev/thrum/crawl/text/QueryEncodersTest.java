package dev.thrum.crawl.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.http.client.url.QueryEncoder;
import dev.thrum.http.client.url.Url;
import java.io.ByteArrayOutputStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryEncodersTest {
    private static final Url PAGE = Url.parse("http://h/");

    private final QueryEncoders encoders = new QueryEncoders();

    private String query(String label, String text) {
        return PAGE.resolve("?" + text, encoder(label)).query().orElseThrow();
    }

    private QueryEncoder encoder(String label) {
        return encoders.of(Encoding.ofLabel(label).orElseThrow());
    }

    @ParameterizedTest
    @CsvSource({
        "utf-8, ü€, %C3%BC%E2%82%AC",
        "utf-16le, ü, %C3%BC",
        "utf-16be, ü, %C3%BC",
        "replacement, ü, %C3%BC",
        "iso-8859-1, ü€\u0081, %FC%80%81",
        "latin1, ш, %26%231096%3B",
        "iso-8859-15, €, %A4",
        "iso-8859-10, Ą, %A1",
        "windows-1251, шё€, %F8%B8%88",
        "koi8-r, ш, %DB",
        "koi8-r, €, %26%238364%3B",
        "x-user-defined, \uf780\uf7ff, %80%FF",
        "shift_jis, 日本, %93%FA%96{",
        "shift_jis, ¥‾\u2212ｱ, \\~%81|%B1",
        "shift_jis, 纊, %FA\\",
        "shift_jis, \ue000, %26%2357344%3B",
        "shift_jis, ∪, %81%BE",
        "euc-jp, 日本ｱ, %C6%FC%CB%DC%8E%B1",
        "euc-jp, \u2212, %A1%DD",
        "euc-kr, 한글, %C7%D1%B1%DB",
        "euc-kr, 갂, %81A",
        "gbk, €中文, %80%D6%D0%CE%C4",
        "gbk, \ud83d\ude00, %26%23128512%3B",
        "gb18030, €中\ud83d\ude00, %A2%E3%D6%D0%949%FC6",
        "big5, 中文, %A4%A4%A4%E5",
        "big5, 十═, %A4Q%F9%F9",
        "big5, €, %A3%E1",
        "iso-2022-jp, aあb, a%1B$B$%22%1B(Bb",
        "iso-2022-jp, ｱﾞ¢−, %1B$B%%22!+%1B(B%26%23162%3B%1B$B!]%1B(B",
        "iso-2022-jp, a¥b\\, a%1B(J\\b%1B(B\\",
        "gb18030, 中, %26%2358853%3B%D6%D0",
        "iso-2022-jp, あ€あ, %1B$B$%22%1B(B%26%238364%3B%1B$B$%22%1B(B",
    })
    void query_isEncodedAsInBrowsers(String label, String text, String expected) {
        assertThat(query(label, text)).isEqualTo(expected);
    }

    /**
     * Two ways: what is written must be read as the same text by the decoder, which a test compares with the standard.
     */
    @ParameterizedTest
    @CsvSource({
        "ibm866, 224",
        "iso-8859-2, 224",
        "iso-8859-7, 221",
        "iso-8859-8-i, 188",
        "iso-8859-14, 224",
        "koi8-u, 224",
        "macintosh, 224",
        "windows-874, 216",
        "windows-1252, 224",
        "windows-1255, 214",
        "x-mac-cyrillic, 224",
        "gbk, 23000",
        "gb18030, 190000",
        "big5, 13000",
        "euc-jp, 7000",
        "euc-kr, 17000",
        "shift_jis, 7000",
        "iso-2022-jp, 7000",
    })
    void whatIsWritten_isReadAsTheSameCharacter(String label, int atLeast) {
        Encoding encoding = Encoding.ofLabel(label).orElseThrow();
        QueryEncoder encoder = encoders.of(encoding);

        long written = IntStream.rangeClosed(0x20, 0x2ffff)
                .filter(point -> point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE)
                .filter(point -> isReadBack(encoding, encoder, point))
                .count();

        assertThat(written).isGreaterThanOrEqualTo(atLeast);
    }

    /** Whether it was written at all. */
    private static boolean isReadBack(Encoding encoding, QueryEncoder encoder, int point) {
        String text = Character.toString(point);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (encoder.encode(text, 0, bytes) == 0) {
            assertThat(bytes.size()).isZero();
            return false;
        }
        String read = encoding.decode(bytes.toByteArray());
        boolean isOther = switch (encoding.name()) {
            case "gb18030" -> Character.getType(point) == Character.PRIVATE_USE;
            case "ISO-2022-JP" -> point == 0x2212 || (point > 0xff60 && point <= 0xff9f);
            default -> point == 0xa5 || point == 0x203e || point == 0x2212;
        };
        if (!isOther) {
            assertThat(read).isEqualTo(text);
        }
        return true;
    }

    @Test
    void encoder_isMadeOnce() {
        assertThat(encoder("big5")).isSameAs(encoder("big5-hkscs"));
        assertThat(encoder("utf8")).isSameAs(QueryEncoder.UTF_8);
    }

    @Test
    void text_ofManyCharactersThatAreMissing_isEncoded() {
        assertThat(query("iso-2022-jp", "€あ".repeat(500))).hasSize(500 * "%26%238364%3B%1B$B$%22%1B(B".length());
    }

    @Test
    void text_longerThanTheBuffer_isEncoded() {
        assertThat(query("gb18030", "中".repeat(1_000))).isEqualTo("%D6%D0".repeat(1_000));
    }
}
