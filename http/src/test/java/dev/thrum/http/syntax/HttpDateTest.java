package dev.thrum.http.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9110, section 5.6.7; two-digit years are interpreted in 2026. */
class HttpDateTest {
    private static final Instant NOW = Instant.parse("2026-11-20T08:00:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Sun, 06 Nov 1994 08:49:37 GMT | 1994-11-06T08:49:37Z",
                "Sunday, 06-Nov-94 08:49:37 GMT | 1994-11-06T08:49:37Z",
                "Sun Nov  6 08:49:37 1994 | 1994-11-06T08:49:37Z",
                "Wed Nov 16 08:49:37 1994 | 1994-11-16T08:49:37Z",
                "Thu, 01 Jan 1970 00:00:00 GMT | 1970-01-01T00:00:00Z",
                "Thu, 29 Feb 2024 23:59:59 GMT | 2024-02-29T23:59:59Z",
                "Friday, 20-Nov-26 08:00:00 GMT | 2026-11-20T08:00:00Z",
                "Friday, 20-Nov-76 07:00:00 GMT | 2076-11-20T07:00:00Z",
                "Sunday, 20-Nov-77 07:00:00 GMT | 1977-11-20T07:00:00Z",
            })
    void date_inEachFormat_isParsed(String text, Instant date) {
        assertThat(HttpDate.parse(text, NOW)).contains(date);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "now",
                "0",
                "Sun, 06 Nov 1994 08:49:37",
                "Sun, 06 Nov 1994 08:49:37 UTC",
                "Sun, 6 Nov 1994 08:49:37 GMT",
                "Sun, 06 nov 1994 08:49:37 GMT",
                "Sun, 31 Feb 1994 08:49:37 GMT x",
                "Sun, 06 Nov 1994 25:49:37 GMT",
                "Sun, 06-Nov-94 08:49:37 GMT",
                "Sunday, 06-Foo-94 08:49:37 GMT",
                "Sun Nov 6 08:49:37 1994 GMT",
                "1994-11-06T08:49:37Z",
            })
    void date_thatIsInvalid_isNotParsed(String text) {
        assertThat(HttpDate.parse(text, NOW)).isEmpty();
    }
}
