package dev.thrum.bench.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ExploreOptionsTest {
    @Test
    void options_canBeCombined() {
        ExploreOptions options = ExploreOptions.of(
                List.of("--rounds", "2", "--schedules", "50000", "--kinds", "3", "--only", "heap,steps"));

        assertThat(options).isEqualTo(new ExploreOptions(2, 50_000, 3, List.of("steps", "heap")));
        assertThat(options.has(ExploreOptions.HEAP)).isTrue();
        assertThat(options.has(ExploreOptions.LINCHECK)).isFalse();
    }

    @Test
    void everything_isMeasuredByDefault() {
        assertThat(ExploreOptions.of(List.of()))
                .isEqualTo(new ExploreOptions(
                        5,
                        1_000_000,
                        Integer.MAX_VALUE,
                        List.of("steps", "schedules", "collection", "reduction", "heap", "lincheck")));
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', textBlock = """
            --rounds,    0,    expected a whole number from 1 to 1000 after --rounds but was '0'
            --schedules, 1e6,  expected a number of schedules from 1 to 9999999 but was 1e6
            --schedules, 999,  "expected at least 1000 schedules, because a hundredth of them is compared with them, but was 999"
            --only,      jcs,  "expected steps, schedules, collection, reduction, heap or lincheck after --only but was 'jcs'"
            --kinds,     0,    expected a number of kinds from 1 to 9999999 but was 0
            --faster,    1,    "expected --rounds, --schedules, --kinds or --only but was --faster"
            """)
    void option_thatIsWrong_isRefused(String name, String value, String message) {
        assertThatThrownBy(() -> ExploreOptions.of(List.of(name, value)))
                .isInstanceOf(UsageException.class)
                .hasMessage(message);
    }
}
