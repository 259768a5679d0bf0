package dev.thrum.http.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.http.Headers;
import dev.thrum.http.files.Conditions.Precondition;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9110, section 13, for a representation of 06 Nov 1994 08:49:37 with the tag "abc". */
class ConditionsTest {
    private static final Instant MODIFIED = Instant.parse("1994-11-06T08:49:37Z");
    private static final String THEN = "Sun, 06 Nov 1994 08:49:37 GMT";
    private static final String BEFORE = "Sun, 06 Nov 1994 08:49:36 GMT";
    private static final String AFTER = "Sun, 06 Nov 1994 08:49:38 GMT";
    private static final Conditions CONDITIONS =
            new Conditions("\"abc\"", MODIFIED, Instant.parse("1994-11-07T00:00:00Z"));

    private static Headers headers(String fields) {
        Headers.Builder headers = Headers.builder();
        for (String field : fields.split(" & ", -1)) {
            String value = field.substring(field.indexOf(':') + 1)
                    .strip()
                    .replace("THEN", THEN)
                    .replace("BEFORE", BEFORE)
                    .replace("AFTER", AFTER);
            headers.add(field.substring(0, field.indexOf(':')).strip(), value);
        }
        return headers.build();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Accept: */* | PROCEED",
                // 13.1.1: strongly compared
                "If-Match: \"abc\" | PROCEED",
                "If-Match: \"x\", \"abc\" | PROCEED",
                "If-Match: * | PROCEED",
                "If-Match: \"x\" | FAILED",
                "If-Match: W/\"abc\" | FAILED",
                "If-Match: \"ABC\" | FAILED",
                "If-Match: abc | FAILED",
                "If-Match: \"a,b\", \"abc\" | PROCEED",
                "If-Match: \"x\" & If-Match: \"abc\" | PROCEED",
                // 13.1.2: weakly compared
                "If-None-Match: \"abc\" | NOT_MODIFIED",
                "If-None-Match: W/\"abc\" | NOT_MODIFIED",
                "If-None-Match: W/\"x\" , W/\"abc\" | NOT_MODIFIED",
                "If-None-Match: ,, \"abc\" | NOT_MODIFIED",
                "If-None-Match: * | NOT_MODIFIED",
                "If-None-Match: \"x\" | PROCEED",
                "If-None-Match: \"ab | PROCEED",
                "If-None-Match: w/\"abc\" | PROCEED",
                "If-None-Match: x\"abc\" | PROCEED",
                // 13.1.3
                "If-Modified-Since: THEN | NOT_MODIFIED",
                "If-Modified-Since: AFTER | NOT_MODIFIED",
                "If-Modified-Since: BEFORE | PROCEED",
                "If-Modified-Since: yesterday | PROCEED",
                "If-Modified-Since: Sunday, 06-Nov-94 08:49:37 GMT | NOT_MODIFIED",
                "If-Modified-Since: Sun Nov  6 08:49:37 1994 | NOT_MODIFIED",
                "If-Modified-Since: AFTER & If-Modified-Since: AFTER | PROCEED",
                // 13.1.4
                "If-Unmodified-Since: THEN | PROCEED",
                "If-Unmodified-Since: AFTER | PROCEED",
                "If-Unmodified-Since: BEFORE | FAILED",
                "If-Unmodified-Since: yesterday | PROCEED",
                // 13.2.2: precedence
                "If-Match: \"abc\" & If-Unmodified-Since: BEFORE | PROCEED",
                "If-Match: \"x\" & If-None-Match: \"abc\" | FAILED",
                "If-Match: \"abc\" & If-None-Match: \"abc\" | NOT_MODIFIED",
                "If-None-Match: \"x\" & If-Modified-Since: THEN | PROCEED",
                "If-None-Match: \"abc\" & If-Modified-Since: BEFORE | NOT_MODIFIED",
                "If-Unmodified-Since: BEFORE & If-None-Match: \"abc\" | FAILED",
                "If-Unmodified-Since: THEN & If-Modified-Since: THEN | NOT_MODIFIED",
            })
    void outcome_isAsTheRfcRequires(String fields, Precondition outcome) {
        assertThat(CONDITIONS.outcome(headers(fields))).isEqualTo(outcome);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Range: bytes=0- | true",
                "If-Range: \"abc\" | true",
                "If-Range: W/\"abc\" | false",
                "If-Range: \"x\" | false",
                "If-Range: \"abc\", \"x\" | false",
                "If-Range: THEN | true",
                "If-Range: BEFORE | false",
                "If-Range: AFTER | false",
                "If-Range: sometime | false",
                "If-Range: \"abc\" & If-Range: \"abc\" | false",
            })
    void range_isAllowed_ifItIsOfTheSameRepresentation(String fields, boolean allowed) {
        assertThat(CONDITIONS.allowRange(headers(fields))).isEqualTo(allowed);
    }

    @Test
    void rangeByDate_withinTheSameSecond_isNotAllowed() {
        Conditions fresh = new Conditions("\"abc\"", MODIFIED, MODIFIED.plusMillis(900));
        assertThat(fresh.allowRange(headers("If-Range: THEN"))).isFalse();
    }
}
