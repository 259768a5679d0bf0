package dev.thrum.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {
    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(2);

    private final RandomGenerator random = new SplittableRandom(1);

    @Test
    void pause_always_isDrawnFromZeroToADoublingCeiling() {
        RetryPolicy policy = new RetryPolicy(50, FIRST, LONGEST, failure -> true);
        long[] ceilings = {100, 200, 400, 800, 1_600, 2_000, 2_000};
        for (int attempt = 1; attempt <= ceilings.length; attempt++) {
            int number = attempt;
            long[] drawn = LongStream.range(0, 2_000)
                    .map(i -> policy.pause(number, random).toNanos())
                    .toArray();
            long ceiling = Duration.ofMillis(ceilings[attempt - 1]).toNanos();
            assertThat(LongStream.of(drawn).max().orElseThrow()).isBetween(ceiling * 95 / 100, ceiling);
            assertThat(LongStream.of(drawn).min().orElseThrow()).isLessThan(ceiling / 20);
            assertThat(LongStream.of(drawn).average().orElseThrow()).isBetween(ceiling * 0.45, ceiling * 0.55);
        }
    }

    @Test
    void pause_afterVeryManyAttempts_doesNotOverflow() {
        RetryPolicy policy =
                new RetryPolicy(Integer.MAX_VALUE, Duration.ofDays(10), Duration.ofDays(10_000), x -> true);
        assertThat(IntStream.of(1, 31, 63, 64, 65, 1_000_000).mapToObj(attempt -> policy.pause(attempt, random)))
                .allSatisfy(pause -> assertThat(pause).isBetween(Duration.ZERO, Duration.ofDays(10_000)));
        assertThat(new RetryPolicy(9, Duration.ZERO, Duration.ZERO, x -> true).pause(5, random))
                .isZero();
    }

    @Test
    void attempt_isAllowed_upToTheLimitAndForTransientFailures() {
        RetryPolicy policy = new RetryPolicy(3, FIRST, LONGEST, IOException.class::isInstance);

        assertThat(policy.allows(2, new IOException())).isTrue();
        assertThat(policy.allows(3, new IOException())).isFalse();
        assertThat(policy.allows(1, new IllegalStateException())).isFalse();
        assertThat(RetryPolicy.never().allows(1, new IOException())).isFalse();
        assertThat(RetryPolicy.standard().allows(2, new Exception())).isTrue();
    }

    @Test
    void policy_withImpossibleValues_isRefused() {
        assertThatThrownBy(() -> new RetryPolicy(0, FIRST, LONGEST, x -> true))
                .hasMessageContaining("at least 1 attempt");
        assertThatThrownBy(() -> new RetryPolicy(1, LONGEST, FIRST, x -> true))
                .hasMessageContaining("first <= longest");
        assertThatThrownBy(() -> new RetryAfterException("busy", FIRST.negated(), true))
                .hasMessageContaining("0 or more");
    }
}
