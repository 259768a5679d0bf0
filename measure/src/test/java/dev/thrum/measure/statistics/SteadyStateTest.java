package dev.thrum.measure.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.measure.statistics.SteadyState.Kind;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The four kinds of warm-up, on series whose kind is known. */
final class SteadyStateTest {
    private static final int QUIET = 20;
    private static final int EXPERIMENTS = 200;

    private static List<Double> series(long seed, int count, double noise, IntToDoubleFunction level) {
        SplittableRandom random = new SplittableRandom(seed);
        return IntStream.range(0, count)
                .mapToObj(i -> level.applyAsDouble(i) * Math.max(0, 1 + noise * random.nextGaussian()))
                .toList();
    }

    /** A series of the same level is flat in at least 95 % of all experiments, whether its noise is small or large. */
    @ParameterizedTest
    @ValueSource(doubles = {0.001, 0.03, 0.1, 0.2})
    void flatSeries_areFlat(double noise) {
        int flat = 0;
        for (int experiment = 0; experiment < EXPERIMENTS; experiment++) {
            SteadyState state = SteadyState.of(series(experiment, 100, noise, _ -> 1_000), QUIET);
            flat += state.kind() == Kind.FLAT && state.start() == 0 ? 1 : 0;
        }
        assertThat(flat).isGreaterThanOrEqualTo(EXPERIMENTS * 95 / 100);
    }

    @Test
    void aFasterEnd_isWarmUp_andItsStartIsFound() {
        for (int experiment = 0; experiment < EXPERIMENTS; experiment++) {
            SteadyState state = SteadyState.of(series(experiment, 100, 0.03, i -> i < 40 ? 500 : 1_000), QUIET);

            assertThat(state.kind()).isEqualTo(Kind.WARM_UP);
            assertThat(state.start()).isBetween(38, 42);
            assertThat(state.isQuiet()).isTrue();
        }
    }

    /** As a compiler does it: ever faster, in ever smaller steps. */
    @Test
    void aCurveThatFlattens_isWarmUp() {
        int warm = 0;
        for (int experiment = 0; experiment < EXPERIMENTS; experiment++) {
            SteadyState state =
                    SteadyState.of(series(experiment, 150, 0.03, i -> 1_000 * (1 - 0.7 * Math.exp(-i / 15.0))), QUIET);
            warm += state.kind() == Kind.WARM_UP && state.start() > 10 && state.start() < 90 ? 1 : 0;
        }
        assertThat(warm).isGreaterThanOrEqualTo(EXPERIMENTS * 95 / 100);
    }

    @Test
    void aSlowerEnd_isSlowdown() {
        for (int experiment = 0; experiment < EXPERIMENTS; experiment++) {
            SteadyState state = SteadyState.of(series(experiment, 100, 0.03, i -> i < 40 ? 1_000 : 800), QUIET);

            assertThat(state.kind()).isEqualTo(Kind.SLOWDOWN);
        }
    }

    @Test
    void aChangeNearTheEnd_isNotSteady() {
        for (int experiment = 0; experiment < EXPERIMENTS; experiment++) {
            SteadyState state = SteadyState.of(series(experiment, 100, 0.03, i -> i < 88 ? 500 : 1_000), QUIET);

            assertThat(state.kind()).isEqualTo(Kind.NO_STEADY_STATE);
            assertThat(state.start()).isEqualTo(100);
            assertThat(state.isQuiet()).isFalse();
        }
    }

    @Test
    void aLevelThatAlternates_isNotSteady() {
        for (int experiment = 0; experiment < EXPERIMENTS; experiment++) {
            SteadyState state =
                    SteadyState.of(series(experiment, 120, 0.03, i -> i / 15 % 2 == 0 ? 1_000 : 700), QUIET);

            assertThat(state.kind()).isEqualTo(Kind.NO_STEADY_STATE);
        }
    }

    /** Pauses of one window are outliers: the level between them is the same. */
    @Test
    void pauses_areNoChange() {
        for (int experiment = 0; experiment < EXPERIMENTS; experiment++) {
            SteadyState state = SteadyState.of(series(experiment, 100, 0.03, i -> i % 17 == 5 ? 100 : 1_000), QUIET);

            assertThat(state.kind()).isEqualTo(Kind.FLAT);
        }
    }

    /** A difference of 2 % is found, but it doesn't matter. */
    @Test
    void smallSteps_areNoChange() {
        SteadyState state = SteadyState.of(series(3, 200, 0.002, i -> i < 100 ? 1_000 : 1_020), QUIET);

        assertThat(state).isEqualTo(new SteadyState(Kind.FLAT, List.of(), 0));
    }

    @Test
    void fewValues_areNotSteady() {
        assertThat(SteadyState.of(List.of(), QUIET).isQuiet()).isFalse();
        assertThat(SteadyState.of(Collections.nCopies(QUIET - 1, 5.0), QUIET).isQuiet())
                .isFalse();
        assertThat(SteadyState.of(Collections.nCopies(QUIET, 5.0), QUIET).isQuiet())
                .isTrue();
        assertThat(SteadyState.of(Collections.nCopies(QUIET, 0.0), QUIET).isQuiet())
                .isTrue();
    }
}
