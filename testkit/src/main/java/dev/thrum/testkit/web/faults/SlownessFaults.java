package dev.thrum.testkit.web.faults;

import static dev.thrum.testkit.web.WebFault.ofHost;

import dev.thrum.testkit.web.Corner;
import dev.thrum.testkit.web.Delivery.Then;
import dev.thrum.testkit.web.Expectation;
import dev.thrum.testkit.web.Expectation.Flaw;
import dev.thrum.testkit.web.Reason;
import dev.thrum.testkit.web.WebFault;
import dev.thrum.testkit.web.WebResponse;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/** Hosts that are slow, or say nothing any more. All but the first last until the crawl gives up. */
final class SlownessFaults {
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** Longer than any test lets a request take, at a byte a second. */
    private static final String LONG = "<p>" + "long ".repeat(4_000) + "</p>";

    private SlownessFaults() {}

    static List<WebFault> all() {
        return List.of(
                ofHost("slow-but-fine", "A page in four pieces, with pauses between them.", SlownessFaults::fine),
                slow("slow-first-byte", "Nothing is ever sent.", Flaw.ERROR, it -> it.nothing(Then.HOLD)),
                slow(
                        "slow-head",
                        "The head breaks off, and the connection stays.",
                        Flaw.ERROR,
                        it -> it.endingAfter(-10, Then.HOLD)),
                slow("slow-stall", "The body stops in its middle.", Flaw.SOME, it -> it.endingAfter(100, Then.HOLD)),
                slow(
                        "slow-stall-chunked",
                        "A body in chunks stops in its middle.",
                        Flaw.SOME,
                        it -> it.inChunks().endingAfter(100, Then.HOLD)),
                slow("slow-drip", "One byte a second.", Flaw.SOME, it -> it.inPieces(1, SECOND)));
    }

    private static void fine(Corner corner) {
        WebResponse whole = corner.html("page", "child");
        int quarter = whole.message().length / 4 + 1;
        corner.faulty(
                        "page",
                        Expectation.fetched(corner.url("page")).title(corner.title("page")),
                        whole.inPieces(quarter, Duration.ofMillis(50)))
                .page("child");
    }

    private static WebFault slow(String name, String description, Flaw flaw, UnaryOperator<WebResponse> spoiling) {
        return ofHost(name, description, corner -> {
            WebResponse page = WebResponse.html(corner.source("page") + LONG);
            corner.faulty(
                            "page",
                            Expectation.flawed(corner.url("page"), flaw).orSkipped(Reason.HOST),
                            spoiling.apply(page))
                    .link("other")
                    .put("other", corner.html("other"))
                    .expect(Expectation.fetched(corner.url("other")).times(0, 1).orSkipped(Reason.HOST));
        });
    }
}
