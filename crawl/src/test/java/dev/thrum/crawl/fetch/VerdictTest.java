package dev.thrum.crawl.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.http.Headers;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a response means, for a part of 10 bytes whose validator is "1". */
class VerdictTest {
    private static final Validators STRONG = new Validators("\"1\"", "", false);

    private static PartRecord part(Validators validators, long total) {
        return new PartRecord("http://a/", "a", validators, total, "", 0);
    }

    private static String verdict(int status, String range, Long length, String etag, long total) {
        Headers headers = Headers.none();
        headers = range == null ? headers : headers.and("Content-Range", range);
        headers = length == null ? headers : headers.and("Content-Length", Long.toString(length));
        Validators sent = new Validators(etag == null ? "" : etag, "", false);
        return Verdict.of(status, headers, sent, 10, part(STRONG, total))
                .getClass()
                .getSimpleName();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "200||36|\"1\"|36|Whole",
                "203||36|\"2\"|36|Whole",
                "206|bytes 10-35/36|26|\"1\"|36|Range",
                "206|bytes 10-35/36||\"1\"|36|Range",
                "206|bytes 10-35/36|26|\"1\"|-1|Range",
                "206|bytes 10-35/*|26|\"1\"|36|Range",
                "206|bytes 10-20/36|11|\"1\"|36|Range",
                "206||26|\"1\"|36|StartOver",
                "206|bytes 10-35/36|26||36|StartOver",
                "206|bytes 10-35/36|26|\"2\"|36|StartOver",
                "206|bytes 10-35/36|26|W/\"1\"|36|StartOver",
                "206|bytes 9-35/36|27|\"1\"|36|StartOver",
                "206|bytes 11-35/36|25|\"1\"|36|StartOver",
                "206|bytes 0-35/36|36|\"1\"|36|StartOver",
                "206|bytes 10-35/37|26|\"1\"|36|StartOver",
                "206|bytes 10-35/36|25|\"1\"|36|StartOver",
                "206|bytes 10-35/36|27|\"1\"|36|StartOver",
                "206|bytes */36|26|\"1\"|36|StartOver",
                "416|bytes */10||\"1\"|-1|Complete",
                "416|bytes */10|||-1|Complete",
                "416|bytes */10||\"2\"|-1|StartOver",
                "416|bytes */10||\"1\"|36|StartOver",
                "416|bytes */9||\"1\"|-1|StartOver",
                "416|bytes 0-9/10||\"1\"|-1|StartOver",
                "416|||\"1\"|-1|StartOver",
                "304|||\"1\"|36|Refused",
                "404||||36|Refused",
                "204||||36|Refused",
                "503||||36|Refused"
            })
    void responses_areJudgedByStatusAndLabel(
            int status, String range, Long length, String etag, long total, String expected) {
        assertThat(verdict(status, range, length, etag, total)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"206,bytes 0-9/10", "416,bytes */0"})
    void rangesThatNobodyAskedFor_areRefused(int status, String range) {
        Headers headers = Headers.of("Content-Range", range);
        assertThat(Verdict.of(status, headers, STRONG, 0, null)).isInstanceOf(Verdict.Refused.class);
        assertThat(Verdict.of(status, headers, STRONG, 0, part(STRONG, 10))).isInstanceOf(Verdict.Refused.class);
    }

    @ParameterizedTest
    @CsvSource({"A,A,Range", "A,B,StartOver", "A,,StartOver"})
    void date_countsOnlyIfThePartHasNoEntityTag(String known, String sent, String expected) {
        Headers headers = Headers.of("Content-Range", "bytes 10-35/36");
        Validators response = new Validators("", sent == null ? "" : sent, false);
        assertThat(Verdict.of(206, headers, response, 10, part(new Validators("", known, true), 36))
                        .getClass()
                        .getSimpleName())
                .isEqualTo(expected);
    }
}
