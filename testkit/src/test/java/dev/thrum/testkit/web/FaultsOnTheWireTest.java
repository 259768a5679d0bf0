package dev.thrum.testkit.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.engine.Connection;
import dev.thrum.engine.Engine;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.web.RawClient.End;
import dev.thrum.testkit.web.RawClient.Reply;
import dev.thrum.testkit.web.faults.Catalogue;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.nio.charset.Charset;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The faults do on the wire what they say; those that need time do it in module simulation. */
@ExtendWith(LeakCheck.class)
class FaultsOnTheWireTest {
    private static final String CLOSE = "Connection: close";
    private static final long MEBIBYTE = 1 << 20;

    private final Engine engine = Engine.virtual();
    private final RawClient client = new RawClient(engine);
    private @Nullable ScriptedWeb web;

    @AfterEach
    void end() {
        if (web != null) {
            web.close();
        }
        engine.close();
    }

    /** Starts a web with this fault; returns the URL of its corner. */
    private String corner(String fault) throws IOException {
        WebFault found = Catalogue.named(fault);
        ScriptedWeb started = ScriptedWeb.start(engine, WebPlan.of(1).with(found));
        web = started;
        return found.ofHost()
                ? started.map().seeds().getLast()
                : started.map().seeds().getFirst() + "f/" + fault + "/";
    }

    private Reply ask(String fault, String path) throws IOException {
        return client.get(corner(fault) + path, CLOSE);
    }

    @ParameterizedTest
    @CsvSource({
        "redirect-301, 301, from, to",
        "redirect-302, 302, from, to",
        "redirect-303, 303, from, to",
        "redirect-307, 307, from, to",
        "redirect-308, 308, from, to",
        "redirect-relative, 302, from, sub/to",
        "redirect-slash, 301, from, from/",
        "redirect-loop, 302, a, b",
        "redirect-to-itself, 302, self, self",
        "redirect-chain, 302, step0, step1",
        "redirect-malformed, 302, bad, http://[",
        "redirect-to-metadata, 302, from, http://169.254.169.254/latest/",
        "redirect-raw-utf-8, 302, from, Ã¼",
    })
    void redirect_hasItsStatusAndLocation(String fault, int status, String from, String to) throws IOException {
        Reply reply = ask(fault, from);

        assertThat(reply.head())
                .startsWith("HTTP/1.1 " + status + " ")
                .containsPattern("Location: .*\\Q" + to + "\\E\r\n");
    }

    @Test
    void redirectWithoutLocation_hasNone() throws IOException {
        assertThat(ask("redirect-without-location", "none").head())
                .startsWith("HTTP/1.1 302 ")
                .doesNotContain("Location");
    }

    @ParameterizedTest
    @CsvSource({
        "charset-undeclared, windows-1252, text/html",
        "charset-undeclared-utf-8, UTF-8, text/html",
        "charset-wrong, windows-1252, text/html; charset=utf-8",
        "charset-latin-1, windows-1252, text/html; charset=iso-8859-1",
        "charset-utf-16-le, UTF-16LE, text/html",
        "charset-utf-16-be, UTF-16BE, text/html",
        "charset-utf-16-header, UTF-16LE, text/html; charset=utf-16",
    })
    void charset_isThatOfTheBytesAndNotAlwaysThatOfTheHead(String fault, String charset, String type)
            throws IOException {
        Reply reply = ask(fault, "page");

        assertThat(new String(reply.bodyBytes(), Charset.forName(charset))).contains("<title>Grüße für 5 € – „schön“");
        assertThat(reply.head()).contains("Content-Type: " + type + "\r\n");
    }

    @Test
    void declarationInThePage_whenLate_isAfter1024Bytes() throws IOException {
        assertThat(ask("charset-meta-late", "page").body().indexOf("<meta charset"))
                .isGreaterThan(1_024);
    }

    private interface Decoder {
        InputStream over(InputStream coded) throws IOException;
    }

    private static byte[] decoded(Reply reply, Decoder decoder) throws IOException {
        try (InputStream in = decoder.over(new ByteArrayInputStream(reply.bodyBytes()))) {
            return in.readAllBytes();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"coding-gzip", "coding-x-gzip", "coding-members", "coding-undeclared"})
    void gzip_whenDecoded_isThePage(String fault) throws IOException {
        String page = new String(decoded(ask(fault, "page"), GZIPInputStream::new), UTF_8);

        assertThat(page).contains("<title>" + fault + " page</title>").endsWith("</html>\n");
    }

    @Test
    void doubleGzip_whenDecodedTwice_isThePage() throws IOException {
        byte[] page = decoded(ask("coding-double-gzip", "page"), in -> new GZIPInputStream(new GZIPInputStream(in)));

        assertThat(new String(page, UTF_8)).contains("<title>coding-double-gzip page</title>");
    }

    @Test
    void deflate_isInTheFormatZlib_orRaw() throws IOException {
        assertThat(new String(decoded(ask("coding-deflate", "page"), InflaterInputStream::new), UTF_8))
                .endsWith("</html>\n");
        if (web != null) {
            requireNonNull(web).close();
        }
        Inflater raw = new Inflater(true);
        try {
            byte[] page = decoded(ask("coding-deflate-raw", "page"), in -> new InflaterInputStream(in, raw));
            assertThat(new String(page, UTF_8)).endsWith("</html>\n");
        } finally {
            raw.end();
        }
    }

    @Test
    void gzip_whenCut_breaksOff() throws IOException {
        Reply reply = ask("coding-gzip-cut", "page");

        assertThat(reply.head()).contains("Content-Length: " + reply.bodyBytes().length + "\r\n");
        assertThatThrownBy(() -> decoded(reply, GZIPInputStream::new)).isInstanceOf(EOFException.class);
    }

    @Test
    void gzip_whenItsChecksumIsWrong_failsAtTheEnd() throws IOException {
        Reply reply = ask("coding-gzip-checksum", "page");

        assertThatThrownBy(() -> decoded(reply, GZIPInputStream::new)).isInstanceOf(ZipException.class);
    }

    @ParameterizedTest
    @CsvSource({"coding-lie, gzip", "coding-unknown, x-unknown", "coding-br-broken, br"})
    void coding_whenItIsALie_leavesThePagePlain(String fault, String coding) throws IOException {
        Reply reply = ask(fault, "page");

        assertThat(reply.head()).contains("Content-Encoding: " + coding + "\r\n");
        assertThat(reply.body()).startsWith("<!DOCTYPE html>");
    }

    @Test
    void bomb_isAThousandTimesAsLargeWhenDecoded() throws IOException {
        Reply reply = ask("coding-bomb", "page");

        int sent = reply.bodyBytes().length;
        assertThat(decoded(reply, GZIPInputStream::new).length)
                .isGreaterThan((int) (32 * MEBIBYTE))
                .isGreaterThan(900 * sent);
    }

    @ParameterizedTest
    @CsvSource({
        "framing-chunked, Transfer-Encoding: chunked",
        "framing-trailers, ;name=\"value\"",
        "framing-interim, HTTP/1.1 103 Early Hints",
        "framing-http-1-0, HTTP/1.0 200 OK",
        "framing-chunk-size-bad, zz",
        "framing-http-0-9, <!DOCTYPE html>",
        "framing-status-line-garbage, HELLO WORLD",
        "framing-status-too-large, HTTP/1.1 20000 OK",
        "framing-length-negative, Content-Length: -1",
        "framing-field-without-colon, no field",
        "framing-length-overflow, Content-Length: 999999999999999999999999999999",
    })
    void framing_hasItsPeculiarity(String fault, String peculiarity) throws IOException {
        assertThat(ask(fault, "page").bytes().lines()).anyMatch(line -> line.contains(peculiarity));
    }

    @Test
    void framingWithoutALength_endsWithTheConnection() throws IOException {
        Reply reply = client.get(corner("framing-to-end") + "page");

        assertThat(reply.head()).doesNotContain("Content-Length").doesNotContain("chunked");
        assertThat(reply.body()).endsWith("</html>\n");
        assertThat(reply.end()).isEqualTo(End.CLOSED);
    }

    @ParameterizedTest
    @CsvSource({"framing-length-short, -10", "framing-length-long, 100"})
    void framingLength_isWrongByThatMuch(String fault, int by) throws IOException {
        Reply reply = ask(fault, "page");

        assertThat(reply.head()).contains("Content-Length: " + (reply.body().length() + by) + "\r\n");
    }

    @Test
    void framingHead_whenHuge_isAboveAMebibyte() throws IOException {
        assertThat((long) ask("framing-head-huge", "page").head().length()).isGreaterThan(MEBIBYTE);
    }

    @ParameterizedTest
    @CsvSource({
        "connection-reset, RESET, false, false",
        "connection-close, CLOSED, false, false",
        "connection-close-in-head, CLOSED, true, false",
        "connection-close-in-body, CLOSED, true, true",
        "connection-close-in-chunk, CLOSED, true, true",
    })
    void connection_endsInItsWay(String fault, End end, boolean hasSome, boolean hasHead) throws IOException {
        Reply reply = client.get(corner(fault) + "page");

        assertThat(reply.end()).isEqualTo(end);
        assertThat(!reply.bytes().isEmpty()).isEqualTo(hasSome);
        assertThat(reply.bytes().contains("\r\n\r\n")).isEqualTo(hasHead);
        assertThat(reply.bytes()).doesNotContain("</html>");
    }

    /** What was sent before a reset may be lost on the way. */
    @Test
    void connection_whenResetInTheBody_isReset() throws IOException {
        Reply reply = client.get(corner("connection-reset-in-body") + "page");

        assertThat(reply.end()).isEqualTo(End.RESET);
        assertThat(reply.bytes()).doesNotContain("</html>");
    }

    @Test
    void connection_whenRefused_hasNoListener() throws IOException {
        String seed = corner("connection-refused");

        assertThatThrownBy(() -> client.get(seed)).isInstanceOf(ConnectException.class);
    }

    @Test
    void connection_whenNotReusable_endsAtTheNextRequest() throws IOException {
        URI page = URI.create(corner("connection-not-reusable") + "page1");
        try (Connection connection = client.open(page)) {
            String request = RawClient.request(page.getAuthority(), page.getPath());
            connection.writer().writeLatin1(request);
            connection.writer().flush();
            readUntil(connection, "</html>");
            connection.writer().writeLatin1(request);
            connection.writer().flush();

            assertThat(connection.reader().await()).isFalse();
        }
        assertThat(requireNonNull(web).log().count(page.toString())).isEqualTo(1);
    }

    private static void readUntil(Connection connection, String end) throws IOException {
        boolean found = false;
        while (!found) {
            found = connection.reader().readLine(1_000).orElseThrow().contains(end);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "connection-reset-once, 2",
        "connection-close-once, 2",
        "status-500-twice, 3",
        "throttled-429-seconds, 3",
        "throttled-503-date, 2",
        "redirect-to-itself-once, 2",
    })
    void fault_whenItPasses_isFollowedByThePage(String fault, int visit) throws IOException {
        String corner = corner(fault);
        String url = corner + (fault.startsWith("redirect") ? "self" : "page");
        for (int wrong = 1; wrong < visit; wrong++) {
            assertThat(client.get(url, CLOSE).bytes()).doesNotContain("</html>");
        }
        assertThat(client.get(url, CLOSE).body()).endsWith("</html>\n");
        assertThat(client.get(url, CLOSE).body()).endsWith("</html>\n");
    }

    @ParameterizedTest
    @CsvSource({
        "throttled-429-seconds, 429, '1'",
        "throttled-503-malformed, 503, soon",
        "throttled-429-negative, 429, '-5'",
        "throttled-503-past, 503, 'Sun, 06 Nov 1994 08:49:37 GMT'",
        "throttled-503-huge, 503, 99999999",
    })
    void throttling_hasItsStatusAndTime(String fault, int status, String time) throws IOException {
        assertThat(ask(fault, "page").head())
                .startsWith("HTTP/1.1 " + status + " ")
                .contains("Retry-After: " + time + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304, 401, 404, 410})
    void status_isSentWithoutABody(int status) throws IOException {
        assertThat(ask("status-" + status, "page").bytes())
                .startsWith("HTTP/1.1 " + status + " ")
                .endsWith("\r\n\r\n");
    }

    @Test
    void robots_whenLarge_hasRulesOnBothSidesOf512KiB() throws IOException {
        String robots = ask("robots-large", "robots.txt").body();

        assertThat(robots.indexOf("Disallow: /private/")).isBetween(0, 100);
        assertThat(robots.indexOf("Disallow: /late/")).isGreaterThan(512 * 1024);
    }

    @ParameterizedTest
    @CsvSource({
        "robots-500-for-ever, HTTP/1.1 500 ",
        "robots-404, HTTP/1.1 404 ",
        "robots-redirect, Location: rules.txt",
        "robots-delay, Crawl-delay: 0.2",
        "robots-delay-huge, Crawl-delay: 1000",
        "robots-agent, User-agent: THRUM",
        "robots-html, <html>",
    })
    void robots_areAsTheirNamesSay(String fault, String part) throws IOException {
        assertThat(ask(fault, "robots.txt").bytes()).contains(part);
    }

    @Test
    void sitemaps_areNamedInRobotsAndThere() throws IOException {
        String corner = corner("sitemap-gz-unnamed");

        assertThat(client.get(corner + "robots.txt", CLOSE).body()).contains("Sitemap: " + corner + "map.xml\n");
        assertThat(new String(decoded(client.get(corner + "map.xml", CLOSE), GZIPInputStream::new), UTF_8))
                .contains("<loc>" + corner + "page</loc>");
    }

    @ParameterizedTest
    @CsvSource({
        "trap-deeper, deep/more/again/more/more/, more/",
        "trap-calendar, calendar?day=2027-01-01, calendar?day=2027-01-02",
        "trap-sort-orders, sort?name=up, sort?price=up&amp;name=up",
        "trap-counter, count?n=77, count?n=1999",
    })
    void trap_hasALinkOnEachPage(String fault, String path, String href) throws IOException {
        assertThat(ask(fault, path).body()).contains("href=\"" + href + "\"");
    }

    @Test
    void sessionTrap_hasNewTokensEveryTime() throws IOException {
        String url = corner("trap-session-query") + "shop?sid=0";
        String first = client.get(url, CLOSE).body();
        UnaryOperator<String> withoutTokens = page -> page.replaceAll("sid=[0-9a-f]+", "sid=");

        String second = client.get(url, CLOSE).body();

        assertThat(second).isNotEqualTo(first);
        assertThat(withoutTokens.apply(second)).isEqualTo(withoutTokens.apply(first));
    }

    @Test
    void hugePage_hasAHundredThousandLinks() throws IOException {
        String page = ask("trap-huge-page", "huge").body();

        assertThat(page.split("<a ", -1)).hasSize(100_001);
        assertThat((long) page.length()).isLessThan(8 * MEBIBYTE);
    }

    @Test
    void image_isAnImageWhateverItsType() throws IOException {
        Reply reply = ask("type-image-as-html", "file");

        assertThat(reply.head()).contains("Content-Type: text/html\r\n");
        assertThat(reply.body()).startsWith(new String(new byte[] {(byte) 0x89, 'P', 'N', 'G'}, ISO_8859_1));
    }

    @Test
    void deepPage_hasAHundredThousandLevels() throws IOException {
        assertThat(ask("html-deep", "page").body().split("<div>", -1)).hasSize(100_001);
    }

    @Test
    void duplicates_areTheSameByteByByte() throws IOException {
        String corner = corner("duplicate");

        assertThat(client.get(corner + "first", CLOSE).body())
                .isEqualTo(client.get(corner + "sub/second", CLOSE).body());
    }
}
