package dev.thrum.testkit.web.faults;

import static dev.thrum.testkit.web.WebFault.ofPages;

import dev.thrum.testkit.web.Corner;
import dev.thrum.testkit.web.Expectation;
import dev.thrum.testkit.web.Reason;
import dev.thrum.testkit.web.WebFault;
import dev.thrum.testkit.web.WebResponse;
import java.util.List;

/** Directives of pages to crawlers: nofollow, noindex, canonical; and pages of equal content. */
final class DirectiveFaults {
    private DirectiveFaults() {}

    static List<WebFault> all() {
        return List.of(
                ofPages("nofollow-rel", "A link with rel=nofollow among others.", DirectiveFaults::rel),
                ofPages(
                        "nofollow-elsewhere-followed",
                        "rel=nofollow here, and a plain link there.",
                        DirectiveFaults::both),
                meta("nofollow-meta", "robots", "nofollow", false),
                meta("nofollow-meta-none", "ROBOTS", "NONE", false),
                meta("nofollow-meta-list", "robots", "noarchive , NoFollow", false),
                ofPages(
                        "nofollow-meta-agent",
                        "Addressed to our agent.",
                        it -> directed(it, meta(it.agent(), "nofollow"), "", false)),
                meta("nofollow-meta-other", "otherbot", "nofollow", true),
                header("nofollow-header", "nofollow", false),
                header("nofollow-header-none", "NONE", false),
                header("nofollow-header-list", "noindex, nofollow", false),
                header("nofollow-header-date", "unavailable_after: 25 Jun 2050 15:00:00 PST", true),
                ofPages(
                        "nofollow-header-agent",
                        "Addressed to our agent.",
                        it -> directed(it, "", it.agent() + ": nofollow", false)),
                header("nofollow-header-other", "otherbot: nofollow", true),
                ofPages(
                        "nofollow-header-twice",
                        "Two fields, the second of which is for us.",
                        DirectiveFaults::twoFields),
                meta("noindex-meta", "robots", "noindex", true),
                header("noindex-header", "noindex", true),
                ofPages("canonical", "A canonical link is queued.", it -> canonical(it, "canonical", "canonical")),
                ofPages(
                        "canonical-itself",
                        "A canonical link to the page itself.",
                        it -> canonical(it, "page", "page")),
                ofPages("canonical-malformed", "A canonical link that is no URL.", DirectiveFaults::badCanonical),
                ofPages("duplicate", "The same page at two URLs.", DirectiveFaults::duplicate));
    }

    private static void rel(Corner corner) {
        String page = corner.titled("", corner.title("page"), "good")
                + "<a rel=\"external NoFollow ugc\" href=\"bad\">no</a><a rel=nofollower href=also>yes</a>";
        corner.faulty("page", Expectation.fetched(corner.url("page")), WebResponse.html(page))
                .page("good")
                .page("also")
                .put("bad", corner.html("bad"))
                .expect(Expectation.skipped(corner.url("bad"), Reason.NOFOLLOW));
    }

    /** A URL that may be followed from one page is fetched, whatever another page says. */
    private static void both(Corner corner) {
        WebResponse page = WebResponse.html(corner.source("page") + "<a rel=nofollow href=target>no</a>");
        corner.faulty("page", Expectation.fetched(corner.url("page")), page)
                .link("then")
                .page("then", "target")
                .page("target");
    }

    private static String meta(String name, String content) {
        return "<meta name=\"" + name + "\" content=\"" + content + "\">";
    }

    private static WebFault meta(String name, String agent, String content, boolean follows) {
        return ofPages(
                name,
                "A meta element " + agent + ": " + content + ".",
                corner -> directed(corner, meta(agent, content), "", follows));
    }

    private static WebFault header(String name, String value, boolean follows) {
        return ofPages(name, "X-Robots-Tag: " + value + ".", corner -> directed(corner, "", value, follows));
    }

    private static void directed(Corner corner, String head, String tag, boolean follows) {
        WebResponse page = WebResponse.html(corner.titled(head, corner.title("page"), "child"));
        directed(corner, tag.isEmpty() ? page : page.with("X-Robots-Tag: " + tag), follows);
    }

    private static void directed(Corner corner, WebResponse page, boolean follows) {
        corner.faulty("page", Expectation.fetched(corner.url("page")).title(corner.title("page")), page);
        corner.page("child");
        if (!follows) {
            corner.expect(Expectation.skipped(corner.url("child"), Reason.NOFOLLOW));
        }
    }

    private static void twoFields(Corner corner) {
        WebResponse page = corner.html("page", "child")
                .and("X-Robots-Tag: otherbot: noindex")
                .and("X-Robots-Tag: nofollow");
        directed(corner, page, false);
    }

    private static void canonical(Corner corner, String href, String path) {
        String head = "<link rel=\"canonical\" href=\"" + href + "\">";
        corner.page(path);
        corner.faulty(
                "page",
                Expectation.fetched(corner.url("page")).title(corner.title("page")),
                WebResponse.html(corner.titled(head, corner.title("page"))));
    }

    private static void badCanonical(Corner corner) {
        String head = "<link rel=\"canonical\" href=\"http://[\">";
        WebResponse page = WebResponse.html(corner.titled(head, corner.title("page"), "child"));
        directed(corner, page, true);
    }

    /** The second page is found three links later, so the first is fetched before it. Their relative link means two URLs. */
    private static void duplicate(Corner corner) {
        WebResponse page = corner.html("twin", "child");
        corner.faulty("first", Expectation.fetched(corner.url("first")).title(corner.title("twin")), page)
                .page("child")
                .link("step")
                .page("step", "step2")
                .page("step2", "step3")
                .page("step3", "sub/second")
                .put("sub/second", page)
                .expect(Expectation.fetched(corner.url("sub/second")).duplicateOf(corner.url("first")))
                .put("sub/child", corner.html("sub/child"))
                .expect(Expectation.absent(corner.url("sub/child")));
    }
}
