package dev.thrum.http.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListDatesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1994-11-06T08:49:37.5Z",
                "1970-01-01T00:00:00Z",
                "1969-12-31T23:59:59.999Z",
                "2028-02-29T23:59:59Z",
                "+10000-01-01T00:00:00Z",
                "-0001-01-01T10:09:08Z"
            })
    void dates_areFormattedAsJavaTimeDoes(String text) {
        Instant instant = Instant.parse(text);
        StringBuilder written = new StringBuilder();
        ListDates dates = new ListDates(written);
        dates.exact(instant.minus(1, ChronoUnit.DAYS));
        written.setLength(0);

        dates.exact(instant);
        dates.day(instant);
        dates.minute(instant);

        String whole = instant.truncatedTo(ChronoUnit.SECONDS).toString();
        int day = whole.indexOf('T');
        assertThat(written).hasToString(whole + whole.substring(0, day) + whole.substring(day + 1, day + 6));
    }
}
