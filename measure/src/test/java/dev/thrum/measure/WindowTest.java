package dev.thrum.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Windows, and the texts and buckets that they are computed from. */
final class WindowTest {
    private static final double CLOSE = 1e-9;

    /**
     * Two seconds: 200,000 round trips, the server used 1.6 s, the generator 2 s, of which it waited for 0.5 s, and the
     * cores were busy for 3.7 s.
     */
    private static final Window WINDOW = new Window(
            200_000,
            2_000_000_000,
            1_600_000_000,
            2_000_000_000,
            3_700_000_000L,
            500_000_000,
            50_000,
            90_000,
            120_000,
            3);

    private static final String STAT = """
            cpu  100 20 30 4000 50 6 7 8 9 10
            cpu0 50 10 15 2000 25 3 3 4 5 5
            intr 12345
            """;

    @Test
    void window_hasRateAndCostInTheirUnits() {
        assertThat(WINDOW.rate()).isCloseTo(100_000, within(CLOSE));
        assertThat(WINDOW.cpu()).isCloseTo(8, within(CLOSE));
    }

    @Test
    void noise_isTheTimeOfOtherProcesses_asShareOfOneCore() {
        assertThat(WINDOW.noise()).isCloseTo(0.05, within(CLOSE));
    }

    @Test
    void generatorLoad_isTheShareOfTimeThatItDidNotWait() {
        assertThat(WINDOW.generatorLoad()).isCloseTo(0.75, within(CLOSE));
    }

    @Test
    void window_isParsedFromItsText() {
        assertThat(Window.parse(WINDOW.toString())).isEqualTo(WINDOW);
    }

    /** user, nice, system, irq, softirq and steal; neither idle nor iowait; guest time is in user already. */
    @Test
    void busyNanos_isTheSumOfTimesThatAreNotIdle_ofAllCores() {
        assertThat(ProcText.busyNanos(STAT)).isEqualTo((100 + 20 + 30 + 6 + 7 + 8) * 10_000_000L);
    }

    @Test
    void busyNanos_withoutALineForAllCores_throwsWithTheMissingLine() {
        assertThatThrownBy(() -> ProcText.busyNanos("cpu0 1 2 3 4 5 6 7 8"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("expected a line cpu in /proc/stat");
    }

    @Test
    void resident_isInBytes() {
        assertThat(ProcText.resident("Name:\tjava\nVmHWM:\t  9 kB\nVmRSS:\t   1234 kB\n"))
                .isEqualTo(1_234 * 1_024);
    }

    @Test
    void model_isTheNameOrUnknown() {
        assertThat(ProcText.model("processor\t: 0\nmodel name\t: Some CPU\n")).isEqualTo("Some CPU");
        assertThat(ProcText.model("processor\t: 0\n")).isEqualTo("unknown");
    }
}
