package dev.thrum.testkit.web.faults;

import static dev.thrum.testkit.web.WebFault.ofPages;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.testkit.web.Corner;
import dev.thrum.testkit.web.Expectation;
import dev.thrum.testkit.web.Expectation.Flaw;
import dev.thrum.testkit.web.Reason;
import dev.thrum.testkit.web.WebFault;
import dev.thrum.testkit.web.WebResponse;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** Content codings: right ones, and those that lie, break off or explode. */
final class CodingFaults {
    /** Decoded, 32 MiB: four times the limit of a page. */
    private static final long BOMB = 32L * 1024 * 1024;

    private CodingFaults() {}

    static List<WebFault> all() {
        return List.of(
                coded("coding-gzip", "gzip.", "gzip", Codings::gzip),
                coded("coding-x-gzip", "The old name of gzip, in upper case.", "X-GZIP", Codings::gzip),
                coded("coding-deflate", "deflate as the RFC has it.", "deflate", Codings::zlib),
                coded("coding-deflate-raw", "deflate as some servers have it.", "deflate", Codings::rawDeflate),
                coded("coding-identity", "No coding, declared.", "identity", bytes -> bytes),
                coded(
                        "coding-double-gzip",
                        "gzip twice, declared twice.",
                        "gzip, gzip",
                        bytes -> Codings.gzip(Codings.gzip(bytes))),
                coded("coding-members", "gzip of two members.", "gzip", CodingFaults::twoMembers),
                flawed("coding-gzip-cut", "gzip that breaks off.", "gzip", CodingFaults::cut, Flaw.SOME),
                flawed("coding-gzip-checksum", "gzip with a wrong checksum.", "gzip", CodingFaults::spoilt, Flaw.SOME),
                flawed("coding-lie", "gzip declared, but there is none.", "gzip", bytes -> bytes, Flaw.ANY),
                flawed("coding-unknown", "A coding that nobody knows.", "x-unknown", bytes -> bytes, Flaw.ANY),
                flawed("coding-br-broken", "br declared, but there is none.", "br", bytes -> bytes, Flaw.ANY),
                ofPages("coding-undeclared", "gzip without a declaration.", CodingFaults::undeclared),
                ofPages("coding-bomb", "A thousand times as large when decoded.", CodingFaults::bomb),
                ofPages("coding-double-bomb", "A bomb in a bomb.", CodingFaults::doubleBomb));
    }

    private static byte[] page(Corner corner) {
        return corner.source("page", "child").getBytes(UTF_8);
    }

    private static WebResponse labelled(String coding, byte[] body) {
        return WebResponse.of("text/html; charset=utf-8", body).with("Content-Encoding: " + coding);
    }

    private static WebFault coded(String name, String description, String coding, UnaryOperator<byte[]> encoder) {
        return ofPages(
                name,
                description,
                corner -> corner.faulty(
                                "page",
                                Expectation.fetched(corner.url("page")).title(corner.title("page")),
                                labelled(coding, encoder.apply(page(corner))))
                        .page("child"));
    }

    /** A page that is not whole, or not read at all: its link may be followed or not. */
    private static WebFault flawed(
            String name, String description, String coding, UnaryOperator<byte[]> encoder, Flaw flaw) {
        return ofPages(name, description, corner -> {
            corner.faulty(
                    "page",
                    Expectation.flawed(corner.url("page"), flaw).orSkipped(Reason.TYPE),
                    labelled(coding, encoder.apply(page(corner))));
            mayFollow(corner);
        });
    }

    private static void mayFollow(Corner corner) {
        corner.put("child", corner.html("child")).expect(Expectation.requested(corner.url("child"), 0, 1));
    }

    private static byte[] twoMembers(byte[] bytes) {
        int half = bytes.length / 2;
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(Codings.gzip(Arrays.copyOf(bytes, half)));
        both.writeBytes(Codings.gzip(Arrays.copyOfRange(bytes, half, bytes.length)));
        return both.toByteArray();
    }

    private static byte[] cut(byte[] bytes) {
        byte[] whole = Codings.gzip(bytes);
        return Arrays.copyOf(whole, whole.length - 20);
    }

    private static byte[] spoilt(byte[] bytes) {
        byte[] whole = Codings.gzip(bytes);
        // The checksum is in the last eight bytes, before the length.
        whole[whole.length - 8] ^= 1;
        return whole;
    }

    private static void undeclared(Corner corner) {
        WebResponse response = WebResponse.of("text/html", Codings.gzip(page(corner)));
        Expectation expected =
                Expectation.flawed(corner.url("page"), Flaw.ANY).times(1, 1).orSkipped(Reason.TYPE);
        corner.faulty("page", expected, response);
        mayFollow(corner);
    }

    /** Coded when it is requested, because it takes long. */
    private static void bomb(Corner corner) {
        corner.link("page")
                .put("page", _ -> labelled("gzip", Codings.bomb(page(corner), BOMB)))
                .expect(Expectation.flawed(corner.url("page"), Flaw.TRUNCATED)
                        .status(200)
                        .times(1, 1));
        mayFollow(corner);
    }

    private static void doubleBomb(Corner corner) {
        corner.link("page")
                .put("page", _ -> labelled("gzip, gzip", Codings.gzip(Codings.bomb(page(corner), BOMB))))
                .expect(Expectation.flawed(corner.url("page"), Flaw.SOME));
        mayFollow(corner);
    }
}
