package dev.thrum.bench.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TlsOptionsTest {
    @Test
    void options_canBeCombined() {
        TlsOptions options = TlsOptions.of(List.of("--rounds", "3", "--window", "0.5", "--only", "memory,small"));

        assertThat(options).isEqualTo(new TlsOptions(3, Duration.ofMillis(500), List.of(TlsRow.SMALL, TlsRow.MEMORY)));
    }

    @Test
    void everything_isMeasured_byDefault() {
        assertThat(TlsOptions.of(List.of()).rows()).containsExactly(TlsRow.values());
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', textBlock = """
            --rounds, 0,     expected a whole number from 1 to 1000 after --rounds but was '0'
            --window, 61,    expected at most 60 seconds after --window but was '61'
            --only,   large, "expected small, bulk, memory or handshakes after --only but was 'large'"
            --faster, 1,     "expected --only, --rounds or --window but was --faster"
            """)
    void option_thatIsWrong_isRefused(String name, String value, String message) {
        assertThatThrownBy(() -> TlsOptions.of(List.of(name, value)))
                .isInstanceOf(UsageException.class)
                .hasMessage(message);
    }
}
