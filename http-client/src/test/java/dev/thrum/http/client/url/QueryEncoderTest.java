package dev.thrum.http.client.url;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryEncoderTest {
    private static final Url BASE = Url.parse("http://h/dir/page?old");
    private static final QueryEncoder LATIN = QueryEncoderTest::latin;

    private static int latin(String text, int from, ByteArrayOutputStream target) {
        int end = from;
        while (end < text.length() && text.charAt(end) <= 0xff) {
            end++;
        }
        target.writeBytes(text.substring(from, end).getBytes(ISO_8859_1));
        return end;
    }

    @ParameterizedTest
    @CsvSource({
        "?q=ü, http://h/dir/page?q=%FC",
        "?q=%C3%BC&ü, http://h/dir/page?q=%C3%BC&%FC",
        "http://H/?ü, http://h/?%FC",
        "//i?ü, http://i/?%FC",
        "ü?ü#ü, http://h/dir/%C3%BC?%FC#%C3%BC",
        "?\u20ac, http://h/dir/page?%26%238364%3B",
        "?a\u20ac\u20acü, http://h/dir/page?a%26%238364%3B%26%238364%3B%FC",
        "?\ud83d\ude00, http://h/dir/page?%26%23128512%3B",
        "?\ud83d, http://h/dir/page?%26%2365533%3B",
        "?ü <>' \"`, http://h/dir/page?%FC%20%3C%3E%27%20%22`",
        "?a&b;c#d, http://h/dir/page?a&b;c#d",
        "?\u007f, http://h/dir/page?%7F",
        "ü, http://h/dir/%C3%BC",
        "#ü, http://h/dir/page?old#%C3%BC",
    })
    void resolve_encodesTheQueryInTheEncodingOfThePage_andOnlyTheQuery(String link, String expected) {
        assertThat(BASE.resolve(link, LATIN).href()).isEqualTo(expected);
    }

    @Test
    void resolve_withVisibleAscii_doesNotAskTheEncoder() {
        QueryEncoder none = (_, _, _) -> {
            throw new AssertionError("expected no call");
        };

        assertThat(BASE.resolve("?a=b c&<'>", none).href()).isEqualTo("http://h/dir/page?a=b%20c&%3C%27%3E");
    }

    @Test
    void utf8_equalsThePlainResolving_forGeneratedLinks() {
        SplittableRandom random = new SplittableRandom(7);
        String alphabet = "?#/&=%aü€\ud83d\ude00\ud83d '\"<\u0001";

        for (int i = 0; i < 3_000; i++) {
            StringBuilder link = new StringBuilder("p?");
            random.ints(random.nextInt(12), 0, alphabet.length()).forEach(c -> link.append(alphabet.charAt(c)));
            assertThat(BASE.resolve(link.toString(), QueryEncoder.UTF_8)).isEqualTo(BASE.resolve(link.toString()));
        }
    }

    @Test
    void query_thatGrowsTooLong_isRefused() {
        String link = "?" + "€".repeat(10_000);

        assertThatThrownBy(() -> BASE.resolve(link, LATIN))
                .isInstanceOf(UrlException.class)
                .hasMessageStartingWith("expected a URL of at most 65536 characters when it is encoded but was ");
    }
}
