package dev.thrum.http.client;

import static dev.thrum.testkit.scripted.Conversation.crlf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.thrum.http.HttpLimits;
import dev.thrum.http.client.ResponseException.Kind;
import dev.thrum.simulation.Faults;
import dev.thrum.simulation.LinkFaults;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.scripted.ScriptedServer;
import dev.thrum.testkit.scripted.ScriptedServer.Then;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The client's result for every kind of response. */
@ExtendWith(LeakCheck.class)
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class ClientResponsesTest {
    private static final int MUTANTS = Boolean.getBoolean("thrum.soak") ? 300_000 : 4_000;
    private static final HttpClientConfig CONFIG = HttpClientConfig.defaults()
            .withLimits(HttpLimits.defaults().withBody(100).withFields(300, 6));
    private static final String OK = "HTTP/1.1 200 OK\r\n";

    /**
     * A response and its expected outcome.
     *
     * @param then KEEP if the server waits for the next request, END if it closes the connection
     */
    private record Row(String method, String response, Then then, String expected) {}

    private static Row get(String answer, Then then, String expected) {
        return new Row("GET", crlf(answer), then, expected);
    }

    private static Row kept(String answer, String expected) {
        return get(answer, Then.KEEP, expected + " kept");
    }

    private static Row closed(String answer, String expected) {
        return get(answer, Then.KEEP, expected + " closed");
    }

    private static Row ended(String answer, String expected) {
        return get(answer, Then.END, expected);
    }

    private static Row malformed(String answer, String because) {
        return get(answer, Then.KEEP, Kind.MALFORMED + " " + because);
    }

    private static Row tooLarge(String answer, String because) {
        return get(answer, Then.KEEP, Kind.TOO_LARGE + " " + because);
    }

    private static List<Row> wellFormed() {
        return List.of(
                kept("HTTP/1.1 200 OK\nContent-Length: 3\n\nabc", "200 abc"),
                kept("HTTP/1.1 200 \nContent-Length: 3\n\nabc", "200 abc"),
                kept("HTTP/1.1 200\nContent-Length: 3\n\nabc", "200 abc"),
                kept("HTTP/1.7 200 OK\nContent-Length: 3\n\nabc", "200 abc"),
                kept("HTTP/1.1 200 Tr\u00e8s bien\nContent-Length: 0\n\n", "200 "),
                kept("HTTP/1.1 999 Odd\nContent-Length: 1\n\nx", "999 x"),
                kept("HTTP/1.1 404 Not Found\ncontent-length:\t2 \n\nno", "404 no"),
                kept("HTTP/1.1 200 OK\nContent-Length: 3\nContent-Length: 3\n\nabc", "200 abc"),
                kept("HTTP/1.1 200 OK\nContent-Length: 3, 3\n\nabc", "200 abc"),
                kept("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n3\nabc\n2;x=y\nde\n0\n\n", "200 abcde"),
                kept("HTTP/1.1 200 OK\nTransfer-Encoding: CHUNKED\n\n0\n\n", "200 "),
                kept("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n1\nx\n0\nSum: 7\n\n", "200 x{Sum: 7}"),
                kept("HTTP/1.1 204 No Content\n\n", "204 "),
                kept("HTTP/1.1 204 No Content\nContent-Length: 0\n\n", "204 "),
                kept("HTTP/1.1 304 Not Modified\nContent-Length: 5\n\n", "304 "),
                kept("HTTP/1.1 304 Not Modified\nTransfer-Encoding: chunked\n\n", "304 "),
                kept("HTTP/1.1 100 Continue\n\nHTTP/1.1 200 OK\nContent-Length: 1\n\nx", "200 x"),
                kept("HTTP/1.1 103 Hints\nLink: a\n\nHTTP/1.1 102\n\nHTTP/1.1 200 OK\nContent-Length: 1\n\nx", "200 x"),
                kept("HTTP/1.0 200 OK\nConnection: keep-alive\nContent-Length: 1\n\nx", "200 x"),
                closed("HTTP/1.0 200 OK\nContent-Length: 1\n\nx", "200 x"),
                closed("HTTP/1.1 200 OK\nConnection: a, Close\nContent-Length: 1\n\nx", "200 x"),
                closed("HTTP/1.1 204 No Content\nContent-Length: 5\n\n", "204 "),
                closed("HTTP/1.1 204 No Content\nTransfer-Encoding: chunked\n\n", "204 "),
                ended("HTTP/1.1 200 OK\nContent-Length: 1\n\nx", "200 x"),
                ended("HTTP/1.1 200 OK\n\nuntil the end", "200 until the end closed"),
                ended("HTTP/1.0 200 OK\n\n", "200  closed"),
                new Row("HEAD", crlf("HTTP/1.1 200 OK\nContent-Length: 500\n\n"), Then.KEEP, "200  kept"),
                new Row("HEAD", crlf("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n"), Then.KEEP, "200  kept"),
                new Row("HEAD", crlf("HTTP/1.1 200 OK\n\n"), Then.KEEP, "200  kept"));
    }

    private static List<Row> malformedHeads() {
        return List.of(
                malformed("HTTP/2 200 OK\nContent-Length: 0\n\n", "status line"),
                malformed("HTTP/2.0 200 OK\nContent-Length: 0\n\n", "status line"),
                malformed("http/1.1 200 OK\nContent-Length: 0\n\n", "status line"),
                malformed("HTTP/1.1  200 OK\nContent-Length: 0\n\n", "status line"),
                malformed("HTTP/1.1\t200 OK\nContent-Length: 0\n\n", "status line"),
                malformed("HTTP/1.1 20 OK\nContent-Length: 0\n\n", "status line"),
                malformed("HTTP/1.1 2000 OK\nContent-Length: 0\n\n", "status line"),
                malformed("HTTP/1.1 099 OK\nContent-Length: 0\n\n", "status line"),
                malformed("HTTP/1.1 2x0 OK\nContent-Length: 0\n\n", "status line"),
                malformed("HTTP/1.1 +20 OK\nContent-Length: 0\n\n", "status line"),
                malformed("ICY 200 OK\nContent-Length: 0\n\n", "status line"),
                malformed("\nHTTP/1.1 200 OK\nContent-Length: 0\n\n", "status line"),
                malformed("SSH-2.0-OpenSSH_9.6\n", "status line"),
                new Row("GET", "HTTP/1.1 200 OK\nContent-Length: 0\n\n", Then.KEEP, "MALFORMED there is only LF"),
                new Row("GET", "HTTP/1.1 200 OK\rX\r\n\r\n", Then.KEEP, "MALFORMED there is only CR"),
                new Row("GET", OK + "A: b\rContent-Length: 1\r\n\r\n", Then.KEEP, "MALFORMED there is only CR"),
                malformed("HTTP/1.1 101 Switching\nUpgrade: x\n\n", "101"),
                // The server waits for the other protocol, or speaks it at once.
                get("HTTP/1.1 101 Switching\nUpgrade: x\n\n", Then.HOLD, "MALFORMED 101"),
                get(
                        "HTTP/1.1 101 Switching\nUpgrade: x\n\nHTTP/1.1 200 OK\nContent-Length: 0\n\n",
                        Then.HOLD,
                        "MALFORMED 101"));
    }

    private static List<Row> malformedFraming() {
        return List.of(
                malformed("HTTP/1.1 200 OK\nContent-Length: 3\nContent-Length: 4\n\nabc", "several"),
                malformed("HTTP/1.1 200 OK\nContent-Length: 3, 4\n\nabc", "several"),
                malformed("HTTP/1.1 200 OK\nContent-Length: +3\n\nabc", "number"),
                malformed("HTTP/1.1 200 OK\nContent-Length: -3\n\nabc", "number"),
                malformed("HTTP/1.1 200 OK\nContent-Length: 0x3\n\nabc", "number"),
                malformed("HTTP/1.1 200 OK\nContent-Length:\n\n", "number"),
                malformed("HTTP/1.1 200 OK\nContent-Length: 3\nTransfer-Encoding: chunked\n\n0\n\n", "both"),
                malformed("HTTP/1.1 304 OK\nContent-Length: 3\nTransfer-Encoding: chunked\n\n", "both"),
                malformed("HTTP/1.0 200 OK\nTransfer-Encoding: chunked\n\n0\n\n", "HTTP/1.0"),
                malformed("HTTP/1.1 200 OK\nTransfer-Encoding: gzip, chunked\n\n0\n\n", "coding"),
                malformed("HTTP/1.1 200 OK\nTransfer-Encoding: gzip\n\n0\n\n", "coding"),
                malformed("HTTP/1.1 200 OK\nTransfer-Encoding: chunked, chunked\n\n0\n\n", "once"),
                malformed("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\nTransfer-Encoding: chunked\n\n", "several"),
                malformed("HTTP/1.1 200 OK\nTransfer-Encoding:\n\n0\n\n", "chunked"),
                malformed("HTTP/1.1 200 OK\nName : x\n\n", "blank before the colon"),
                malformed("HTTP/1.1 200 OK\nName: x\n folded\n\n", "folding"),
                malformed("HTTP/1.1 200 OK\n: x\n\n", "a name"),
                malformed("HTTP/1.1 200 OK\nName\n\n", "a name"),
                malformed("HTTP/1.1 200 OK\nName: a\u0000b\n\n", "control"),
                malformed("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\nx\n", "hexadecimal"),
                malformed("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n-1\n", "hexadecimal"),
                malformed("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n1\nab\n0\n\n", "CR LF at its end"),
                malformed("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n1 x\na\n0\n\n", "semicolon"));
    }

    private static List<Row> tooLarge() {
        return List.of(
                tooLarge("HTTP/1.1 200 OK\nContent-Length: 101\n\n", "at most 100 bytes"),
                tooLarge("HTTP/1.1 200 OK\nContent-Length: 9999999999999999999\n\n", "Content too large"),
                tooLarge("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n65\n" + "x".repeat(101), "at most 100 bytes"),
                tooLarge("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n0000000000000000\n", "digits"),
                tooLarge("HTTP/1.1 200 OK\nA: " + "x".repeat(300) + "\n\n", "at most 300 bytes"),
                tooLarge("HTTP/1.1 200 OK\n" + "A: b\n".repeat(7) + "\n", "6 fields"),
                tooLarge("HTTP/1.1 200 " + "x".repeat(9_000) + "\n\n", "Status line too long"),
                tooLarge("HTTP/1.1 100 Go on\n\n".repeat(9) + "HTTP/1.1 200 OK\n\n", "at most 8"),
                ended("HTTP/1.1 200 OK\n\n" + "x".repeat(101), "TOO_LARGE at most 100 bytes"));
    }

    private static List<Row> cut() {
        return List.of(
                ended("", "NOTHING the server ended"),
                ended("H", "CUT in a line"),
                ended("HTTP/1.1 200 OK\nContent-Length: 3\n", "CUT in a line"),
                ended("HTTP/1.1 100 Continue\n\n", "CUT in a line"),
                ended("HTTP/1.1 200 OK\nContent-Length: 3\n\nab", "CUT 1 byte before its end"),
                ended("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n3\nab", "CUT within a chunk"),
                ended("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n3\nabc\n", "CUT in a line"),
                ended("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n3\nabc\n0\n", "CUT in a line"));
    }

    private static List<Row> illFormed() {
        return Stream.of(malformedHeads(), malformedFraming(), tooLarge(), cut())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Row> all() {
        List<Row> all = new ArrayList<>(wellFormed());
        all.addAll(illFormed());
        return all;
    }

    /** Sends a request, and describes the outcome in one line; a client has no other outcomes. */
    private static String outcome(HttpClient client, ClientRequest request) throws IOException {
        try (ClientResponse response = client.send(request)) {
            String body = new String(response.bytes(), StandardCharsets.ISO_8859_1);
            String trailers = response.trailers().toString().strip();
            return response.status() + " " + body + (trailers.isEmpty() ? "" : "{" + trailers + "}")
                    + (client.idleConnections() == 1 ? " kept" : " closed");
        } catch (ResponseException e) {
            assertThat(client.idleConnections()).isZero();
            return e.kind() + " " + e.getMessage();
        }
    }

    private static void check(World world, Row row) throws Exception {
        ScriptedServer server = new ScriptedServer().respond(row.response(), row.then());
        URI uri = world.serve(server);
        try (HttpClient client = world.client(CONFIG)) {
            String outcome = outcome(client, ClientRequest.of(row.method(), uri));
            String[] expected = row.expected().split(" ", 2);
            assertThat(outcome).as(row.response()).startsWith(expected[0]).contains(expected[1]);
        }
    }

    @Test
    void table_hasEnoughRows() {
        assertThat(wellFormed().size()).isGreaterThan(25);
        assertThat(illFormed().size()).isGreaterThan(50);
    }

    @ParameterizedTest
    @MethodSource("dev.thrum.http.client.World#kinds")
    void everyResponse_hasItsExpectedOutcome_onEveryEngine(String kind) throws Exception {
        World.play(kind, world -> {
            for (Row row : all()) {
                check(world, row);
            }
        });
    }

    @Test
    void everyResponse_hasItsExpectedOutcome_whenItArrivesByteByByte() {
        for (Row row : all()) {
            World.simulate(World.BYTEWISE, 1, world -> check(world, row));
        }
    }

    @Test
    void response_isNeverSilentlyShort_whereverItIsCut() {
        World.simulate(Faults.none(), 1, world -> {
            for (Row row : wellFormed()) {
                if (row.then() == Then.KEEP) {
                    for (int length = 0; length < row.response().length(); length++) {
                        checkCut(world, row, length);
                    }
                }
            }
        });
    }

    private static void checkCut(World world, Row row, int length) throws Exception {
        ScriptedServer server = new ScriptedServer().respond(row.response().substring(0, length), Then.END);
        URI uri = world.serve(server);
        try (HttpClient client = world.client(CONFIG)) {
            String outcome = outcome(client, ClientRequest.of(row.method(), uri));
            assertThat(outcome)
                    .as("%s after %d bytes", row.response(), length)
                    .startsWith(length == 0 ? "NOTHING" : "CUT");
        }
    }

    @Test
    void bodyWithoutLength_isAnError_whenTheConnectionIsReset() {
        Faults resetAfterSome = (_, direction, _) ->
                direction == Faults.Direction.TO_CLIENT ? LinkFaults.none().withResetAt(25) : LinkFaults.none();
        World.simulate(resetAfterSome, 1, world -> {
            URI uri = world.serve(new ScriptedServer().respond(OK + "\r\nabcdefghijklmnop", Then.END));
            try (HttpClient client = world.client(CONFIG);
                    ClientResponse response = client.send(ClientRequest.get(uri))) {
                assertThat(catchThrowable(response::bytes))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("reset");
            }
        });
    }

    /** Any input has an outcome in time, and causes no other exception. */
    @Test
    void mutatedResponses_haveAnOutcome_whateverTheyAre() {
        SplittableRandom random = new SplittableRandom(Long.getLong("thrum.seed", 1));
        List<Row> seeds = all();
        int perWorld = 500;
        for (int done = 0; done < MUTANTS; done += perWorld) {
            World.simulate(Faults.none(), 1, world -> {
                for (int i = 0; i < perWorld; i++) {
                    Row row = seeds.get(random.nextInt(seeds.size()));
                    checkMutant(world, row.method(), mutated(row.response(), random));
                }
            });
        }
    }

    private static void checkMutant(World world, String method, String answer) throws Exception {
        URI uri = world.serve(new ScriptedServer().respond(answer, Then.END));
        try (HttpClient client = world.client(CONFIG)) {
            long before = world.clock().nanoTime();
            String outcome = outcome(client, ClientRequest.of(method, uri));
            assertThat(outcome).as(answer).matches("(?s)([1-9]\\d\\d|NOTHING|CUT|MALFORMED|TOO_LARGE) .*");
            assertThat(outcome.length()).as(answer).isLessThan(1_000);
            assertThat(world.clock().nanoTime() - before).isLessThan(1_000_000_000L);
        }
    }

    private static String mutated(String answer, SplittableRandom random) {
        StringBuilder text = new StringBuilder(answer);
        for (int edits = 1 + random.nextInt(3); edits > 0 && !text.isEmpty(); edits--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(6)) {
                case 0 -> text.setCharAt(at, (char) random.nextInt(256));
                case 1 -> text.deleteCharAt(at);
                case 2 -> text.insert(at, (char) random.nextInt(256));
                case 3 -> text.insert(at, "\r\n \t:,;09af".charAt(random.nextInt(11)));
                case 4 -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(40))));
                default -> text.delete(at, Math.min(text.length(), at + random.nextInt(10)));
            }
        }
        return text.toString();
    }
}
