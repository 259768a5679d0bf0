package dev.thrum.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WrkReportTest {
    private static final List<String> LINES = """
            Running 10s test @ http://127.0.0.1:8080/plaintext
              1 threads and 64 connections
              Thread Stats   Avg      Stdev     Max   +/- Stdev
                Latency   725.40us    1.10ms  41.19ms   98.91%
                Req/Sec    97.18k     4.99k  104.65k    82.00%
              967324 requests in 10.00s, 125.46MB read
            Requests/sec:  96720.93
            Transfer/sec:     12.54MB""".lines().toList();

    @Test
    void report_hasRequestsAndRate() throws Exception {
        WrkReport report = new WrkReport(LINES);

        assertThat(report.requests()).isEqualTo(967_324);
        assertThat(report.rate()).isEqualTo(96_720.93);
    }

    @Test
    void report_withErrors_isRefused() {
        List<String> lines = new ArrayList<>(LINES);
        lines.add(6, "  Socket errors: connect 0, read 12, write 0, timeout 3");

        assertThatThrownBy(() -> new WrkReport(lines).requests()).hasMessageContaining("read 12");
    }

    @Test
    void report_withoutFigures_isRefused() {
        assertThatThrownBy(() -> new WrkReport(List.of("unable to connect")).rate())
                .hasMessageContaining("unable to connect");
    }
}
