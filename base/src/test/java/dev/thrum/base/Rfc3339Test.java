package dev.thrum.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Rfc3339Test {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-20T08:20:00.120Z",
                "1970-01-01T00:00:00.000Z",
                "1969-12-31T23:59:59.999Z",
                "0000-01-01T00:00:00.001Z",
                "9999-12-31T23:59:59.999Z",
                "2028-02-29T12:34:56.007Z",
            })
    void time_isFormattedAsItWasParsed(String text) {
        assertThat(Rfc3339.text(Instant.parse(text))).isEqualTo(text);
    }

    @Test
    void time_isTruncatedToMilliseconds() {
        assertThat(Rfc3339.text(Instant.parse("2026-11-20T08:20:00.999999999Z")))
                .isEqualTo("2026-11-20T08:20:00.999Z");
    }

    @Test
    void time_whenItsYearHasFiveDigits_isRefused() {
        assertThatThrownBy(() -> Rfc3339.text(Instant.parse("+10000-01-01T00:00:00Z")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("10000");
    }
}
