package dev.thrum.bench.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CrawlOptionsTest {
    @Test
    void options_canBeCombined() {
        CrawlOptions options =
                CrawlOptions.of(List.of("--rounds", "5", "--pages", "800", "--urls", "40000", "--only", "hosts,peers"));

        assertThat(options).isEqualTo(new CrawlOptions(OptionalInt.of(5), 800, 40_000, List.of("peers", "hosts")));
        assertThat(options.has(CrawlOptions.HOSTS)).isTrue();
        assertThat(options.has(CrawlOptions.WGET)).isFalse();
    }

    @Test
    void everything_isMeasuredByDefault() {
        CrawlOptions options = CrawlOptions.of(List.of());

        assertThat(options.parts()).containsExactly("wget", "peers", "scanner", "memory", "resume", "search", "hosts");
        assertThat(options.pages()).isEqualTo(20_000);
        assertThat(options.urls()).isEqualTo(1_000_000);
    }

    @Test
    void slowPeers_runOnce_unlessMoreIsAskedFor() {
        assertThat(CrawlOptions.of(List.of()).roundsOf(CrawlOptions.PEERS)).isEqualTo(1);
        assertThat(CrawlOptions.of(List.of()).roundsOf(CrawlOptions.WGET)).isEqualTo(3);
        assertThat(CrawlOptions.of(List.of("--rounds", "4")).roundsOf(CrawlOptions.PEERS))
                .isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', textBlock = """
            --rounds, 0,      expected a whole number from 1 to 1000 after --rounds but was '0'
            --pages,  0,      expected a number of pages from 1 to 9999999 but was 0
            --urls,   1e6,    expected a number of URLs from 1 to 9999999 but was 1e6
            --urls,   39999,  "expected at least 40000 URLs, because 20000 are compared with them, but was 39999"
            --only,   curl,   "expected wget, peers, scanner, memory, resume, search or hosts after --only but was 'curl'"
            --faster, 1,      "expected --rounds, --pages, --urls or --only but was --faster"
            """)
    void option_thatIsWrong_isRefused(String name, String value, String message) {
        assertThatThrownBy(() -> CrawlOptions.of(List.of(name, value)))
                .isInstanceOf(UsageException.class)
                .hasMessage(message);
    }
}
