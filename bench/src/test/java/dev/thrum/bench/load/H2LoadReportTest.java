package dev.thrum.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class H2LoadReportTest {
    private static final String SUITE = "TLS_AES_128_GCM_SHA256";

    @Test
    void requests_areThoseThatWereAnswered() throws IOException {
        assertThat(report("456 done, 456 succeeded, 0 failed, 0 errored", "456 2xx")
                        .requests())
                .isEqualTo(456);
    }

    @Test
    void requests_countWhenTheyEnd_whereverTheirHeadsArrived() throws IOException {
        for (String statuses : List.of("440 2xx", "457 2xx")) {
            assertThat(report("456 done, 456 succeeded, 0 failed, 0 errored", statuses)
                            .requests())
                    .isEqualTo(456);
        }
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', textBlock = """
            "0 done, 0 succeeded, 0 failed, 0 errored",         0 2xx
            "456 done, 455 succeeded, 1 failed, 0 errored",     455 2xx
            "456 done, 456 succeeded, 1 failed, 0 errored",     456 2xx
            "456 done, 456 succeeded, 0 failed, 2 errored",     456 2xx
            "456 done, 456 succeeded, 0 failed, 0 errored",     "455 2xx, 1 3xx"
            """)
    void requests_withFailures_throw(String requests, String statuses) {
        assertThatThrownBy(() -> report(requests, statuses).requests())
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("expected h2load to get only responses with status 200 but it says: requests:")
                .hasMessageContaining(requests);
    }

    @Test
    void requests_withoutTheirLine_throw() {
        assertThatThrownBy(() -> new H2LoadReport(List.of("invalid URI: https://")).requests())
                .isInstanceOf(IOException.class)
                .hasMessage("expected h2load to print a line requests: but it says: invalid URI: https://");
    }

    @Test
    void encryption_asExpected_isAccepted() {
        H2LoadReport report = new H2LoadReport(List.of("TLS Protocol: TLSv1.3", "Cipher: " + SUITE));

        assertThatCode(() -> report.requireEncrypted(SUITE)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2, TLS_AES_128_GCM_SHA256", "TLSv1.3, TLS_AES_256_GCM_SHA384"})
    void encryption_thatIsAnother_throws(String version, String suite) {
        H2LoadReport report = new H2LoadReport(List.of("TLS Protocol: " + version, "Cipher: " + suite));

        assertThatThrownBy(() -> report.requireEncrypted(SUITE))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("expected h2load to say \"")
                .hasMessageEndingWith("TLS Protocol: " + version + " / Cipher: " + suite);
    }

    private static H2LoadReport report(String requests, String statuses) {
        return new H2LoadReport(List.of(
                "starting benchmark...",
                "requests: 500 total, 500 started, " + requests + ", 0 timeout",
                "status codes: " + statuses + (statuses.contains("3xx") ? "" : ", 0 3xx") + ", 0 4xx, 0 5xx"));
    }
}
