package dev.thrum.testkit.web.faults;

import static dev.thrum.testkit.web.WebFault.ofPages;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.thrum.testkit.web.Corner;
import dev.thrum.testkit.web.Delivery;
import dev.thrum.testkit.web.Delivery.Then;
import dev.thrum.testkit.web.Expectation;
import dev.thrum.testkit.web.Expectation.Flaw;
import dev.thrum.testkit.web.WebFault;
import dev.thrum.testkit.web.WebResponse;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Messages of HTTP/1.1 that are framed in unusual or in wrong ways. */
final class FramingFaults {
    private static final int SHORT_BY = 10;
    private static final int HUGE_HEAD = 3_000;

    private FramingFaults() {}

    static List<WebFault> all() {
        return Stream.of(right(), lengths(), chunks(), heads())
                .flatMap(List::stream)
                .toList();
    }

    private static List<WebFault> right() {
        return List.of(
                right("framing-chunked", "A body in chunks.", WebResponse::inChunks),
                right("framing-to-end", "Without a length, up to the end of the connection.", WebResponse::toEnd),
                right("framing-tiny-writes", "Sent byte by byte.", it -> it.inPieces(1, Duration.ZERO)),
                right(
                        "framing-tiny-chunked",
                        "Chunks, sent in threes.",
                        it -> it.inChunks().inPieces(3, Duration.ZERO)),
                right("framing-interim", "Two interim responses first.", FramingFaults::interim),
                right("framing-trailers", "Chunks with extensions and trailers.", FramingFaults::trailers),
                right(
                        "framing-http-1-0",
                        "HTTP/1.0 without a length.",
                        it -> raw("HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + body(it))),
                right(
                        "framing-no-reason",
                        "A status line that ends with the status.",
                        it -> raw("HTTP/1.1 200\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n" + body(it))),
                right(
                        "framing-length-twice",
                        "The same length twice.",
                        it -> it.and(length(it, 0)).and(length(it, 0))));
    }

    private static List<WebFault> lengths() {
        return List.of(
                ofPages("framing-length-short", "A length below that of the body.", FramingFaults::shortLength),
                flawed(
                        "framing-length-long",
                        "A length above that of the body.",
                        Flaw.SOME,
                        it -> it.with(length(it, 100)).sent(Delivery.whole().then(Then.END))),
                flawed(
                        "framing-lengths-differ",
                        "Two lengths that differ.",
                        Flaw.ANY,
                        it -> it.and(length(it, 0))
                                .and(length(it, -SHORT_BY))
                                .sent(Delivery.whole().then(Then.END))),
                flawed(
                        "framing-length-negative",
                        "A length below 0.",
                        Flaw.ANY,
                        it -> it.with("Content-Length: -1")
                                .sent(Delivery.whole().then(Then.END))),
                flawed(
                        "framing-length-overflow",
                        "A length of 30 digits.",
                        Flaw.SOME,
                        it -> it.with("Content-Length: " + "9".repeat(30))
                                .sent(Delivery.whole().then(Then.END))),
                flawed(
                        "framing-length-and-chunks",
                        "A length and chunks.",
                        Flaw.ANY,
                        it -> it.inChunks()
                                .with("Content-Length: 5")
                                .sent(Delivery.whole().then(Then.END))));
    }

    private static List<WebFault> chunks() {
        return List.of(
                flawed(
                        "framing-chunk-size-bad",
                        "A chunk size that is no number.",
                        Flaw.SOME,
                        it -> chunks("zz\r\n" + body(it) + "\r\n0\r\n\r\n")),
                flawed(
                        "framing-chunk-size-huge",
                        "A chunk size above all numbers.",
                        Flaw.SOME,
                        it -> chunks("f".repeat(20) + "\r\n" + body(it))),
                flawed(
                        "framing-chunk-end-bad",
                        "A chunk that is longer than its size.",
                        Flaw.SOME,
                        it -> chunks("10\r\n" + body(it) + "\r\n0\r\n\r\n")),
                flawed(
                        "framing-no-last-chunk",
                        "The last chunk is missing.",
                        Flaw.SOME,
                        it -> chunks(Integer.toHexString(it.body().length) + "\r\n" + body(it) + "\r\n")));
    }

    private static List<WebFault> heads() {
        return List.of(
                flawed("framing-head-huge", "A head of more than a megabyte.", Flaw.ERROR, FramingFaults::hugeHead),
                flawed("framing-field-without-colon", "A line that is no field.", Flaw.ANY, it -> it.and("no field")),
                flawed(
                        "framing-status-line-garbage",
                        "A status line that is none.",
                        Flaw.ERROR,
                        _ -> raw("HELLO WORLD\r\n\r\n")),
                flawed(
                        "framing-status-no-number",
                        "A status that is no number.",
                        Flaw.ERROR,
                        it -> raw("HTTP/1.1 abc OK\r\n\r\n" + body(it))),
                flawed(
                        "framing-status-too-large",
                        "A status of five digits.",
                        Flaw.ERROR,
                        it -> raw("HTTP/1.1 20000 OK\r\n\r\n" + body(it))),
                flawed("framing-http-0-9", "A body without any head.", Flaw.ERROR, it -> raw(body(it))));
    }

    /** A page that is read as usual. */
    private static WebFault right(String name, String description, UnaryOperator<WebResponse> framing) {
        return ofPages(
                name,
                description,
                corner -> corner.faulty(
                                "page",
                                Expectation.fetched(corner.url("page")).title(corner.title("page")),
                                framing.apply(corner.html("page", "child")))
                        .page("child"));
    }

    /** A page that can't be read, or not as a whole; pages that are read before and after it don't suffer. */
    private static WebFault flawed(String name, String description, Flaw flaw, UnaryOperator<WebResponse> framing) {
        return ofPages(name, description, corner -> {
            corner.link("before")
                    .page("before")
                    .faulty(
                            "page",
                            Expectation.flawed(corner.url("page"), flaw),
                            framing.apply(corner.html("page", "child")))
                    .link("after")
                    .page("after");
            mayFollow(corner);
        });
    }

    /** The rest of the body precedes the next response, and a client may notice it too late. */
    private static void shortLength(Corner corner) {
        WebResponse whole = corner.html("page", "child");
        corner.faulty(
                        "page",
                        Expectation.fetched(corner.url("page")).title(corner.title("page")),
                        whole.with(length(whole, -SHORT_BY)))
                .put("child", corner.html("child"))
                .expect(Expectation.fetched(corner.url("child"))
                        .title(corner.title("child"))
                        .times(1, Expectation.TRIES));
    }

    private static void mayFollow(Corner corner) {
        corner.put("child", corner.html("child")).expect(Expectation.requested(corner.url("child"), 0, 1));
    }

    private static String body(WebResponse response) {
        return new String(response.body(), ISO_8859_1);
    }

    private static String length(WebResponse response, int by) {
        return "Content-Length: " + (response.body().length + by);
    }

    private static WebResponse raw(String bytes) {
        return WebResponse.raw(bytes);
    }

    private static WebResponse chunks(String body) {
        return raw("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
    }

    private static WebResponse interim(WebResponse response) {
        String interim = "HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n";
        return raw(interim + new String(response.message(), ISO_8859_1)).sent(Delivery.whole());
    }

    private static WebResponse trailers(WebResponse response) {
        String size = Integer.toHexString(response.body().length);
        return chunks(size + ";name=\"value\"\r\n" + body(response) + "\r\n000;last\r\nX-Trailer: yes\r\n\r\n")
                .sent(Delivery.whole());
    }

    private static WebResponse hugeHead(WebResponse response) {
        String field = "X-More: " + "and more ".repeat(40) + "\r\n";
        return raw("HTTP/1.1 200 OK\r\n" + field.repeat(HUGE_HEAD) + "\r\n" + body(response));
    }
}
