package dev.thrum.http.client;

import static dev.thrum.testkit.scripted.Conversation.crlf;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.Engine;
import dev.thrum.http.HttpLimits;
import dev.thrum.http.client.HttpClientConfig.Parsing;
import dev.thrum.http.syntax.Leniency;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.scripted.FedBackend.Fed;
import dev.thrum.testkit.scripted.FedWire;
import dev.thrum.testkit.scripted.ScriptedServer;
import dev.thrum.testkit.scripted.ScriptedServer.Then;
import java.io.IOException;
import java.io.UnsupportedEncodingException;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a tolerant client makes of malformed responses, and a strict one of the same. */
@ExtendWith(LeakCheck.class)
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class TolerantResponsesTest {
    private static final HttpClientConfig STRICT = HttpClientConfig.defaults()
            .withLimits(HttpLimits.defaults().withBody(1_000).withFields(300, 6));
    private static final HttpClientConfig TOLERANT = STRICT.withParsing(Parsing.TOLERANT);
    private static final URI ANYWHERE = URI.create("http://127.0.0.1:1/");
    private static final String OK = "HTTP/1.1 200 OK\r\n";

    /**
     * A response and its outcomes.
     *
     * @param then KEEP if the server waits for the next request, END if it closes the connection
     * @param tolerant what a tolerant client makes of it
     * @param strict how the outcome of a strict client begins
     */
    private record Row(Leniency leniency, String response, Then then, String tolerant, String strict) {}

    /** The end is in doubt: whatever the server does, the connection is not reused. */
    private static Row doubtful(Leniency leniency, String response, String tolerant) {
        return new Row(leniency, response, Then.KEEP, tolerant + " closed", "MALFORMED");
    }

    private static Row ended(Leniency leniency, String response, String tolerant, String strict) {
        return new Row(leniency, response, Then.END, tolerant + " closed", strict);
    }

    /** The end is certain, and the connection is reused. */
    private static Row kept(Leniency leniency, String response, String tolerant, String strict) {
        return new Row(leniency, response, Then.KEEP, tolerant + " kept", strict);
    }

    private static List<Row> heads() {
        String short3 = "Content-Length: 3\r\n\r\nabc";
        return List.of(
                doubtful(Leniency.LINE_FEED_ONLY, "HTTP/1.1 200 OK\nA: b\nContent-Length: 3\n\nabc", "200 A=b|abc"),
                doubtful(Leniency.LINE_FEED_ONLY, "HTTP/1.1 200 OK\r\nContent-Length: 3\n\r\nabc", "200 |abc"),
                doubtful(Leniency.LINE_FEED_ONLY, "HTTP/1.1 200\nContent-Length: 3\r\n\nabc", "200 |abc"),
                doubtful(
                        Leniency.LINE_FEED_ONLY,
                        "HTTP/1.1 100 Continue\n\nHTTP/1.1 200 OK\nContent-Length: 3\n\nabc",
                        "200 |abc"),
                doubtful(Leniency.CONTROL_CHARACTERS, OK + "A: b\u0000c\u0001d\u007f\r\n" + short3, "200 A=b c d|abc"),
                doubtful(
                        Leniency.CONTROL_CHARACTERS,
                        OK + "A: b\rContent-Length: 9\r\n" + short3,
                        "200 A=b Content-Length: 9|abc"),
                doubtful(Leniency.CONTROL_CHARACTERS, "HTTP/1.1 200 O\u0002K\r\n" + short3, "200 |abc"),
                doubtful(Leniency.FOLDED_FIELD, OK + "A: b\r\n c\r\n\t d \r\n" + short3, "200 A=b c d|abc"),
                doubtful(Leniency.FOLDED_FIELD, OK + "A:\r\n c\r\n" + short3, "200 A=c|abc"),
                doubtful(Leniency.FOLDED_FIELD, OK + "A: b\r\n \r\n" + short3, "200 A=b|abc"),
                doubtful(Leniency.FOLDED_FIELD, OK + " A: b\r\n" + short3, "200 |abc"),
                doubtful(Leniency.FOLDED_FIELD, OK + "no field\r\n of two lines\r\n" + short3, "200 |abc"),
                doubtful(Leniency.FOLDED_FIELD, OK + "Content-Length:\r\n 3\r\n\r\nabc", "200 |abc"),
                doubtful(Leniency.BLANK_BEFORE_COLON, OK + "A : b\r\nContent-Length\t: 3\r\n\r\nabc", "200 A=b|abc"),
                doubtful(Leniency.LINE_WITHOUT_FIELD, OK + "what is this?\r\n" + short3, "200 |abc"),
                doubtful(Leniency.LINE_WITHOUT_FIELD, OK + ": x\r\nA: b\r\n" + short3, "200 A=b|abc"),
                doubtful(Leniency.LINE_WITHOUT_FIELD, OK + "(A): b\r\n" + short3, "200 |abc"),
                doubtful(Leniency.EMPTY_LINES_BEFORE_STATUS, "\r\n\r\n\n\r\n" + OK + short3, "200 |abc"),
                doubtful(Leniency.LOOSE_STATUS_LINE, "HTTP/1.1   200\tFine\r\n" + short3, "200 |abc"),
                doubtful(Leniency.LOOSE_STATUS_LINE, "http/1.1 404 no\r\n" + short3, "404 |abc"),
                ended(Leniency.ICY_STATUS_LINE, "ICY 200 OK\r\nA: b\r\n\r\nmusic", "200 A=b|music", "MALFORMED"));
    }

    private static List<Row> framings() {
        String chunks = "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
        String http10 = "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n";
        return List.of(
                doubtful(Leniency.LENGTH_AND_CHUNKED, OK + "Content-Length: 9\r\n" + chunks, "200 |abc"),
                doubtful(
                        Leniency.LENGTH_AND_CHUNKED,
                        OK + "Content-Length: 3\r\nContent-Length: 4\r\n" + chunks,
                        "200 |abc"),
                doubtful(Leniency.REPEATED_CHUNKED, OK + "Transfer-Encoding: chunked\r\n" + chunks, "200 |abc"),
                doubtful(
                        Leniency.REPEATED_CHUNKED,
                        OK + "Transfer-Encoding: chunked, Chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
                        "200 |x"),
                doubtful(
                        Leniency.IDENTITY_TRANSFER_CODING,
                        OK + "Transfer-Encoding: identity\r\nContent-Length: 1\r\n\r\nx",
                        "200 |x"),
                ended(Leniency.IDENTITY_TRANSFER_CODING, OK + "Transfer-Encoding:\r\n\r\nxyz", "200 |xyz", "MALFORMED"),
                ended(Leniency.TRANSFER_CODING_IN_HTTP_1_0, http10 + chunks, "200 |3\r\nabc\r\n0\r\n\r\n", "MALFORMED"),
                doubtful(
                        Leniency.TRANSFER_CODING_IN_HTTP_1_0,
                        http10 + "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\nxy",
                        "200 |xy"),
                ended(Leniency.MALFORMED_LENGTH, OK + "Content-Length: 3 bytes\r\n\r\nabcd", "200 |abcd", "MALFORMED"),
                ended(Leniency.MALFORMED_LENGTH, OK + "Content-Length:\r\n\r\nabcd", "200 |abcd", "MALFORMED"),
                ended(Leniency.MALFORMED_LENGTH, OK + "Content-Length: -1\r\n\r\nabcd", "200 |abcd", "MALFORMED"),
                ended(Leniency.MALFORMED_LENGTH, OK + "Content-Length: +3\r\n\r\nabcd", "200 |abcd", "MALFORMED"),
                doubtful(
                        Leniency.LINE_FEED_ONLY,
                        OK + "Transfer-Encoding: chunked\r\n\r\n3\nabc\n2\r\nde\r\n0\n\n",
                        "200 |abcde"),
                doubtful(
                        Leniency.MALFORMED_CHUNK_EXTENSION,
                        OK + "Transfer-Encoding: chunked\r\n\r\n3  \r\nabc\r\n2;=\"\r\nde\r\n0\r\n\r\n",
                        "200 |abcde"),
                ended(
                        Leniency.END_AFTER_LAST_CHUNK,
                        OK + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n",
                        "200 |abc",
                        "CUT"),
                ended(
                        Leniency.END_AFTER_LAST_CHUNK,
                        OK + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nSum: 7\r\nMo",
                        "200 |abc",
                        "CUT"));
    }

    private static List<Row> contents() {
        String gzip = gzip("compressed");
        return List.of(
                kept(
                        Leniency.ODDLY_QUOTED_CHARSET,
                        OK + "Content-Type: text/plain; charset='iso-8859-1'\r\nContent-Length: 1\r\n\r\n\u00e9",
                        "200 |\u00e9",
                        "UnsupportedEncodingException"),
                kept(
                        Leniency.ODDLY_QUOTED_CHARSET,
                        OK + "Content-Type: text/plain; charset=\"iso-8859-1\r\nContent-Length: 1\r\n\r\n\u00e9",
                        "200 |\u00e9",
                        "UnsupportedEncodingException"),
                kept(Leniency.PADDING_AFTER_CODING, coded("gzip", gzip + "\0\0\0\0"), "200 |compressed", "MALFORMED"),
                kept(Leniency.PADDING_AFTER_CODING, coded("gzip", gzip + "\n"), "200 |compressed", "MALFORMED"),
                kept(Leniency.PADDING_AFTER_CODING, coded("gzip", gzip + "\u001f"), "200 |compressed", "CUT"),
                kept(
                        Leniency.PADDING_AFTER_CODING,
                        coded("x-gzip", gzip + gzip + "\u001fpadding"),
                        "200 |compressedcompressed",
                        "MALFORMED"),
                kept(
                        Leniency.MISSING_GZIP_TRAILER,
                        coded("gzip", gzip.substring(0, gzip.length() - 8)),
                        "200 |compressed",
                        "CUT"),
                kept(
                        Leniency.MISSING_GZIP_TRAILER,
                        coded("gzip", gzip.substring(0, gzip.length() - 1)),
                        "200 |compressed",
                        "CUT"),
                kept(Leniency.UNFOUNDED_CODING, coded("gzip", "<p>plain"), "200 |<p>plain", "MALFORMED"),
                kept(Leniency.UNFOUNDED_CODING, coded("gzip", "<"), "200 |<", "MALFORMED"),
                kept(Leniency.UNFOUNDED_CODING, coded("zstd", "<p>plain"), "200 |<p>plain", "MALFORMED"),
                kept(Leniency.UNFOUNDED_CODING, coded("deflate", "<p>plain"), "200 |<p>plain", "MALFORMED"),
                kept(Leniency.UNFOUNDED_CODING, coded("br", "<p>plain"), "200 |<p>plain", "MALFORMED"),
                kept(Leniency.UNFOUNDED_CODING, coded("br, gzip", "<p>plain"), "200 |<p>plain", "MALFORMED"),
                kept(Leniency.UNFOUNDED_CODING, coded("gzip, gzip", gzip), "200 |compressed", "MALFORMED"));
    }

    /** What stays an error. */
    private static List<Row> refused() {
        String chunked = OK + "Transfer-Encoding: chunked\r\n\r\n";
        return Stream.of(
                        "HTTP/2 200 OK\r\n\r\n",
                        "HTTP/1.1200 OK\r\n\r\n",
                        "HTTP/1.1 200OK\r\n\r\n",
                        "HTTP/1.1 20\r\n\r\n",
                        "HTTP/1.1 099 No\r\n\r\n",
                        "ICY\r\n\r\n",
                        "<html>no head\r\n\r\n",
                        "\r\n\r\n\r\n\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
                        "HTTP/1.1 101 Other\r\n\r\n",
                        OK + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
                        OK + "Content-Length: 3, 4\r\n\r\nabc",
                        OK + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                        OK + "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
                        OK + "Transfer-Encoding: gzip\r\n\r\n0\r\n\r\n",
                        chunked + "x\r\n",
                        chunked + "1 x\r\na\r\n0\r\n\r\n",
                        chunked + "1\r\nab\r\n0\r\n\r\n",
                        chunked + "\r\n",
                        coded("gzip", withOtherChecksum(gzip("a"))),
                        coded(
                                "gzip",
                                gzip("a").substring(0, 2) + "x" + gzip("a").substring(3)),
                        coded("br", "\u0000\u0001\u0002"))
                .map(response -> new Row(Leniency.LINE_FEED_ONLY, response, Then.KEEP, "MALFORMED", "MALFORMED"))
                .toList();
    }

    private static String coded(String coding, String body) {
        return OK + "Content-Encoding: " + coding + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static String gzip(String content) {
        try {
            return new String(Gzipped.gzip(content.getBytes(ISO_8859_1)), ISO_8859_1);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String withOtherChecksum(String gzip) {
        int at = gzip.length() - 8;
        return gzip.substring(0, at) + (char) (gzip.charAt(at) ^ 1) + gzip.substring(at + 1);
    }

    private static List<Row> all() {
        return Stream.of(heads(), framings(), contents(), refused())
                .flatMap(List::stream)
                .toList();
    }

    private static String outcome(HttpClient client, URI uri) throws IOException {
        try (ClientResponse response = client.send(ClientRequest.get(uri))) {
            String fields = response.headers().all("A").stream()
                    .map(value -> "A=" + value)
                    .collect(Collectors.joining());
            return response.status() + " " + fields + "|" + response.text()
                    + (client.idleConnections() == 1 ? " kept" : " closed");
        } catch (ResponseException e) {
            assertThat(client.idleConnections()).isZero();
            return e.kind().toString();
        } catch (UnsupportedEncodingException e) {
            return e.getClass().getSimpleName();
        }
    }

    private static String fed(Engine engine, HttpClientConfig config) throws IOException {
        try (HttpClient client = HttpClient.over(engine, config)) {
            return outcome(client, ANYWHERE);
        }
    }

    @Test
    void everyToleranceHasACase() {
        List<Leniency> tolerances = Arrays.stream(Leniency.values())
                .filter(Leniency::isOnlyTolerant)
                .toList();
        assertThat(Stream.of(heads(), framings(), contents())
                        .flatMap(List::stream)
                        .map(Row::leniency))
                .containsAll(tolerances);
    }

    @Test
    void everyResponseHasItsOutcome_whateverTheSizeOfItsFragments() throws Exception {
        try (Fed fed = new Fed()) {
            for (Row row : all()) {
                for (int size = 1; size <= row.response().length(); size++) {
                    FedWire wire = FedWire.of(row.response()).inFragments(size);
                    assertThat(fed(fed.opening(wire), TOLERANT))
                            .as("in fragments of %d: %s", size, row.response())
                            .isEqualTo(row.tolerant());
                }
            }
        }
    }

    @Test
    void strictClient_acceptsNoneOfThem() throws Exception {
        try (Fed fed = new Fed()) {
            for (Row row : all()) {
                assertThat(fed(fed.opening(FedWire.of(row.response())), STRICT))
                        .as(row.response())
                        .isEqualTo(row.strict());
            }
        }
    }

    /** A tolerant client reads what is well formed as a strict one does, and keeps its connection. */
    @Test
    void wellFormedResponses_haveTheSameOutcome() throws Exception {
        List<String> responses = List.of(
                crlf("HTTP/1.1 200 OK\nA: b \nContent-Length: 3\n\nabc"),
                crlf("HTTP/1.1 200\nA:\t\nContent-Length: 3\nContent-Length: 3\n\nabc"),
                crlf(
                        "HTTP/1.1 103 Hints\nA: x\n\nHTTP/1.1 200 OK\nA: b\nTransfer-Encoding: chunked\n\n1;a=b\nx\n0\nB: c\n\n"),
                crlf("HTTP/1.1 204 None\nA: \u00e9\n\n"),
                coded("gzip", gzip("text")));
        try (Fed fed = new Fed()) {
            for (String response : responses) {
                String strict = fed(fed.opening(FedWire.of(response)), STRICT);
                assertThat(strict).endsWith("kept");
                assertThat(fed(fed.opening(FedWire.of(response)), TOLERANT)).isEqualTo(strict);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.thrum.http.client.World#kinds")
    void everyResponseHasItsOutcome_onEveryEngine(String kind) throws Exception {
        World.play(kind, world -> {
            for (Row row : all()) {
                URI uri = world.serve(new ScriptedServer().respond(row.response(), row.then()));
                try (HttpClient client = world.client(TOLERANT)) {
                    assertThat(outcome(client, uri)).as(row.response()).isEqualTo(row.tolerant());
                }
            }
        });
    }

    @Test
    void tooManyLinesAndBytes_areRefused_whateverTheyAre() throws Exception {
        List<String> heads = List.of(
                OK + "A: b\r\n".repeat(7) + "\r\n",
                OK + "no field\r\n".repeat(7) + "\r\n",
                OK + "A: b\r\n" + " c\r\n".repeat(100) + "\r\n",
                OK + "A: " + "\0".repeat(300) + "\r\n\r\n");
        try (Fed fed = new Fed()) {
            for (String head : heads) {
                assertThat(fed(fed.opening(FedWire.of(head)), TOLERANT))
                        .as(head)
                        .isEqualTo("TOO_LARGE");
            }
        }
    }
}
