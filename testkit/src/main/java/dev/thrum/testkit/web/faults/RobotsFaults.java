package dev.thrum.testkit.web.faults;

import static dev.thrum.testkit.web.WebFault.ofHost;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.testkit.web.Corner;
import dev.thrum.testkit.web.Delivery.Then;
import dev.thrum.testkit.web.Expectation;
import dev.thrum.testkit.web.Reason;
import dev.thrum.testkit.web.WebFault;
import dev.thrum.testkit.web.WebResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Every state of a robots.txt (RFC 9309): absent, unreachable, elsewhere, too large, for others. */
final class RobotsFaults {
    private static final String FILE = "robots.txt";
    private static final String DISALLOW_PRIVATE = "User-agent: *\nDisallow: /private/\n";

    /** Bytes after these don't count. */
    private static final int COUNTED = 512 * 1024;

    private RobotsFaults() {}

    static List<WebFault> all() {
        return Stream.of(missing(), harmless(), unreachable(), redirected(), syntax(), groups())
                .flatMap(List::stream)
                .toList();
    }

    private static List<WebFault> missing() {
        return Stream.of(401, 403, 404, 410)
                .map(status -> ofHost(
                        "robots-" + status,
                        "No rules, so all is allowed.",
                        it -> allowed(it, WebResponse.status(status))))
                .toList();
    }

    private static List<WebFault> harmless() {
        return List.of(
                ofHost("robots-html", "A page with status 200, without rules.", it -> allowed(it, it.html(FILE))),
                ofHost("robots-empty", "An empty file.", it -> allowed(it, WebResponse.text(""))),
                ofHost(
                        "robots-binary",
                        "Bytes of no text.",
                        it -> allowed(it, WebResponse.of("image/png", TypeFaults.png()))));
    }

    private static List<WebFault> unreachable() {
        return List.of(
                ofHost(
                        "robots-500-for-ever",
                        "Unreachable, so all is disallowed.",
                        it -> unreachable(it, 2, WebResponse.status(500))),
                ofHost(
                        "robots-503-for-ever",
                        "The same with another status.",
                        it -> unreachable(it, 2, WebResponse.status(503))),
                ofHost(
                        "robots-500-twice",
                        "Unreachable twice, and then there are rules.",
                        it -> rules(
                                it,
                                3,
                                WebResponse.status(500),
                                WebResponse.status(500),
                                WebResponse.text(DISALLOW_PRIVATE))),
                ofHost(
                        "robots-429-once",
                        "Throttled, and then there are rules.",
                        it -> rules(
                                it,
                                2,
                                WebResponse.status(429).with("Retry-After: 1"),
                                WebResponse.text(DISALLOW_PRIVATE))),
                ofHost(
                        "robots-silent",
                        "No response.",
                        it -> unreachable(it, 1, WebResponse.text("").nothing(Then.HOLD))),
                ofHost(
                        "robots-reset",
                        "The connection is reset.",
                        it -> unreachable(it, 1, WebResponse.text("").nothing(Then.RESET))));
    }

    private static List<WebFault> redirected() {
        return List.of(
                ofHost("robots-redirect", "Rules at another path.", RobotsFaults::redirect),
                ofHost("robots-redirect-to-host", "Rules on another host, kept for this one.", RobotsFaults::toHost),
                ofHost("robots-redirect-loop", "A redirect to itself.", RobotsFaults::loop),
                ofHost("robots-redirect-to-metadata", "A redirect where nobody may go.", RobotsFaults::toMetadata));
    }

    private static List<WebFault> syntax() {
        return List.of(
                ofHost("robots-large", "Rules before and after 512 KiB.", RobotsFaults::large),
                ofHost("robots-part", "A part is disallowed.", it -> rules(it, 1, WebResponse.text(DISALLOW_PRIVATE))),
                ofHost(
                        "robots-gzip",
                        "Rules in gzip.",
                        it -> rules(
                                it,
                                1,
                                WebResponse.of("text/plain", Codings.gzip(DISALLOW_PRIVATE.getBytes(UTF_8)))
                                        .with("Content-Encoding: gzip"))),
                ofHost(
                        "robots-odd-lines",
                        "A mark, old line ends, comments and odd cases.",
                        it -> rules(
                                it,
                                1,
                                WebResponse.of(
                                        "text/plain",
                                        "\ufeffUSER-AGENT : * # all\rdisallow:/private/ # this\r\r\nnonsense\r\n"
                                                .getBytes(UTF_8)))),
                ofHost(
                        "robots-encoded",
                        "A rule with a letter encoded.",
                        it -> rules(it, 1, WebResponse.text("User-agent: *\nDisallow: /%70rivate/\n"))),
                ofHost("robots-longest-match", "The longest rule counts.", RobotsFaults::longestMatch),
                ofHost("robots-wildcards", "Rules with * and $.", RobotsFaults::wildcards));
    }

    private static List<WebFault> groups() {
        return List.of(
                ofHost("robots-agent", "Our agent is disallowed.", RobotsFaults::agent),
                ofHost(
                        "robots-other-agent",
                        "Only others are disallowed.",
                        it -> allowed(
                                it,
                                WebResponse.text("User-agent: otherbot\nDisallow: /\n\nUser-agent: *\nDisallow:\n"))),
                ofHost("robots-two-groups", "Two groups for our agent count as one.", RobotsFaults::twoGroups),
                ofHost(
                        "robots-shared-group",
                        "One group for two agents.",
                        it -> rules(
                                it,
                                1,
                                WebResponse.text("User-agent: otherbot\nUser-agent: " + it.agent()
                                        + "\nDisallow: /private/\n\nUser-agent: *\nDisallow: /\n"))),
                ofHost("robots-delay", "A delay of 0.2 s.", RobotsFaults::delay),
                ofHost("robots-delay-huge", "A delay of 1,000 s.", RobotsFaults::hugeDelay),
                ofHost(
                        "robots-all",
                        "Everything is disallowed.",
                        it -> disallowed(it, WebResponse.text("User-agent: *\nDisallow: /\n"))));
    }

    private static Expectation file(Corner corner, int least, int most) {
        return Expectation.requested(corner.url(FILE), least, most);
    }

    private static void allowed(Corner corner, WebResponse robots) {
        corner.put(FILE, robots).expect(file(corner, 1, 1)).link("private/page").page("private/page");
    }

    /** The rules are there at the last of these responses: {@code /private/} is disallowed. */
    private static void rules(Corner corner, int responses, WebResponse... robots) {
        corner.put(FILE, robots)
                .expect(file(corner, responses, responses == 1 ? 1 : Expectation.TRIES))
                .forbidden(Reason.ROBOTS, "private/page")
                .link("public")
                .page("public");
    }

    private static void unreachable(Corner corner, int least, WebResponse robots) {
        corner.put(FILE, robots)
                .expect(file(corner, least, Expectation.TRIES))
                .expect(Expectation.skipped(corner.index(), Reason.ROBOTS, Reason.HOST));
    }

    private static void disallowed(Corner corner, WebResponse robots) {
        corner.put(FILE, robots).expect(file(corner, 1, 1)).expect(Expectation.skipped(corner.index(), Reason.ROBOTS));
    }

    private static void redirect(Corner corner) {
        corner.put("rules.txt", WebResponse.text(DISALLOW_PRIVATE))
                .expect(Expectation.requested(corner.url("rules.txt"), 1, 1));
        rules(corner, 1, WebResponse.redirect(301, "rules.txt"));
    }

    private static void toHost(Corner corner) {
        corner.putElsewhere("private/page", corner.html("elsewhere"))
                .putElsewhere("rules.txt", WebResponse.text(DISALLOW_PRIVATE + "Disallow: /f/\n"))
                .link(corner.elsewhere("private/page"))
                .expect(Expectation.fetched(corner.elsewhere("private/page")));
        rules(corner, 1, WebResponse.redirect(302, corner.elsewhere("rules.txt")));
    }

    private static void loop(Corner corner) {
        corner.put(FILE, WebResponse.redirect(302, "/" + FILE))
                .expect(file(corner, 1, 10 * Expectation.TRIES))
                .expect(Expectation.fetched(corner.index()).times(0, 1).orSkipped(Reason.ROBOTS, Reason.HOST));
    }

    private static void toMetadata(Corner corner) {
        corner.put(FILE, WebResponse.redirect(302, "http://169.254.169.254/robots.txt"))
                .expect(file(corner, 1, Expectation.TRIES))
                .expect(Expectation.fetched(corner.index())
                        .times(0, 1)
                        .orSkipped(Reason.ROBOTS, Reason.HOST, Reason.GUARD));
    }

    private static void large(Corner corner) {
        String comment = "# " + "x".repeat(97) + "\n";
        String robots = DISALLOW_PRIVATE + comment.repeat(COUNTED / comment.length() + 1) + "Disallow: /late/\n";
        corner.link("late/page").page("late/page");
        rules(corner, 1, WebResponse.text(robots));
    }

    private static void longestMatch(Corner corner) {
        corner.link("private/open/page").page("private/open/page");
        rules(corner, 1, WebResponse.text("User-agent: *\nAllow: /private/open/\nDisallow: /private/\nAllow: /p\n"));
    }

    private static void wildcards(Corner corner) {
        corner.forbidden(Reason.ROBOTS, "a/secret/b", "file.end")
                .link("file.end.html", "secret/")
                .page("file.end.html")
                .page("secret/");
        rules(
                corner,
                1,
                WebResponse.text("User-agent: *\nDisallow: /*/secret/\nDisallow: *.end$\nDisallow: /private/**\n"));
    }

    private static void agent(Corner corner) {
        String name = corner.agent();
        disallowed(
                corner,
                WebResponse.text("User-agent: *\nDisallow:\n\nUser-agent: " + name.toUpperCase(Locale.ROOT)
                        + "\nDisallow: /\n"));
    }

    private static void twoGroups(Corner corner) {
        String group = "User-agent: " + corner.agent() + "\nDisallow: ";
        corner.forbidden(Reason.ROBOTS, "second/page");
        rules(
                corner,
                1,
                WebResponse.text(group + "/private/\n\nUser-agent: *\nDisallow: /\n\n" + group + "/second/\n"));
    }

    private static void delay(Corner corner) {
        corner.rest("", 1, Duration.ofMillis(200));
        rules(corner, 1, WebResponse.text(DISALLOW_PRIVATE + "Crawl-delay: 0.2\n"));
    }

    private static void hugeDelay(Corner corner) {
        corner.put(FILE, WebResponse.text("User-agent: *\nCrawl-delay: 1000\n"))
                .expect(file(corner, 1, 1))
                .expect(Expectation.skipped(corner.index(), Reason.HOST, Reason.ROBOTS));
    }
}
