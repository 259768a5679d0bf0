package dev.thrum.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationTextTest {
    @ParameterizedTest
    @CsvSource({
        "PT0S, 0 s",
        "PT2S, 2 s",
        "PT1.5S, 1.5 s",
        "PT10M, 600 s",
        "PT2.243935669S, 2.243935669 s",
        "PT0.25S, 250 ms",
        "PT0.0005S, 0.5 ms",
        "PT0.000000001S, 0.000001 ms",
        "PT-1S, -1 s",
        "PT-0.5S, -500 ms",
        "PT-2562047788015215H-30M-8S, -9223372036854775808 s",
    })
    void duration_isTextForPeople(Duration duration, String text) {
        assertThat(DurationText.of(duration)).isEqualTo(text);
    }
}
