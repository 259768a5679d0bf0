package dev.thrum.testkit.web.faults;

import static dev.thrum.testkit.web.WebFault.ofHost;

import dev.thrum.testkit.web.Corner;
import dev.thrum.testkit.web.Expectation;
import dev.thrum.testkit.web.Expectation.Flaw;
import dev.thrum.testkit.web.Reason;
import dev.thrum.testkit.web.WebFault;
import dev.thrum.testkit.web.WebResponse;
import java.util.List;

/** Seeds that redirect; in plans with names. */
final class SeedFaults {
    private static final int MOVED = 301;

    private SeedFaults() {}

    static List<WebFault> all() {
        return List.of(
                ofHost(
                        "seed-to-www",
                        "A seed that redirects within its registrable domain is adopted.",
                        SeedFaults::toWww),
                ofHost("seed-out-of-scope", "A seed that redirects to another domain is not.", SeedFaults::outside),
                ofHost(
                        "seed-gone",
                        "A seed that is not there.",
                        corner -> corner.seed(corner.index())
                                .put("", WebResponse.status(404))
                                .expect(Expectation.flawed(corner.index(), Flaw.ANY)
                                        .status(404)
                                        .times(1, 1))));
    }

    /** The host has two names, and each has its own response, by the name in the request. */
    private static void toWww(Corner corner) {
        if (!corner.hasNames()) {
            throw new IllegalStateException("expected a plan with names but this one has none: call withNames");
        }
        String www = corner.subdomain("www");
        WebResponse page = corner.html("www", "child");
        corner.seed(corner.index())
                .put(
                        "",
                        visit ->
                                visit.asked().host().startsWith("www.") ? page : WebResponse.redirect(MOVED, www + "/"))
                .put("child", corner.html("child"))
                .expect(Expectation.fetched(corner.index()).status(0).flaw(Flaw.ANY))
                .expect(Expectation.requested(www + "/", 1, 1))
                .expect(Expectation.fetched(www + "/child").title(corner.title("child")));
    }

    private static void outside(Corner corner) {
        corner.seed(corner.index())
                .put("", WebResponse.redirect(MOVED, corner.outside("")))
                .expect(Expectation.flawed(corner.index(), Flaw.ANY).times(1, 1).orSkipped(Reason.REDIRECT))
                .expect(Expectation.absent(corner.outside("")).orSkipped(Reason.SCOPE, Reason.REDIRECT));
    }
}
