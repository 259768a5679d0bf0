package dev.thrum.testkit.web.faults;

import static dev.thrum.testkit.web.WebFault.ofHost;
import static dev.thrum.testkit.web.WebFault.ofPages;

import dev.thrum.testkit.web.Corner;
import dev.thrum.testkit.web.Expectation;
import dev.thrum.testkit.web.Expectation.Flaw;
import dev.thrum.testkit.web.Reason;
import dev.thrum.testkit.web.WebFault;
import dev.thrum.testkit.web.WebResponse;
import java.util.List;
import java.util.stream.Stream;

/** Redirects: right ones of all kinds, and those that lead nowhere or where a crawl must not go. */
final class RedirectFaults {
    private static final int FOUND = 302;
    private static final int CHAIN = 4;
    private static final int ENDLESS_CHAIN = 40;

    private RedirectFaults() {}

    static List<WebFault> all() {
        return Stream.of(statuses(), right(), lost(), leaving())
                .flatMap(List::stream)
                .toList();
    }

    private static List<WebFault> statuses() {
        return Stream.of(301, 302, 303, 307, 308)
                .map(status -> ofPages(
                        "redirect-" + status,
                        "A redirect with status " + status + ".",
                        corner -> redirect(corner, status, corner.url("to"), "to")))
                .toList();
    }

    private static List<WebFault> right() {
        return List.of(
                ofPages("redirect-relative", "Relative to the page.", it -> redirect(it, FOUND, "sub/to", "sub/to")),
                ofPages("redirect-slash", "To the same with a slash.", RedirectFaults::slash),
                ofPages("redirect-fragment", "To a place in a page.", it -> redirect(it, FOUND, "to#part", "to")),
                ofPages("redirect-raw-utf-8", "Raw UTF-8.", it -> redirect(it, FOUND, "\u00c3\u00bc", "%C3%BC")),
                ofPages("redirect-space", "A space in its target.", it -> redirect(it, FOUND, "a b", "a%20b")),
                ofPages("redirect-chain", "Four redirects in a row.", it -> chain(it, CHAIN)),
                ofPages("redirect-chain-without-end", "Forty redirects in a row.", RedirectFaults::endlessChain));
    }

    private static List<WebFault> lost() {
        return List.of(
                ofPages("redirect-loop", "Two pages that redirect to each other.", RedirectFaults::loop),
                ofPages(
                        "redirect-to-itself",
                        "A page that redirects to itself.",
                        it -> it.faulty("self", lost(it, "self"), WebResponse.redirect(FOUND, "self"))),
                ofPages("redirect-to-itself-once", "To itself, and then it is there.", RedirectFaults::selfOnce),
                ofPages(
                        "redirect-without-location",
                        "No Location.",
                        it -> it.faulty("none", lost(it, "none").times(1, 2), WebResponse.status(FOUND))),
                ofPages(
                        "redirect-malformed",
                        "A Location that is no URL.",
                        it -> it.faulty("bad", lost(it, "bad").times(1, 2), WebResponse.redirect(FOUND, "http://["))),
                ofPages(
                        "redirect-other-scheme",
                        "To a scheme that is not fetched.",
                        it -> it.faulty(
                                "ftp",
                                lost(it, "ftp").times(1, 2),
                                WebResponse.redirect(FOUND, "ftp://example.org/"))));
    }

    private static List<WebFault> leaving() {
        return List.of(
                ofPages("redirect-to-another-host", "To a host in scope.", RedirectFaults::anotherHost),
                ofPages("redirect-out-of-scope", "Recorded, not followed.", it -> leadsOut(it, it.outside("to"))),
                ofPages(
                        "redirect-to-metadata",
                        "To a cloud's metadata.",
                        it -> leadsOut(it, "http://169.254.169.254/latest/")),
                ofPages("redirect-to-private", "To a private address.", it -> leadsOut(it, "http://10.255.255.1/")),
                ofPages(
                        "redirect-to-odd-loopback",
                        "To the loopback address of IPv6.",
                        it -> leadsOut(it, "http://[::1]:" + it.port() + "/")),
                ofHost("redirect-to-disallowed", "To a page that robots.txt disallows.", RedirectFaults::disallowed));
    }

    /** A redirect that is no page: recorded, with an error or without. */
    private static Expectation lost(Corner corner, String path) {
        return Expectation.flawed(corner.url(path), Flaw.ANY).orSkipped(Reason.REDIRECT);
    }

    private static Expectation ends(Corner corner, String from, String end) {
        return Expectation.fetched(corner.url(from)).status(0).endsAt(end);
    }

    private static void redirect(Corner corner, int status, String location, String path) {
        corner.faulty("from", ends(corner, "from", corner.url(path)), WebResponse.redirect(status, location));
        target(corner, path);
    }

    /** Puts a page that the crawl must request once; it may be recorded under the URL that led here. */
    private static void target(Corner corner, String path) {
        corner.put(path, corner.html(path, corner.path("child")))
                .expect(Expectation.requested(corner.url(path), 1, 1))
                .page("child");
    }

    private static void slash(Corner corner) {
        redirect(corner, 301, corner.path("from/"), "from/");
    }

    private static void chain(Corner corner, int length) {
        target(corner, "step" + length);
        for (int step = 0; step < length; step++) {
            corner.put("step" + step, WebResponse.redirect(FOUND, "step" + (step + 1)))
                    .expect(Expectation.requested(corner.url("step" + step), 1, 1));
        }
        corner.link("step0").expect(ends(corner, "step0", corner.url("step" + length)));
    }

    private static void endlessChain(Corner corner) {
        chain(corner, ENDLESS_CHAIN);
        for (int step = 0; step <= ENDLESS_CHAIN; step++) {
            corner.expect(Expectation.requested(corner.url("step" + step), 0, Expectation.TRIES));
        }
        corner.expect(lost(corner, "step0"), Expectation.requested(corner.url("child"), 0, 1));
    }

    private static void loop(Corner corner) {
        corner.faulty("a", lost(corner, "a"), WebResponse.redirect(FOUND, "b"))
                .put("b", WebResponse.redirect(FOUND, "a"))
                .expect(Expectation.requested(corner.url("b"), 0, Expectation.TRIES));
    }

    private static void selfOnce(Corner corner) {
        Expectation expected = Expectation.requested(corner.url("self"), 1, Expectation.TRIES);
        corner.faulty("self", expected, WebResponse.redirect(FOUND, "self"), corner.html("self"));
    }

    private static void anotherHost(Corner corner) {
        corner.putElsewhere("to", corner.html("to"))
                .faulty(
                        "from",
                        ends(corner, "from", corner.elsewhere("to")),
                        WebResponse.redirect(FOUND, corner.elsewhere("to")))
                .expect(Expectation.requested(corner.elsewhere("to"), 1, 1));
    }

    private static void leadsOut(Corner corner, String to) {
        corner.faulty("from", lost(corner, "from").times(1, 1), WebResponse.redirect(FOUND, to))
                .expect(Expectation.absent(to).orSkipped(Reason.SCOPE, Reason.GUARD, Reason.REDIRECT));
    }

    private static void disallowed(Corner corner) {
        corner.put("robots.txt", WebResponse.text("User-agent: *\nDisallow: /private/\n"))
                .faulty("from", lost(corner, "from").times(1, 1), WebResponse.redirect(FOUND, "/private/to"))
                .put("private/to", corner.html("private/to"))
                .expect(Expectation.absent(corner.url("private/to")).orSkipped(Reason.ROBOTS, Reason.REDIRECT));
    }
}
