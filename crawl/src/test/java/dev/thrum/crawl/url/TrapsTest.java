package dev.thrum.crawl.url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.http.client.url.Url;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrapsTest {
    private final Traps traps = new Traps(100, 1);

    private Optional<Skip> check(String url) {
        return traps.check(Url.parse(url));
    }

    private static Optional<Skip> trap(String detail) {
        return Optional.of(new Skip(Skip.Reason.TRAP, detail));
    }

    @Test
    void url_aboveTheLength_isATrap_whateverItsFragment() {
        String longest = "http://h/" + "x".repeat(2_048 - "http://h/".length());

        assertThat(check(longest)).isEmpty();
        assertThat(check(longest + "#fragment")).isEmpty();
        assertThat(check(longest + "y")).isEqualTo(trap("2049 characters, at most 2048"));
        assertThat(check(longest + "y#fragment")).isEqualTo(trap("2049 characters, at most 2048"));
    }

    @Test
    void path_aboveTheDepth_isATrap() {
        String deepest = IntStream.range(0, 32).mapToObj(i -> "/" + i).collect(Collectors.joining("", "http://h", ""));

        assertThat(check(deepest)).isEmpty();
        assertThat(check(deepest + "/")).isEmpty();
        assertThat(check(deepest + "/a")).isEqualTo(trap("33 segments, at most 32"));
        assertThat(check("http://h" + "/".repeat(1_500)).orElseThrow().detail()).isEqualTo("1499 segments, at most 32");
    }

    @ParameterizedTest
    @CsvSource({
        "/a/a/a, a",
        "/x/a/a/a/y, a",
        "/a/b/a/b/a/b, a/b",
        "/a/b/a/b/a/b/, a/b",
        "/0/a/b/c/a/b/c/a/b/c/d, a/b/c",
        "////, ''",
        "/x////, ''",
    })
    void path_withSegmentsThatComeThreeTimes_isATrap(String path, String repeated) {
        assertThat(check("http://h" + path)).isEqualTo(trap("\"" + repeated + "\" 3 times in a row"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/a/a",
                "/a/a/",
                "/a/a/b/a",
                "/a/b/a/b",
                "/a/b/a/b/a",
                "/a//b//",
                "/a/aa/aaa",
                "/a/a/?a/a/a/a"
            })
    void path_withoutThat_isNone(String path) {
        assertThat(check("http://h" + path)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/?a=1&a=1, a=1",
        "/list?sort=up&page=2&sort=up, sort=up",
        "/?a=%41&b&a=A&b, a=A",
        "/x/y/z?q&q, q",
        "/x/y?x=1&&x=1, x=1",
    })
    void query_withTheSameParameterTwice_isATrap(String target, String repeated) {
        assertThat(check("http://h" + target)).isEqualTo(trap("\"" + repeated + "\" twice in the query"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/?a=1&a=2", "/?a=1&b=1", "/?a&a=", "/?&&", "/?a=1?a=1", "/a=1/a=1?a=1", "/?f[]=1&f[]=2&f[]=3"})
    void query_withoutThat_isNone(String target) {
        assertThat(check("http://h" + target)).isEmpty();
    }

    /** Two ways: all sequences at all places. */
    @Test
    void repeated_isWhatAComparisonOfAllSequencesFinds() {
        SplittableRandom random = new SplittableRandom(6);
        int found = 0;
        for (int i = 0; i < 20_000; i++) {
            String[] segments = random.ints(random.nextInt(1, 13), 0, 3)
                    .mapToObj(n -> List.of("a", "b", "").get(n))
                    .toArray(String[]::new);
            boolean expected = isRepeated(segments);
            assertThat(PathSegments.of("/" + String.join("/", segments) + "/")
                            .repeated(3)
                            .isPresent())
                    .as(Arrays.toString(segments))
                    .isEqualTo(expected);
            found += expected ? 1 : 0;
        }
        assertThat(found).isBetween(2_000, 18_000);
    }

    private static boolean isRepeated(String... segments) {
        for (int from = 0; from < segments.length; from++) {
            for (int period = 1; from + 3 * period <= segments.length; period++) {
                List<String> all = Arrays.asList(segments);
                List<String> first = all.subList(from, from + period);
                if (first.equals(all.subList(from + period, from + 2 * period))
                        && first.equals(all.subList(from + 2 * period, from + 3 * period))) {
                    return true;
                }
            }
        }
        return false;
    }

    @Test
    void budget_isAskedByHostAndShape() {
        UrlShape shape = UrlShape.of(Url.parse("http://h/a/1"));

        for (int i = 0; i < 100; i++) {
            assertThat(traps.check("h", shape)).isEmpty();
            traps.pageDone("h", shape.hash(), i);
        }

        assertThat(traps.check("h", shape))
                .contains(new Skip(Skip.Reason.BUDGET, "100 pages of this host, at most 100"));
        assertThat(traps.check("i", shape)).isEmpty();
    }

    @Test
    void traps_withoutPages_areRefused() {
        assertThatThrownBy(() -> new Traps(0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected a number of pages from a host of at least 1 but was 0");
    }

    @Test
    void reason_isOneWord() {
        assertThat(Skip.Reason.TRAP.word()).isEqualTo("trap");
    }
}
