package dev.thrum.crawl.url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.crawl.url.Skip.Reason;
import dev.thrum.http.client.url.Url;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScopeTest {
    private static List<Url> urls(String... texts) {
        return Arrays.stream(texts).map(Url::parse).toList();
    }

    private static Scope ofSeeds(String... seeds) {
        return new Scope(urls(seeds), List.of(), List.of(), List.of(), Scope.ANY_DEPTH);
    }

    private static Scope ofHosts(String... hosts) {
        return new Scope(urls("http://seed/"), List.of(hosts), List.of(), List.of(), Scope.ANY_DEPTH);
    }

    private static Scope ofExpressions(List<String> includes, List<String> excludes) {
        return new Scope(urls("http://h/"), List.of(), includes, excludes, Scope.ANY_DEPTH);
    }

    private static Optional<Reason> reason(Scope scope, String url) {
        return scope.check(Url.parse(url), 1).map(Skip::reason);
    }

    @Test
    void scope_withoutHosts_isTheSeedsAuthorities() {
        Scope scope = ofSeeds("http://a/x", "https://B:8443/");

        assertThat(reason(scope, "http://A:80/any?thing")).isEmpty();
        assertThat(reason(scope, "https://b:8443/")).isEmpty();
        assertThat(reason(scope, "http://b:8443/")).isEmpty();
        assertThat(Stream.of("https://a/", "http://a:81/", "http://x.a/", "https://b/", "http://ab/"))
                .allSatisfy(url -> assertThat(reason(scope, url)).contains(Reason.SCOPE));
        assertThat(scope.check(Url.parse("http://c:81/"), 0))
                .contains(new Skip(Reason.SCOPE, "c:81 is no host of this crawl"));
    }

    @ParameterizedTest
    @CsvSource({
        "example.org, http://example.org/, true",
        "EXAMPLE.org, https://example.org:8443/, true",
        "example.org, http://www.example.org/, false",
        "example.org:80, http://example.org/, true",
        "example.org:80, https://example.org/, false",
        "example.org:8080, http://example.org:8080/, true",
        "example.org:8080, http://example.org/, false",
        "*.example.org, http://www.example.org/, true",
        "*.example.org, http://a.b.example.org:81/, true",
        "*.example.org, http://example.org/, false",
        "*.example.org, http://notexample.org/, false",
        "*.example.org, http://www.example.org.evil/, false",
        "*.example.org:81, http://a.example.org:81/, true",
        "*.example.org:81, http://a.example.org/, false",
        "*.BÜCHER.example, http://www.xn--bcher-kva.example/, true",
        "0x7f.1, http://127.0.0.1:81/, true",
        "[::1], http://[0:0::1]:81/, true",
        "[::1]:81, http://[::1]:81/, true",
        "[::1]:81, http://[::1]/, false",
        "example.org, http://seed/, false",
    })
    void hosts_areThoseThatMatch(String pattern, String url, boolean isInScope) {
        assertThat(reason(ofHosts("other", pattern), url).isEmpty()).isEqualTo(isInScope);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "*",
                "*.",
                "*.*.org",
                "a b",
                "http://a",
                "a/b",
                "a?b",
                "a#b",
                "u@a",
                "a:",
                ":80",
                "a:b",
                "a:70000",
                "::1",
                "[::1",
                "*.127.0.0.1",
                "*.[::1]",
                "a..b c",
                "%zz",
                "a*"
            })
    void host_thatIsNone_isRefused_withWhatWasExpected(String pattern) {
        assertThatThrownBy(() -> ofHosts(pattern))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("expected a host such as example.org, example.org:8080, [::1]:8080 or "
                        + "*.example.org but was \"" + pattern + "\"");
    }

    @Test
    void depth_isLimited() {
        Scope scope = new Scope(urls("http://h/"), List.of(), List.of(), List.of(), 2);
        Url url = Url.parse("http://h/a");

        assertThat(scope.check(url, 2)).isEmpty();
        assertThat(scope.check(url, 3)).contains(new Skip(Reason.DEPTH, "3 links from a seed, at most 2"));
        assertThat(ofSeeds("http://h/").check(url, Integer.MAX_VALUE)).isEmpty();
        assertThatThrownBy(() -> new Scope(List.of(), List.of(), List.of(), List.of(), -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected a depth of at least 0 but was -1");
    }

    @Test
    void expressions_areSearchedInTheWholeUrl_withoutFragmentAndUser() {
        Scope scope = ofExpressions(List.of("^http://h/docs/", "\\?page=1$"), List.of("\\.pdf$", "private"));

        assertThat(reason(scope, "http://h/docs/a")).isEmpty();
        assertThat(reason(scope, "http://private:private@h/docs/#private")).isEmpty();
        assertThat(reason(scope, "http://h/x?page=1#f")).isEmpty();
        assertThat(scope.check(Url.parse("http://h/docs/a.pdf"), 1))
                .contains(new Skip(Reason.EXCLUDED, "excluded by \"\\.pdf$\""));
        assertThat(reason(scope, "http://h/docs/private/a")).contains(Reason.EXCLUDED);
        assertThat(scope.check(Url.parse("http://h/x"), 1))
                .contains(new Skip(Reason.EXCLUDED, "no expression includes it"));
        assertThat(reason(scope, "http://i/docs/")).contains(Reason.SCOPE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"(a+)+$", "(a|aa)+$", "(.*a){30}$", "(([a-z])+.)+[A-Z]([a-z])+$", "(?:a|b)*c", "(x|.)*y\\b"})
    void expression_thatTakesTooLong_isGivenUp_withAClearLine(String regex) {
        Url url = Url.parse("http://h/" + "a".repeat(40_000) + "!");

        Skip skip = ofExpressions(List.of(), List.of(regex)).check(url, 1).orElseThrow();
        assertThat(skip.reason()).isEqualTo(Reason.REGEX);
        assertThat(skip.detail())
                .isEqualTo("the regular expression \"" + regex
                        + "\" takes more than 200000 steps: write it without repetitions in repetitions");
        assertThat(ofExpressions(List.of(regex), List.of()).check(url, 1)).contains(skip);
        assertThat(ofExpressions(List.of(regex, "^http"), List.of()).check(url, 1))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "(a, expected a regular expression but was \"(a\": Unclosed group at character 3",
        "*, expected a regular expression but was \"*\": Dangling meta character '*' at character 1",
    })
    void expression_thatIsMalformed_isRefused(String regex, String message) {
        assertThatThrownBy(() -> ofExpressions(List.of(regex), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> ofExpressions(List.of(), List.of(regex)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource({
        "http://example.org/, https://www.example.org/x",
        "http://www.example.co.uk/, https://example.co.uk:8443/",
        "http://example.org/, https://example.org/",
        "http://example.org./, http://www.example.org/",
        "http://user.github.io/, https://www.user.github.io/",
        "http://www.example.test/, http://example.test/",
        "http://a.b.example.internal:81/, http://c.example.internal:82/",
    })
    void adopt_takesInWhatHasTheDomainOfTheSeed(String seed, String target) {
        Scope scope = ofSeeds(seed);
        Url url = Url.parse(target);
        assertThat(reason(scope, target)).contains(Reason.SCOPE);

        assertThat(scope.adopt(Url.parse(seed), url)).isTrue();

        assertThat(scope.check(url, 1)).isEmpty();
        assertThat(scope.adopt(Url.parse(seed), url)).isFalse();
        assertThat(reason(scope, "http://other." + url.host() + "/")).contains(Reason.SCOPE);
    }

    @ParameterizedTest
    @CsvSource({
        "http://example.org/, http://example.com/",
        "http://a.co.uk/, http://b.co.uk/",
        "http://a.github.io/, http://b.github.io/",
        "http://github.io/, http://a.github.io/",
        "http://127.0.0.1/, https://127.0.0.1/",
        "http://127.0.0.1/, http://127.0.0.2/",
        "http://127.0.0.1/, http://example.0.0.1.org/",
        "http://[::1]/, http://[::1]:81/",
        "http://localhost/, https://localhost/",
        "http://a.localhost/, http://b.a.localhost/",
        "http://intranet/, https://intranet/",
        "http://com/, http://example.com/",
        "http://a.test/, http://b.test/",
        "http://a.co.uk/, http://co.uk/",
        "http://a..b/, http://c..b/",
    })
    void adopt_refusesEverythingElse(String seed, String target) {
        Scope scope = ofSeeds(seed);

        assertThat(scope.adopt(Url.parse(seed), Url.parse(target))).isFalse();
        assertThat(reason(scope, target)).contains(Reason.SCOPE);
    }

    @Test
    void adopt_addsToHostsThatAreNamed() {
        Scope scope = ofHosts("example.org");

        assertThat(scope.adopt(Url.parse("http://example.org/"), Url.parse("https://www.example.org/")))
                .isTrue();

        assertThat(reason(scope, "https://www.example.org/a")).isEmpty();
        assertThat(reason(scope, "http://www.example.org/a")).contains(Reason.SCOPE);
    }

    @Test
    void adopt_byManyThreads_isTrueOnce() throws InterruptedException, ExecutionException {
        Scope scope = ofSeeds("http://example.org/");
        Callable<Boolean> adopt =
                () -> scope.adopt(Url.parse("http://example.org/"), Url.parse("https://www.example.org/"));
        int adopted = 0;

        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (Future<Boolean> future :
                    threads.invokeAll(Stream.generate(() -> adopt).limit(64).toList())) {
                adopted += future.get() ? 1 : 0;
            }
        }

        assertThat(adopted).isEqualTo(1);
    }
}
