package dev.thrum.crawl.url;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.crawl.frontier.Fingerprint;
import dev.thrum.http.client.url.Url;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionParametersTest {
    private final SessionParameters sessions = new SessionParameters(new UrlIdentity(1, 2, false));
    private final SplittableRandom random = new SplittableRandom(9);

    private String token() {
        return "a1" + HexFormat.of().toHexDigits(random.nextLong());
    }

    /** Fetches pages twice, with another token each time; returns the names that are learned. */
    private Set<String> fetchTwice(String template, int pages, boolean hasSameText) {
        Set<String> learned = Set.of();
        for (int page = 0; page < pages; page++) {
            for (int time = 0; time < 2; time++) {
                String url = template.replace("PAGE", "p" + page).replace("TOKEN", token());
                learned = sessions.pageDone(Url.parse(url), hasSameText ? page : random.nextLong());
            }
        }
        return learned;
    }

    private Optional<String> without(String url) {
        return sessions.withoutSession(Url.parse(url)).map(Url::href);
    }

    @ParameterizedTest
    @CsvSource({
        "http://h/PAGE?sid=TOKEN, sid, http://h/x?sid=1, http://h/x",
        "http://h/PAGE?a=1&sid=TOKEN, sid, http://h/x?a=1&sid=1, http://h/x?a=1",
        "http://h/PAGE?sid=TOKEN&a=1, sid, http://h/x?sid=1&a=1, http://h/x?a=1",
        "http://h/?sid=TOKEN&p=PAGE, sid, http://h/?b&sid=1&a=1&sid=2, http://h/?b&a=1",
        "http://h/PAGE;jsessionid=TOKEN, ;jsessionid, http://h/x;jsessionid=1?a, http://h/x?a",
        "http://h/a;jsessionid=TOKEN/PAGE, ;jsessionid, http://h/b;c;jsessionid=1;d/e, http://h/b;c;d/e",
        "http://h/PAGE?%73id=TOKEN, sid, http://h/x?%73%69d=1, http://h/x",
        "http://h/PAGE?t=2024#f, '', http://h/x?t=1, ''",
    })
    void parameter_withTokensThatDoNotChangeThePages_isOneOfSessions(
            String template, String name, String url, String without) {
        assertThat(fetchTwice(template, 2, true)).isEmpty();
        assertThat(without(url)).isEmpty();

        Set<String> learned = fetchTwice(template, 3, true);

        assertThat(learned).isEqualTo(name.isEmpty() ? Set.of() : Set.of(name));
        assertThat(without(url).orElse("")).isEqualTo(without);
    }

    @Test
    void parameter_withTokensThatChangeThePages_isNone() {
        assertThat(fetchTwice("http://h/PAGE?id=TOKEN", 100, false)).isEmpty();
        assertThat(without("http://h/x?id=1")).isEmpty();
    }

    @Test
    void parameter_thatChangedAPage_needsMoreThatSpeaksForIt() {
        var _ = fetchTwice("http://h/random-PAGE?sid=TOKEN", 1, false);

        assertThat(fetchTwice("http://h/PAGE?sid=TOKEN", 7, true)).isEmpty();
        assertThat(fetchTwice("http://h/q/PAGE?sid=TOKEN", 1, true)).containsExactly("sid");
    }

    @Test
    void pages_thatAreAllTheSame_speakOnce_sinceTheyMayBeALoginForm() {
        for (int i = 0; i < 1_000; i++) {
            Url url = Url.parse("http://h/p" + i % 10 + "?item=" + token());
            assertThat(sessions.pageDone(url, 1)).isEmpty();
        }
    }

    @Test
    void page_fetchedAgainWithTheSameToken_saysNothing() {
        for (int i = 0; i < 100; i++) {
            assertThat(sessions.pageDone(Url.parse("http://h/p" + i % 10 + "?sid=a1b2c3d4"), i % 10))
                    .isEmpty();
        }
    }

    @Test
    void urls_thatDifferInMoreThanOneParameter_sayNothing() {
        for (int i = 0; i < 100; i++) {
            Url url = Url.parse("http://h/p" + i % 10 + "?sid=" + token() + "&ref=" + token());
            assertThat(sessions.pageDone(url, i % 10)).isEmpty();
        }
    }

    @Test
    void parameter_isLearnedForOneHostAndPort() {
        assertThat(fetchTwice("http://h:81/PAGE?sid=TOKEN", 3, true)).containsExactly("sid");

        assertThat(without("http://h:81/?sid=1")).contains("http://h:81/");
        assertThat(without("http://h/?sid=1")).isEmpty();
        assertThat(without("http://h:81/?SID=1&sid")).isEmpty();
        assertThat(without("http://h:81/;sid=1")).isEmpty();
    }

    @Test
    void twoParameters_areLearnedOneAfterTheOther() {
        assertThat(fetchTwice("http://h/PAGE?sid=TOKEN", 3, true)).containsExactly("sid");
        assertThat(fetchTwice("http://h/PAGE;jsessionid=TOKEN", 3, true)).containsExactly(";jsessionid");

        assertThat(without("http://h/a;jsessionid=1?sid=2")).contains("http://h/a");
        assertThat(without("http://h/a;jsessionid=1?;jsessionid=2&sid=2")).contains("http://h/a");
    }

    @Test
    void learn_isAsIfItHadBeenFound() {
        sessions.learn("h:81", "sid");

        assertThat(without("http://h:81/?sid=1")).contains("http://h:81/");
        assertThat(fetchTwice("http://h:81/PAGE?sid=TOKEN", 9, true)).isEmpty();
    }

    @Test
    void hostsThatMakeUpNames_fillTheirPlacesOnly() {
        for (int i = 0; i < 100; i++) {
            sessions.learn("mad", "name" + i);
        }
        for (int i = 0; i < 20_000; i++) {
            sessions.learn("host" + i, "sid");
        }

        assertThat(without("http://mad/?name7=1")).isPresent();
        assertThat(without("http://mad/?name8=1")).isEmpty();
        assertThat(without("http://host9998/?sid=1")).isPresent();
        assertThat(without("http://host9999/?sid=1")).isEmpty();
    }

    @Test
    void candidatesWithoutEnd_areForgotten_andLearningGoesOn() {
        for (int i = 0; i < 20_000; i++) {
            for (int time = 0; time < 2; time++) {
                assertThat(sessions.pageDone(Url.parse("http://h/?n" + i + "=" + token()), i))
                        .isEmpty();
            }
        }

        assertThat(fetchTwice("http://h/PAGE?sid=TOKEN", 3, true)).containsExactly("sid");
    }

    /** A crawl of a site whose pages link to all others: what the links look like, and which texts they lead to. */
    private int fetches(int pages, LinkMaker links, ToLongFunction<Url> text) {
        UrlIdentity identity = new UrlIdentity(1, 2, false);
        Set<Fingerprint> known = new HashSet<>();
        Deque<Url> queue = new ArrayDeque<>(List.of(Url.parse("http://h/p0")));
        int fetched = 0;
        while (!queue.isEmpty() && fetched < 20 * pages) {
            Url url = queue.remove();
            if (!sessions.withoutSession(url).map(identity::key).map(known::add).orElse(true)) {
                continue;
            }
            fetched++;
            var _ = sessions.pageDone(url, text.applyAsLong(url));
            for (int page = 0; page < pages; page++) {
                Url link = url.resolve(links.link(page, token()));
                if (known.add(identity.key(link))) {
                    queue.add(link);
                }
            }
        }
        return fetched;
    }

    private interface LinkMaker {
        String link(int page, String token);
    }

    private static long numberOfPage(Url url) {
        return Long.parseLong(url.path().replaceAll("^/p([0-9]+).*$", "$1"));
    }

    @Test
    void siteWithANewSessionInEachLink_isCrawledWithFewPagesTwice() {
        int pages = 50;

        int fetched = fetches(
                pages, (page, token) -> "/p" + page + ";jsessionid=" + token, SessionParametersTest::numberOfPage);

        assertThat(fetched).isBetween(pages, 2 * pages + 10);
    }

    @Test
    void siteWithTokensForItsPages_isCrawledCompletely() {
        int pages = 50;

        int fetched = fetches(
                pages,
                (page, _) -> "/p?id=" + HexFormat.of().toHexDigits(page * 0x9e3779b97f4a7c15L),
                url -> url.requestTarget().hashCode());

        assertThat(fetched).isEqualTo(pages + 1);
    }

    @Test
    void isOfUse_ifAValueLooksLikeAToken() {
        assertThat(sessions.isOfUse(Url.parse("http://h/?a=1&b=a1b2c3d4"))).isTrue();
        assertThat(sessions.isOfUse(Url.parse("http://h/a;s=a1b2c3d4/b"))).isTrue();
        assertThat(sessions.isOfUse(Url.parse("http://h/a1b2c3d4?a1b2c3d4&a=1")))
                .isFalse();
    }

    @Test
    void everyParameter_canBeTakenOut_forGeneratedUrls() {
        List<String> pieces = List.of("/", ";", "=", "&", "?", "a", "1", ";a=1", "&a=1", "?a=1");
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder("/");
            random.ints(random.nextInt(9), 0, pieces.size()).forEach(n -> text.append(pieces.get(n)));
            String target = Parameter.target(Url.parse("http://h" + text));
            List<Parameter> parameters = Parameter.of(target);
            for (Parameter parameter : parameters) {
                assertThat(target.substring(parameter.from(), parameter.to()))
                        .isEqualTo(parameter.name() + "=" + parameter.value());
                String rest = parameter.removedFrom(target);
                assertThat(rest).startsWith("/");
                assertThat(Parameter.of(rest)).as("%s of %s", parameter, target).hasSize(parameters.size() - 1);
            }
        }
    }
}
