package dev.thrum.testkit.web.faults;

import static dev.thrum.testkit.web.WebFault.ofHost;
import static dev.thrum.testkit.web.WebFault.ofPages;

import dev.thrum.testkit.web.Corner;
import dev.thrum.testkit.web.Delivery;
import dev.thrum.testkit.web.Delivery.Then;
import dev.thrum.testkit.web.Expectation;
import dev.thrum.testkit.web.Expectation.Flaw;
import dev.thrum.testkit.web.Reason;
import dev.thrum.testkit.web.WebFault;
import dev.thrum.testkit.web.WebResponse;
import java.util.List;
import java.util.function.UnaryOperator;

/** Connections that are refused, reset or closed at the wrong time. */
final class ConnectionFaults {
    /** Where nothing listens: the port of tcpmux, which nobody uses. */
    private static final int CLOSED_PORT = 1;

    private static final int SOME_BYTES = 60;
    private static final int REUSED = 6;

    private ConnectionFaults() {}

    static List<WebFault> all() {
        return List.of(
                ofHost("connection-refused", "Nothing listens.", ConnectionFaults::refused),
                broken("connection-reset", "Reset before the response.", Flaw.ERROR, it -> it.nothing(Then.RESET)),
                broken("connection-close", "Closed without a response.", Flaw.ERROR, it -> it.nothing(Then.END)),
                broken(
                        "connection-close-in-head",
                        "Closed in the head.",
                        Flaw.ERROR,
                        it -> it.endingAfter(-8, Then.END)),
                broken(
                        "connection-close-in-body",
                        "Closed in the body.",
                        Flaw.SOME,
                        it -> it.endingAfter(SOME_BYTES, Then.END)),
                broken(
                        "connection-reset-in-body",
                        "Reset in the body.",
                        Flaw.SOME,
                        it -> it.endingAfter(SOME_BYTES, Then.RESET)),
                broken(
                        "connection-close-in-chunk",
                        "Closed in a chunk.",
                        Flaw.SOME,
                        it -> it.inChunks().endingAfter(SOME_BYTES, Then.END)),
                ofPages("connection-reset-once", "Reset, and then fine.", it -> once(it, Then.RESET)),
                ofPages("connection-close-once", "Closed, and then fine.", it -> once(it, Then.END)),
                ofPages("connection-not-reusable", "Kept, and closed at the next request.", ConnectionFaults::reuse));
    }

    private static void refused(Corner corner) {
        String seed = "http://" + corner.hostname() + ":" + CLOSED_PORT + "/";
        corner.seed(seed)
                .expect(Expectation.flawed(seed, Flaw.ERROR).times(0, 0).orSkipped(Reason.HOST, Reason.ROBOTS));
    }

    /** The link of the page may be followed if it was received. */
    private static WebFault broken(String name, String description, Flaw flaw, UnaryOperator<WebResponse> spoiling) {
        return ofPages(
                name,
                description,
                corner -> corner.faulty(
                                "page",
                                Expectation.flawed(corner.url("page"), flaw),
                                spoiling.apply(corner.html("page", "child")))
                        .put("child", corner.html("child"))
                        .expect(Expectation.requested(corner.url("child"), 0, 1))
                        .link("other")
                        .page("other"));
    }

    private static void once(Corner corner, Then then) {
        Expectation expected = Expectation.fetched(corner.url("page"))
                .title(corner.title("page"))
                .times(2, Expectation.TRIES);
        WebResponse whole = corner.html("page", "child");
        corner.faulty("page", expected, whole.nothing(then), whole).page("child");
    }

    private static void reuse(Corner corner) {
        for (int number = 1; number <= REUSED; number++) {
            String path = "page" + number;
            Expectation expected = Expectation.fetched(corner.url(path)).title(corner.title(path));
            corner.faulty(
                    path, expected, corner.html(path).sent(Delivery.whole().then(Then.END_AT_NEXT)));
        }
    }
}
