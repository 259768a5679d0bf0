package dev.thrum.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The log gets the beginning and the end of a fault, and at most one line per minute if there are many. */
final class FaultReportsTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final List<String> lines = new ArrayList<>();
    private final FaultReports reports = new FaultReports(new Recorder(lines), now::get);

    /** A logger that collects its messages. */
    private record Recorder(List<String> messages) implements System.Logger {
        @Override
        public String getName() {
            return "test";
        }

        @Override
        public boolean isLoggable(Level level) {
            return true;
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String message, Throwable thrown) {
            messages.add(message);
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String format, Object... params) {
            messages.add(format);
        }
    }

    private void after(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private void failed() {
        reports.failed("broken");
    }

    private void worked() {
        reports.worked(() -> "fine");
    }

    @Test
    void faultAndItsEnd_areReportedAtOnce_eachOnce() {
        worked();
        failed();
        failed();
        assertThat(reports.fault()).contains("broken");
        worked();
        worked();

        assertThat(lines).containsExactly("broken", "fine");
        assertThat(reports.fault()).isEmpty();
    }

    @Test
    void oneLinePerMinute_whenTheStateChangesAllTheTime_withTheNumberOfOmittedLines() {
        for (int second = 0; second < 300; second++) {
            failed();
            worked();
            after(Duration.ofSeconds(1));
        }

        assertThat(lines).hasSize(6).startsWith("broken", "fine");
        // Two changes in each of 58 seconds, and more at both ends, are omitted before the third line.
        assertThat(lines.get(2)).isEqualTo("broken (it changes all the time: 118 such lines were left out)");
        assertThat(lines.get(3)).contains(": 119 such lines");
    }

    @Test
    void currentState_isReportedLater_whenItsChangeWasOmitted() {
        failed();
        worked();
        failed();
        after(Duration.ofSeconds(59));
        failed();
        assertThat(lines).containsExactly("broken", "fine");
        after(Duration.ofSeconds(1));
        failed();
        failed();
        assertThat(lines).containsExactly("broken", "fine", "broken");
        worked();
        after(Duration.ofMinutes(1));
        worked();
        worked();
        assertThat(lines).containsExactly("broken", "fine", "broken", "fine");
    }

    @Test
    void nextFault_isReportedAtOnce_afterTwoQuietMinutes() {
        failed();
        worked();
        after(Duration.ofMinutes(2));
        failed();
        worked();

        assertThat(lines).containsExactly("broken", "fine", "broken", "fine");
    }
}
