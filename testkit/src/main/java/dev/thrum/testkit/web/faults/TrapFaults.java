package dev.thrum.testkit.web.faults;

import static dev.thrum.testkit.web.WebFault.ofHost;

import dev.thrum.testkit.web.Corner;
import dev.thrum.testkit.web.Expectation;
import dev.thrum.testkit.web.Responder;
import dev.thrum.testkit.web.Responder.Visit;
import dev.thrum.testkit.web.WebFault;
import dev.thrum.testkit.web.WebResponse;
import java.time.LocalDate;
import java.util.List;

/**
 * Parts of the web without an end. Next to each of them on its host there is a shop of a few pages that must be fetched all the same.
 *
 * <p>What has an end by its content (always the same page) must be left after few requests; a calendar only ends by a budget.
 */
final class TrapFaults {
    private static final int SHOP = 30;

    /** Enough to see that a shape has one content. */
    private static final int FEW = 150;

    /** For pages that all differ. */
    private static final int BUDGET = 12_000;

    private static final int HUGE = 100_000;
    private static final int TARGETS = 50;
    private static final List<String> COLUMNS = List.of("name", "price", "date", "size", "color", "weight");

    private TrapFaults() {}

    static List<WebFault> all() {
        return List.of(
                endless("trap-calendar", "A calendar without an end.", "calendar", BUDGET, TrapFaults::calendar),
                endless("trap-deeper", "A relative link that leads ever deeper.", "deep/", FEW, (it, _) -> deeper(it)),
                endless("trap-session-query", "A new session in every link.", "shop?sid=", FEW, TrapFaults::session),
                endless("trap-session-path", "The same in the path.", "list;jsessionid=", FEW, TrapFaults::pathSession),
                endless(
                        "trap-counter",
                        "A counter, and always the same content.",
                        "count?n=",
                        FEW,
                        (it, _) -> counter(it)),
                endless(
                        "trap-sort-orders",
                        "All orders of a list, and its filters.",
                        "sort?",
                        BUDGET,
                        TrapFaults::sorted),
                endless("trap-random-path", "A long token in every link.", "token/", FEW, TrapFaults::token),
                ofHost("trap-huge-page", "A page of 100,000 links to fifty pages.", TrapFaults::hugePage),
                ofHost("trap-many-links", "A page of 100,000 links out of the scope.", TrapFaults::manyLinks));
    }

    /** Makes the pages of a trap. */
    private interface Trap {
        WebResponse page(Corner corner, Visit visit);
    }

    private static WebFault endless(String name, String description, String prefix, int most, Trap trap) {
        return ofHost(name, description, corner -> {
            Responder pages = visit -> trap.page(corner, visit);
            corner.putBelow(prefix, pages).bound(prefix, most);
            corner.link(prefix + (prefix.endsWith("=") ? "0" : ""));
            shop(corner);
        });
    }

    private static void shop(Corner corner) {
        for (int article = 1; article <= SHOP; article++) {
            corner.link("article/" + article).page("article/" + article);
        }
    }

    /** The part of the target after the last of these characters. */
    private static String after(Visit visit, String mark) {
        String target = visit.asked().target();
        int at = target.lastIndexOf(mark);
        return at < 0 ? "" : target.substring(at + mark.length());
    }

    private static WebResponse calendar(Corner corner, Visit visit) {
        String day = after(visit, "day=");
        LocalDate date = day.isEmpty() ? LocalDate.of(2026, 11, 30) : LocalDate.parse(day);
        return corner.html(
                "calendar of " + date, link(date.minusDays(1)), link(date.plusDays(1)), link(date.plusYears(1)));
    }

    private static String link(LocalDate date) {
        return "calendar?day=" + date;
    }

    private static WebResponse deeper(Corner corner) {
        return corner.html("deeper", "more/", "again/more/");
    }

    private static WebResponse session(Corner corner, Visit visit) {
        String next = token(after(visit, "sid="), visit);
        return corner.html("session", "shop?sid=" + next, "shop?sid=" + next + "b");
    }

    private static WebResponse pathSession(Corner corner, Visit visit) {
        String next = token(after(visit, "jsessionid="), visit);
        return corner.html("session", "list;jsessionid=" + next, "list;jsessionid=" + next + "B");
    }

    private static WebResponse token(Corner corner, Visit visit) {
        return corner.html("token", corner.path("token/" + token(after(visit, "token/"), visit)));
    }

    /** A token that no other page has, made of that of this page. */
    private static String token(String old, Visit visit) {
        long mixed = (old.hashCode() + 1_000_003L * visit.number()) * 0x9E3779B97F4A7C15L;
        return Long.toHexString(mixed | Long.MIN_VALUE) + Long.toHexString(Long.reverse(mixed) | Long.MIN_VALUE);
    }

    /** Byte by byte the same page for every number. */
    private static WebResponse counter(Corner corner) {
        String[] links = new String[2_000];
        for (int number = 0; number < links.length; number++) {
            links[number] = "count?n=" + number;
        }
        return corner.html("counter", links);
    }

    private static WebResponse sorted(Corner corner, Visit visit) {
        String query = after(visit, "?");
        String[] links = COLUMNS.stream()
                .map(column ->
                        "sort?" + column + "=up" + (query.isEmpty() ? "" : "&amp;" + query.replace("&", "&amp;")))
                .toArray(String[]::new);
        return corner.html("list by " + query.replace("&", ", "), links);
    }

    private static void hugePage(Corner corner) {
        String[] links = new String[HUGE];
        for (int number = 0; number < HUGE; number++) {
            links[number] = "target/" + number % TARGETS + "#" + number;
        }
        links[HUGE - 1] = "last";
        corner.faulty(
                "huge",
                Expectation.fetched(corner.url("huge")).title(corner.title("huge")),
                corner.html("huge", links));
        for (int number = 0; number < TARGETS; number++) {
            corner.page("target/" + number);
        }
        corner.page("last");
    }

    private static void manyLinks(Corner corner) {
        String[] links = new String[HUGE];
        for (int number = 0; number < HUGE; number++) {
            links[number] = corner.outside("x/" + number);
        }
        links[HUGE - 1] = "last";
        corner.faulty("huge", Expectation.fetched(corner.url("huge")), corner.html("huge", links))
                .page("last");
    }
}
