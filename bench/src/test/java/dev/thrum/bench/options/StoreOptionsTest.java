package dev.thrum.bench.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StoreOptionsTest {
    @Test
    void options_canBeCombined() {
        StoreOptions options =
                StoreOptions.defaults().with(List.of("--rounds", "3", "--window", "0.5", "--only", "hang,inserts"));

        assertThat(options).isEqualTo(new StoreOptions(3, Duration.ofMillis(500), List.of("inserts", "hang")));
    }

    @Test
    void everything_isMeasuredByDefault() {
        assertThat(StoreOptions.defaults().with(List.of()).parts()).containsExactly("inserts", "api", "hang");
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', textBlock = """
            --rounds, 0,      expected a whole number from 1 to 1000 after --rounds but was '0'
            --window, 61,     "expected at most 60 seconds after --window but was '61'"
            --only,   api2,   "expected inserts, api or hang after --only but was 'api2'"
            --only,   "api,", "expected inserts, api or hang after --only but was ''"
            --faster, 1,      "expected --rounds, --window or --only but was --faster"
            """)
    void option_thatIsWrong_isRefused(String name, String value, String message) {
        assertThatThrownBy(() -> StoreOptions.defaults().with(List.of(name, value)))
                .isInstanceOf(UsageException.class)
                .hasMessage(message);
    }

    @Test
    void option_withoutValue_isRefused() {
        assertThatThrownBy(() -> StoreOptions.defaults().with(List.of("--only")))
                .hasMessage("expected a value after --only but there was none");
    }
}
