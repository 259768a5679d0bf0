package dev.thrum.crawl.robots;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.http.Headers;
import dev.thrum.http.client.url.Url;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RobotsAnswerTest {
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final byte[] BODY = "user-agent: *\ndisallow: /x".getBytes(US_ASCII);

    private static RobotsAnswer answer(int status, Headers headers) {
        return RobotsAnswer.of(status, headers, BODY, "Thrum/0.1", NOW);
    }

    private static boolean allows(RobotsAnswer answer, String path) {
        return switch (answer) {
            case RobotsAnswer.Rules rules -> rules.rules().allows(Url.parse("http://a" + path));
            case RobotsAnswer.Unreachable _ -> false;
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 203, 206, 299})
    void success_always_hasRules(int status) {
        assertThat(allows(answer(status, Headers.none()), "/x")).isFalse();
        assertThat(allows(answer(status, Headers.none()), "/y")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 301, 302, 307, 308, 399, 400, 401, 403, 404, 410, 418, 451, 499})
    void absence_always_allowsAll(int status) {
        assertThat(answer(status, Headers.none())).isEqualTo(new RobotsAnswer.Rules(RobotsRules.ALLOW_ALL));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 101, 199, 429, 500, 502, 503, 504, 599, 600, 999})
    void anythingElse_always_isUnreachable(int status) {
        assertThat(answer(status, Headers.none())).isInstanceOfSatisfying(RobotsAnswer.Unreachable.class, answer -> {
            assertThat(answer.reason()).contains(String.valueOf(status));
            assertThat(answer.retryAfter()).isNull();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "120, PT2M",
        "'Mon, 30 Nov 2026 12:00:30 GMT', PT30S",
        "0,",
        "-5,",
        "soon,",
        "'Mon, 30 Nov 2026 11:00:00 GMT',",
        "'',"
    })
    void retryAfter_always_isWhatTheServerWants(String value, @Nullable Duration wait) {
        for (int status : new int[] {429, 503}) {
            assertThat(answer(status, Headers.of("Retry-After", value)))
                    .isInstanceOfSatisfying(
                            RobotsAnswer.Unreachable.class,
                            answer -> assertThat(answer.retryAfter()).isEqualTo(wait));
        }
    }

    @Test
    void failure_always_isUnreachable() {
        assertThat(RobotsAnswer.ofFailure("refused")).isEqualTo(new RobotsAnswer.Unreachable("refused", null));
    }
}
