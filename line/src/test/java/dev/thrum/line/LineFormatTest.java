package dev.thrum.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineFormatTest {
    @Test
    void formats_haveTheirTerminator_andTheDefaultLimit() {
        assertThat(LineFormat.lf()).isEqualTo(new LineFormat("\n", 16_384));
        assertThat(LineFormat.crlf()).isEqualTo(new LineFormat("\r\n", 16_384));
        assertThat(LineFormat.crlf().withMaxBytes(1)).isEqualTo(new LineFormat("\r\n", 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\r", "\n\r", "\n\n", " \n", ";"})
    void otherTerminators_areRefused_andNamed(String terminator) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LineFormat(terminator, 10))
                .withMessage("expected \\n or \\r\\n as terminator but it was "
                        + terminator.chars().boxed().toList() + " (code points)");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void limit_below1_isRefused(int maxBytes) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LineFormat.lf().withMaxBytes(maxBytes))
                .withMessage("expected lines of at least 1 byte but was " + maxBytes);
    }
}
