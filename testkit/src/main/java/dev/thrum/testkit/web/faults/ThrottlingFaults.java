package dev.thrum.testkit.web.faults;

import static dev.thrum.testkit.web.WebFault.ofHost;

import dev.thrum.testkit.web.Corner;
import dev.thrum.testkit.web.Expectation;
import dev.thrum.testkit.web.Expectation.Flaw;
import dev.thrum.testkit.web.Reason;
import dev.thrum.testkit.web.WebFault;
import dev.thrum.testkit.web.WebResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Hosts that ask to be left alone for a while. */
final class ThrottlingFaults {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private ThrottlingFaults() {}

    static List<WebFault> all() {
        List<WebFault> all = new ArrayList<>();
        for (int status : List.of(429, 503)) {
            String name = "throttled-" + status;
            all.addAll(List.of(
                    ofHost(name + "-seconds", "Retry-After in seconds, twice.", it -> twice(it, status, "1", SECOND)),
                    ofHost(name + "-date", "Retry-After as a date.", it -> date(it, status)),
                    ofHost(name + "-malformed", "A word for a time.", it -> twice(it, status, "soon", Duration.ZERO)),
                    ofHost(name + "-negative", "A negative time.", it -> twice(it, status, "-5", Duration.ZERO)),
                    ofHost(
                            name + "-past",
                            "A date in the past.",
                            it -> twice(it, status, "Sun, 06 Nov 1994 08:49:37 GMT", Duration.ZERO)),
                    ofHost(name + "-fraction", "A fraction.", it -> twice(it, status, "0.5", Duration.ZERO)),
                    ofHost(name + "-huge", "A time of years.", it -> givenUp(it, status, "99999999")),
                    ofHost(name + "-overflow", "A time of 30 digits.", it -> givenUp(it, status, "9".repeat(30))),
                    ofHost(name + "-for-ever", "Every request, without a time.", it -> forEver(it, status))));
        }
        return List.copyOf(all);
    }

    /** The second page waits with the first: the whole host is left alone. */
    private static void twice(Corner corner, int status, String retryAfter, Duration least) {
        WebResponse busy = WebResponse.status(status).with("Retry-After: " + retryAfter);
        corner.faulty("page", comesBack(corner, 3), busy, busy, corner.html("page", "child"))
                .rest("page", 1, least)
                .rest("page", 2, least)
                .page("child")
                .link("other")
                .page("other");
    }

    private static Expectation comesBack(Corner corner, int least) {
        return Expectation.fetched(corner.url("page"))
                .title(corner.title("page"))
                .times(least, Expectation.TRIES);
    }

    /** Dates count in whole seconds: three from now are more than two. */
    private static void date(Corner corner, int status) {
        corner.link("page")
                .put(
                        "page",
                        visit -> visit.number() == 1
                                ? WebResponse.status(status)
                                        .with("Retry-After: " + date(visit.now().plusSeconds(3)))
                                : corner.html("page", "child"))
                .expect(comesBack(corner, 2))
                .rest("page", 1, Duration.ofSeconds(2))
                .page("child")
                .link("other")
                .page("other");
    }

    private static String date(Instant time) {
        return DATE.format(time.truncatedTo(ChronoUnit.SECONDS));
    }

    private static void givenUp(Corner corner, int status, String retryAfter) {
        Expectation expected =
                Expectation.flawed(corner.url("page"), Flaw.ANY).times(1, 1).orSkipped(Reason.HOST);
        corner.faulty("page", expected, WebResponse.status(status).with("Retry-After: " + retryAfter))
                .link("other")
                .put("other", corner.html("other"))
                .expect(Expectation.fetched(corner.url("other")).times(0, 1).orSkipped(Reason.HOST));
    }

    private static void forEver(Corner corner, int status) {
        Expectation expected = Expectation.flawed(corner.url("page"), Flaw.ANY)
                .times(2, Expectation.TRIES)
                .orSkipped(Reason.HOST);
        corner.faulty("page", expected, WebResponse.status(status))
                .link("other")
                .put("other", corner.html("other"))
                .expect(Expectation.fetched(corner.url("other")).times(0, 1).orSkipped(Reason.HOST));
    }
}
