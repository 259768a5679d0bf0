package dev.thrum.testkit.web.faults;

import static dev.thrum.testkit.web.WebFault.ofPages;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.testkit.web.Corner;
import dev.thrum.testkit.web.Expectation;
import dev.thrum.testkit.web.Expectation.Flaw;
import dev.thrum.testkit.web.Reason;
import dev.thrum.testkit.web.WebFault;
import dev.thrum.testkit.web.WebResponse;
import java.util.Base64;
import java.util.List;

/** Bodies that are not of the type that they are declared as, and types that are no pages. */
final class TypeFaults {
    /** The smallest image. */
    private static final String PNG =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5Er" + "kJggg==";

    private TypeFaults() {}

    static List<WebFault> all() {
        return List.of(
                page("type-none", "A page without a type.", ""),
                page("type-upper-case", "A type in upper case.", "TEXT/HTML;CHARSET=UTF-8"),
                page("type-xhtml", "The type of XHTML.", "application/xhtml+xml"),
                noPage("type-image-as-html", "An image that is declared as a page.", "text/html", png()),
                noPage("type-image", "An image.", "image/png", png()),
                noPage("type-pdf", "A PDF.", "application/pdf", "%PDF-1.7\n%\u00e2\u00e3\n<a href=\"child\">"),
                noPage("type-css", "A style sheet.", "text/css", "a { color: red } /* <a href=\"child\"> */"),
                noPage("type-json", "JSON with markup in it.", "application/json", "{\"x\":\"<a href='child'>\"}"),
                noPage("type-nothing", "Neither a type nor a body.", "", new byte[0]),
                ofPages(
                        "type-octet-stream",
                        "A page that is declared as bytes.",
                        corner -> lookedAt(corner, "application/octet-stream")),
                ofPages("type-malformed", "A type that is none.", corner -> lookedAt(corner, "nonsense;;=")),
                ofPages(
                        "type-empty-page",
                        "A page without a byte.",
                        corner -> corner.faulty(
                                "page",
                                Expectation.fetched(corner.url("page")),
                                WebResponse.of("text/html", new byte[0]))));
    }

    static byte[] png() {
        return Base64.getDecoder().decode(PNG);
    }

    private static WebFault page(String name, String description, String type) {
        return ofPages(
                name,
                description,
                corner -> corner.faulty(
                                "page",
                                Expectation.fetched(corner.url("page")).title(corner.title("page")),
                                typed(corner, type))
                        .page("child"));
    }

    private static WebResponse typed(Corner corner, String type) {
        return WebResponse.of(type, corner.source("page", "child").getBytes(UTF_8));
    }

    private static WebFault noPage(String name, String description, String type, String body) {
        return noPage(name, description, type, body.getBytes(UTF_8));
    }

    /** Whatever is in a file that is no page, it has no links. */
    private static WebFault noPage(String name, String description, String type, byte[] body) {
        return ofPages(
                name,
                description,
                corner -> corner.faulty(
                                "file",
                                Expectation.flawed(corner.url("file"), Flaw.ANY)
                                        .times(0, 1)
                                        .orSkipped(Reason.TYPE),
                                WebResponse.of(type, body))
                        .expect(Expectation.absent(corner.url("child"))));
    }

    /** Whether it is a page is a matter of opinion. */
    private static void lookedAt(Corner corner, String type) {
        Expectation expected =
                Expectation.flawed(corner.url("page"), Flaw.ANY).times(1, 1).orSkipped(Reason.TYPE);
        corner.faulty("page", expected, typed(corner, type))
                .put("child", corner.html("child"))
                .expect(Expectation.requested(corner.url("child"), 0, 1));
    }
}
