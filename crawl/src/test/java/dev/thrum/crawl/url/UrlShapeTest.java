package dev.thrum.crawl.url;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.http.client.url.Url;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UrlShapeTest {
    private static String shape(String target) {
        return UrlShape.of(Url.parse("http://h" + target)).text();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/ | /",
                "/calendar/2024/5?view=day&day=3 | /calendar/{n}/{n}?day,view",
                "/a/b.html | /a/b.html",
                "/page12.html | /page{n}.html",
                "/2024-01-31/post | /{n}-{n}-{n}/post",
                "/20240131T120000Z | /{n}T{n}Z",
                "/top-10-of-2024 | /top-{n}-of-{n}",
                "/The-10-Best-Ways-to-Cook-Rice-at-Home | /The-{n}-Best-Ways-to-Cook-Rice-at-Home",
                "/1998_FIFA_World_Cup_Final | /{n}_FIFA_World_Cup_Final",
                "/commit/5d388f7f | /commit/{t}",
                "/deadbeef | /deadbeef",
                "/x/550e8400-e29b-41d4-a716-446655440000.pdf | /x/{t}.pdf",
                "/watch/dQw4w9WgXcQ | /watch/{t}",
                "/iphone15pro | /iphone{n}pro",
                "/abcdefghijklmnopqrst1 | /{t}",
                "/abcdefghijklmnopqrs1 | /abcdefghijklmnopqrs{n}",
                "/a;jsessionid=0A1B2C3D4E5F | /a;jsessionid={t}",
                "/%D0%BF%D1%80%D0%B8 | /%D0%BF%D1%80%D0%B8",
                "/%7euser/%41 | /~user/A",
                "/?b=1&a=2&b=3 | /?a,b",
                "/?item[12]=a&item[13]=b | /?item[{n}]",
                "/?q&=x | /?,q",
                "/? | /?",
                "/?12 | /?{n}",
                "/%zz1 | /%zz{n}",
            })
    void shape_hasNumbersAndTokensBlanked(String target, String expected) {
        assertThat(shape(target)).isEqualTo(expected);
    }

    @Test
    void tokensOfPrograms_areBlankedAsOne() {
        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < 500; i++) {
            byte[] bytes = new byte[24];
            random.nextBytes(bytes);
            List<String> tokens = List.of(
                    HexFormat.of().formatHex(bytes),
                    HexFormat.of().withUpperCase().formatHex(bytes, 0, 16),
                    new UUID(random.nextLong(), random.nextLong()).toString());
            assertThat(tokens)
                    .allSatisfy(token -> assertThat(shape("/a/" + token)).isEqualTo("/a/{t}"));
            assertThat(tokens).allMatch(Tokens::isTokenLike);
        }
    }

    @Test
    void nearlyAllTokensInBase64_areBlankedAsOne() {
        SplittableRandom random = new SplittableRandom(8);
        long blanked = Stream.generate(() -> {
                    byte[] bytes = new byte[24];
                    random.nextBytes(bytes);
                    return Base64.getUrlEncoder().encodeToString(bytes);
                })
                .limit(1_000)
                .filter(token -> shape("/x" + token).equals("/{t}"))
                .count();

        assertThat(blanked).isGreaterThan(950);
    }

    @Test
    void hash_isThatOfTheText_whateverTheHostAndTheSpelling() {
        UrlShape shape = UrlShape.of(Url.parse("http://h/%7ea/12?x=1"));

        assertThat(UrlShape.of(Url.parse("https://other:8443/~a/7?%78=2#f"))).isEqualTo(shape);
        assertThat(UrlShape.of(Url.parse("http://h/~a/12")).hash()).isNotEqualTo(shape.hash());
    }

    @Test
    void hash_staysTheSame_inAllCrawls() {
        assertThat(UrlShape.of(Url.parse("http://h/")).hash())
                .isEqualTo(new SipHash(0, 0).hash("/").low());
    }

    @Test
    void names_areLimited() {
        StringBuilder query = new StringBuilder("?");
        for (char a = 'a'; a <= 'z'; a++) {
            query.append(a).append("=&").append(a).append(a).append("=&");
        }

        assertThat(shape("/" + query).split(",", -1)).hasSize(32);
    }

    @ParameterizedTest
    @CsvSource({
        "0123456789, true",
        "a1b2c3d4, true",
        "9F8E7D6C5B4A, true",
        "k3j9x0a8b2q7, true",
        "0000A1B2C3D4E5F6.node1, true",
        "8k2hd7s9q1m3n5b7v9c0x2z4l6, true",
        "12345678, false",
        "a1b2c3, false",
        "abcdefghijklmnop, false",
        "version2, false",
        "2024-01-31, false",
        "/a1b2c3d4, false",
        "hello-world-1, false",
    })
    void isTokenLike_isForWhatProgramsMake(String value, boolean expected) {
        assertThat(Tokens.isTokenLike(value)).isEqualTo(expected);
    }
}
