package dev.thrum.bench.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OutgoingOptionsTest {
    @Test
    void options_canBeCombined() {
        OutgoingOptions options =
                OutgoingOptions.of(List.of("--rounds", "3", "--window", "0.5", "--connections", "8,64"));

        assertThat(options).isEqualTo(new OutgoingOptions(3, Duration.ofMillis(500), List.of(8, 64)));
    }

    @Test
    void defaults_are64Conversations() {
        assertThat(OutgoingOptions.of(List.of()).conversations()).containsExactly(64);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', textBlock = """
            --rounds,      0,  expected a whole number from 1 to 1000 after --rounds but was '0'
            --connections, 0,  expected a whole number from 1 to 15000 after --connections but was '0'
            --only,        no, "expected --rounds, --window or --connections but was --only"
            """)
    void option_thatIsWrong_isRefused(String name, String value, String message) {
        assertThatThrownBy(() -> OutgoingOptions.of(List.of(name, value)))
                .isInstanceOf(UsageException.class)
                .hasMessage(message);
    }
}
