package dev.thrum.base;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.CharacterCodingException;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PercentEncodingTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | ''",
                "aZ09-._~ | aZ09-._~",
                "a b | a%20b",
                "100% | 100%25",
                "a/b?c#d | a%2Fb%3Fc%23d",
                "+&=;:@!$'\"()*,[] | %2B%26%3D%3B%3A%40%21%24%27%22%28%29%2A%2C%5B%5D",
                "grüße | gr%C3%BC%C3%9Fe",
                "€𝄞 | %E2%82%AC%F0%9D%84%9E",
            })
    void text_isTheSame_whenItWasEncodedAndDecoded(String text, String encoded) throws Exception {
        assertThat(PercentEncoding.encode(text)).isEqualTo(encoded);
        assertThat(PercentEncoding.decode(encoded)).isEqualTo(text);
        assertThat(PercentEncoding.decode(encoded.toLowerCase(Locale.ROOT))).isEqualToIgnoringCase(text);
    }

    @Test
    void charactersToKeep_areNotEncoded() {
        StringBuilder target = new StringBuilder("file:");
        PercentEncoding.encode("/a b/ü?", "/", target);
        assertThat(target).hasToString("file:/a%20b/%C3%BC%3F");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // A percent sign that doesn't begin an encoded byte is literal; so is a plus sign.
                "% | %",
                "%4 | %4",
                "%4g%41 | %4gA",
                "%%41 | %A",
                "a+b%2B | a+b+",
                // Decoded only once.
                "%2541 | %41",
                "ü%C3%BC | üü",
            })
    void decode_isLenient_andDecodesOnce(String encoded, String text) throws Exception {
        assertThat(PercentEncoding.decode(encoded)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%ff", "%C3", "%C3x", "%c0%af", "%ed%a0%80", "a%80"})
    void decode_refusesBytesThatAreNotUtf8(String encoded) {
        assertThatThrownBy(() -> PercentEncoding.decode(encoded)).isInstanceOf(CharacterCodingException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "'', true",
        "abc, true",
        "%41, true",
        "%aF%00, true",
        "%, false",
        "%4, false",
        "a%4g, false",
        "%%41, false"
    })
    void percentSigns_areWellFormed_orNot(String text, boolean wellFormed) {
        byte[] bytes = ("%" + text + "41").getBytes(US_ASCII);
        // The byte before the range and the bytes after it are not checked.
        assertThat(PercentEncoding.isWellFormed(bytes, 1, bytes.length - 2)).isEqualTo(wellFormed);
    }

    @Test
    void randomTexts_areEncodedAsTheJdkDoes() throws Exception {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            String text = random.ints(random.nextInt(20), 0, 0x500)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            String encoded = PercentEncoding.encode(text);
            assertThat(encoded)
                    .isEqualTo(URLEncoder.encode(text, UTF_8)
                            .replace("+", "%20")
                            .replace("*", "%2A")
                            .replace("%7E", "~"));
            assertThat(PercentEncoding.decode(encoded)).isEqualTo(text).isEqualTo(URLDecoder.decode(encoded, UTF_8));
        }
    }
}
