package dev.thrum.bench.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LoadOptionsTest {
    @Test
    void options_canBeCombined() {
        assertThat(LoadOptions.of(List.of("--rounds", "3", "--window", "2", "--only", "burn,wrk")))
                .isEqualTo(new LoadOptions(3, Duration.ofSeconds(2), List.of("wrk", "burn")));
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', textBlock = """
            --rounds, 0,   expected a whole number from 1 to 1000 after --rounds but was '0'
            --window, 0.5, expected a whole number from 1 to 60 after --window but was '0.5'
            --faster, 1,   "expected --rounds, --window or --only but was --faster"
            --only,   aa,  "expected wrk, same, repeats or burn after --only but was 'aa'"
            """)
    void option_thatIsWrong_isRefused(String name, String value, String message) {
        assertThatThrownBy(() -> LoadOptions.of(List.of(name, value)))
                .isInstanceOf(UsageException.class)
                .hasMessage(message);
    }
}
