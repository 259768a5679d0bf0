package dev.thrum.crawl.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.http.Headers;
import dev.thrum.http.client.url.Url;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The fields of a response that describe a file. */
class HeadersOfFilesTest {
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "attachment; filename=\"a.txt\"|a.txt",
                "attachment; filename=a.txt|a.txt",
                "attachment; filename=a.txt;|a.txt",
                "attachment; filename=\"a.txt\";|a.txt",
                "attachment; filename=\"a b.txt\" ; x=y|a b.txt",
                "attachment; filename=a b.txt|a b.txt",
                "ATTACHMENT; FILENAME=\"A.txt\"|A.txt",
                "filename=\"a.txt\"|a.txt",
                "attachment;filename = \"a.txt\"|a.txt",
                "attachment; filename=\"a\\\"b.txt\"|a\"b.txt",
                "attachment; filename=\"C:\\dir\\b.txt\"|C:\\dir\\b.txt",
                "attachment; filename=\"a;b.txt\"|a;b.txt",
                "attachment; filename=\"open|open",
                "attachment; filename=a.txt; filename=b.txt|a.txt",
                "attachment; filename=a.txt; filename*=UTF-8''%e2%82%ac.txt|€.txt",
                "attachment; filename*=UTF-8''%e2%82%ac.txt; filename=a.txt|€.txt",
                "attachment; filename*=utf-8'en'a%20b.txt;|a b.txt",
                "attachment; filename*=ISO-8859-1''%a3.txt|£.txt",
                "attachment; filename*=\"UTF-8''a.txt\"|a.txt",
                "attachment; filename*=UTF-8''%e2%82; filename=a.txt|a.txt",
                "attachment; filename*=KOI8-R''%a3; filename=a.txt|a.txt",
                "attachment; filename*=a.txt; filename=b.txt|b.txt",
                "attachment; filename=\"Ã¤.txt\"|ä.txt",
                "attachment; filename=\"ä.txt\"|ä.txt",
                "attachment; filename=\"a%20b.txt\"|a%20b.txt",
                "attachment; xfilename=a.txt|",
                "attachment|",
                "attachment; filename|",
                ";;;=;|"
            })
    void dispositions_areReadAsBrowsersReadThem(String value, String expected) {
        assertThat(ContentDisposition.filename(value)).isEqualTo(Optional.ofNullable(expected));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://a/x/report.pdf?b=/c.txt#d|report.pdf",
                "http://a/%2e%2e%2f%2e%2e%2fetc%2fpasswd|passwd",
                "http://a/a%5Cb%00.txt|b_.txt",
                "http://a/%e2%82%ac.txt|€.txt",
                "http://a/%a3.txt|£.txt",
                "http://a/%|%",
                "http://a/|download",
                "http://a/dir/|download",
                "http://a/%20|download"
            })
    void urls_proposeTheirLastSegment(String url, String expected) {
        assertThat(ProposedName.of(Headers.none(), Url.parse(url))).isEqualTo(expected);
    }

    @Test
    void pagesWithoutName_areIndexes_andUselessDispositionsAreIgnored() {
        Headers html = Headers.of("Content-Type", "text/html; charset=utf-8");
        assertThat(ProposedName.of(html, Url.parse("http://a/"))).isEqualTo("index.html");
        Headers none = Headers.of("Content-Disposition", "attachment; filename=\"..\"");
        assertThat(ProposedName.of(none, Url.parse("http://a/b.txt"))).isEqualTo("b.txt");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip|application/octet-stream|a.tar.gz|true",
                "x-gzip|application/x-tar|a.tgz|true",
                "gzip|application/gzip|a|true",
                "gzip|text/html|a.html|false",
                "gzip|application/octet-stream|a.zst|false",
                "br|application/octet-stream|a.br|true",
                "zstd|application/octet-stream|a.tar.zst|true",
                "gzip, gzip|application/octet-stream|a.gz|false"
            })
    void codings_areTheFilesOwn_ifItsNameOrTypeSaysSo(String coding, String type, String name, boolean own) {
        Headers headers = Headers.of("Content-Encoding", coding).and("Content-Type", type);
        assertThat(ProposedName.ownsCoding(headers, Url.parse("http://a/" + name)))
                .isEqualTo(own);
    }

    @ParameterizedTest
    @CsvSource({
        "bytes 0-9/10, 0, 9, 10",
        "bytes 5-5/*, 5, 5, -1",
        "BYTES 5-6/7, 5, 6, 7",
        "bytes */10, -1, -1, 10",
        "bytes=0-1/2, 0, 1, 2"
    })
    void contentRanges_areParsed(String value, long first, long last, long total) {
        assertThat(ContentRange.parse(value)).contains(new ContentRange(first, last, total));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bytes",
                "bytes 0-9",
                "bytes 9-0/10",
                "bytes 0-10/10",
                "bytes */*",
                "bytes -1-2/3",
                "items 0-1/2",
                "bytes 0-1/2, 3-4/5",
                "bytes 0-99999999999999999999/100000000000000000000"
            })
    void contentRanges_areRefused_ifTheyContradictThemselves(String value) {
        assertThat(ContentRange.parse(value)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "120|120",
                "0|0",
                "99999999999999999999|999999999",
                "Mon, 30 Nov 2026 12:02:00 GMT|120",
                "Monday, 30-Nov-26 12:00:30 GMT|30",
                "Mon Nov 30 12:00:05 2026|5",
                "Mon, 30 Nov 2026 11:00:00 GMT|0",
                "soon|",
                "-5|",
                "1.5|"
            })
    void retryAfter_isReadInBothForms(String value, Long seconds) {
        assertThat(RetryAfter.of(Headers.of("Retry-After", value), NOW))
                .isEqualTo(Optional.ofNullable(seconds).map(Duration::ofSeconds));
    }

    @Test
    void retryAfter_countsByTheClockOfTheServer() {
        Headers headers =
                Headers.of("Retry-After", "Mon, 30 Nov 2026 13:01:00 GMT").and("Date", "Mon, 30 Nov 2026 13:00:00 GMT");
        assertThat(RetryAfter.of(headers, NOW)).contains(Duration.ofMinutes(1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"1\"|Mon, 30 Nov 2026 10:00:00 GMT|Mon, 30 Nov 2026 12:00:00 GMT|\"1\"",
                "W/\"1\"|Mon, 30 Nov 2026 10:00:00 GMT|Mon, 30 Nov 2026 12:00:00 GMT|",
                "unquoted|Mon, 30 Nov 2026 10:00:00 GMT|Mon, 30 Nov 2026 12:00:00 GMT|Mon, 30 Nov 2026 10:00:00 GMT",
                "|Mon, 30 Nov 2026 10:00:00 GMT|Mon, 30 Nov 2026 12:00:00 GMT|Mon, 30 Nov 2026 10:00:00 GMT",
                "|Mon, 30 Nov 2026 11:59:30 GMT|Mon, 30 Nov 2026 12:00:00 GMT|",
                "|Mon, 30 Nov 2026 12:30:00 GMT|Mon, 30 Nov 2026 12:00:00 GMT|",
                "|Mon, 30 Nov 2026 10:00:00 GMT||",
                "|yesterday|Mon, 30 Nov 2026 12:00:00 GMT|",
                "||Mon, 30 Nov 2026 12:00:00 GMT|"
            })
    void onlyStrongValidators_areUsedToResume(String etag, String modified, String date, String expected) {
        Headers.Builder headers = Headers.builder();
        if (etag != null) {
            headers.add("ETag", etag);
        }
        if (modified != null) {
            headers.add("Last-Modified", modified);
        }
        if (date != null) {
            headers.add("Date", date);
        }
        assertThat(Validators.of(headers.build(), NOW).ifRange()).isEqualTo(Optional.ofNullable(expected));
    }
}
