package dev.thrum.testkit.web.faults;

import static dev.thrum.testkit.web.WebFault.ofPages;

import dev.thrum.testkit.web.Corner;
import dev.thrum.testkit.web.Expectation;
import dev.thrum.testkit.web.Reason;
import dev.thrum.testkit.web.WebFault;
import dev.thrum.testkit.web.WebResponse;
import java.util.List;
import java.util.stream.Stream;

/** Links that are written in odd ways, or lead nowhere. */
final class HrefFaults {
    private static final int TOO_LONG = 3_000;

    private HrefFaults() {}

    static List<WebFault> all() {
        return Stream.of(malformed(), spellings(), distinct(), hosts(), bases())
                .flatMap(List::stream)
                .toList();
    }

    private static List<WebFault> malformed() {
        return List.of(
                ofPages("href-malformed", "Links that are no URLs must not affect the others.", HrefFaults::malformed),
                ofPages("href-other-schemes", "Links with schemes that nobody fetches.", HrefFaults::otherSchemes),
                ofPages("href-fragments", "Links into the same page.", corner -> corner.link("#", "#top", "", "./#x")));
    }

    private static List<WebFault> spellings() {
        return List.of(
                same("href-entities", "Entities in links.", "it?a=1&b=2", "it?a=1&amp;b=2", "&#x69;t?a=1&b=2"),
                same("href-legacy-entity", "No entity, because = follows.", "it?x=1&copy=2", "it?x=1&copy=2"),
                same("href-white-space", "White space in links.", "page", "  page\n", "\tpa\nge", "p\r\nage\f"),
                same("href-inner-space", "A space stays, encoded.", "two%20words", "two words", "two%20words"),
                same("href-not-ascii", "Characters outside of ASCII.", "gr%C3%BC%C3%9Fe", "grüße", "gr%c3%bc%c3%9fe"),
                same("href-not-ascii-query", "In a query.", "q?w=%E6%9D%B1", "q?w=東", "q?w=&#26481;"),
                same("href-backslashes", "Backslashes are slashes.", "sub/page", "sub\\page", ".\\sub/page"),
                same("href-dot-segments", "Segments that cancel out.", "y", "./x/../y", "x/%2e%2E/y", "./././y"),
                same("href-encoded-letters", "A letter encoded needlessly.", "abc", "%61bc", "a%62c", "abc"),
                same("href-encoded-letter-and-query", "And a parameter without value.", "A?c", "%41?c", "A?c"));
    }

    private static List<WebFault> distinct() {
        return List.of(
                ofPages(
                        "href-encoded-slash",
                        "An encoded slash is no slash.",
                        corner -> corner.link("a/b", "a%2Fb").page("a/b").page("a%2Fb")),
                ofPages(
                        "href-slashes",
                        "Slashes are part of the name.",
                        corner -> corner.link("s", "s/", "s//")
                                .page("s")
                                .page("s/")
                                .page("s//")),
                ofPages(
                        "href-empty-query",
                        "An empty query is a query.",
                        corner -> corner.link("e", "e?").page("e").page("e?")),
                ofPages(
                        "href-parameters",
                        "Neither dropped nor sorted.",
                        corner -> corner.link("p?b=1&a=2", "p?a=2&b=1")
                                .page("p?b=1&a=2")
                                .page("p?a=2&b=1")),
                same("href-lone-percent", "A percent sign without digits.", "100%", "100%"));
    }

    private static List<WebFault> hosts() {
        return List.of(
                ofPages("href-odd-port", "A port with zeros in front.", HrefFaults::oddPort),
                ofPages("href-upper-case-host", "A host in upper case, or in hexadecimal.", HrefFaults::upperCaseHost),
                ofPages(
                        "href-scheme-relative",
                        "A link without a scheme.",
                        corner -> corner.link(
                                        corner.url("page").substring("http:".length()), "http:" + corner.path("page"))
                                .page("page")),
                ofPages("href-too-long", "A URL of 3,000 characters.", HrefFaults::tooLong));
    }

    private static List<WebFault> bases() {
        return List.of(
                ofPages("base-element", "The first base counts for all links.", HrefFaults::base),
                ofPages("base-malformed", "A base that is no URL is ignored.", HrefFaults::malformedBase),
                ofPages("base-outside", "A base that leads out of the scope.", HrefFaults::baseOutside));
    }

    /** Several spellings of one URL. */
    private static WebFault same(String name, String description, String path, String... hrefs) {
        return ofPages(name, description, corner -> corner.link(hrefs).page(path));
    }

    private static void malformed(Corner corner) {
        for (String href :
                List.of("http://[::1", "http://a:99999/", "//", "http://", "http://a%00b/", "http://1.2.3.256/")) {
            corner.link(href).expect(Expectation.skipped(href, Reason.MALFORMED));
        }
        corner.link("good").page("good");
    }

    private static void otherSchemes(Corner corner) {
        for (String href : List.of(
                "javascript:location='/never'",
                "mailto:a@example.org",
                "data:text/html,hello",
                "tel:+4930123",
                "ftp://example.org/file",
                "about:blank")) {
            corner.link(href).expect(Expectation.absent(href).orSkipped(Reason.SCOPE, Reason.MALFORMED));
        }
        corner.link("good").page("good");
    }

    private static void oddPort(Corner corner) {
        String odd = "http://" + corner.hostname() + ":000" + corner.port();
        corner.link(odd + corner.path("page"), "page").page("page");
    }

    private static void upperCaseHost(Corner corner) {
        String hostname = corner.hostname();
        String odd = corner.hasNames()
                ? corner.origin().replace(hostname, "HOST" + hostname.substring("host".length()))
                : corner.origin().replace("127.", "0X7f.");
        corner.link(odd.replace("http:", "HTTP:") + corner.path("page"), "page").page("page");
    }

    private static void tooLong(Corner corner) {
        String path = "long/" + "x".repeat(TOO_LONG);
        corner.forbidden(Reason.TRAP, path).link("good").page("good");
    }

    private static void base(Corner corner) {
        String head = "<base target=\"_top\"><base href=\"sub/\"><base href=\"wrong/\">";
        String page = "<a href=\"before\">before</a>" + corner.titled(head, corner.title("based"), "page", "../up");
        corner.faulty(
                "based", Expectation.fetched(corner.url("based")).title(corner.title("based")), WebResponse.html(page));
        corner.page("sub/before").page("sub/page").page("up");
    }

    private static void malformedBase(Corner corner) {
        String page = corner.titled("<base href=\"http://[\">", corner.title("based"), "page");
        corner.faulty("based", Expectation.fetched(corner.url("based")), WebResponse.html(page))
                .page("page");
    }

    private static void baseOutside(Corner corner) {
        String page = corner.titled("<base href=\"" + corner.outside("") + "\">", corner.title("based"), "page");
        corner.faulty("based", Expectation.fetched(corner.url("based")), WebResponse.html(page))
                .expect(Expectation.skipped(corner.outside("page"), Reason.SCOPE));
    }
}
