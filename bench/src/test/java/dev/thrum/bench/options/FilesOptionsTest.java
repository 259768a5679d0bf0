package dev.thrum.bench.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FilesOptionsTest {
    @Test
    void options_canBeCombined() {
        FilesOptions options =
                FilesOptions.defaults().with(List.of("--rounds", "3", "--window", "0.5", "--only", "cold,small"));

        assertThat(options).isEqualTo(new FilesOptions(3, Duration.ofMillis(500), List.of("small", "cold")));
    }

    @Test
    void everything_isMeasuredByDefault() {
        assertThat(FilesOptions.defaults().with(List.of()).parts()).containsExactly("small", "large", "many", "cold");
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', textBlock = """
            --rounds, 0,      expected a whole number from 1 to 1000 after --rounds but was '0'
            --window, 61,     "expected at most 60 seconds after --window but was '61'"
            --only,   small2,   "expected small, large, many or cold after --only but was 'small2'"
            --only,   "small,", "expected small, large, many or cold after --only but was ''"
            --faster, 1,      "expected --rounds, --window or --only but was --faster"
            """)
    void option_thatIsWrong_isRefused(String name, String value, String message) {
        assertThatThrownBy(() -> FilesOptions.defaults().with(List.of(name, value)))
                .isInstanceOf(UsageException.class)
                .hasMessage(message);
    }

    @Test
    void option_withoutValue_isRefused() {
        assertThatThrownBy(() -> FilesOptions.defaults().with(List.of("--only")))
                .hasMessage("expected a value after --only but there was none");
    }
}
