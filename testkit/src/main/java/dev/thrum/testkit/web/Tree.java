package dev.thrum.testkit.web;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The generated pages of one plan: on each host a tree whose root is page 0, and cross links within and between hosts. All of it is
 * computed from the seed when it is asked for.
 *
 * @param origins of the hosts with generated pages, such as {@code http://127.0.0.2:8080}
 */
record Tree(WebPlan plan, List<String> origins) {
    /** The children of a page. */
    private static final int FANOUT = 8;

    private static final int CROSS_LINKS = 3;
    private static final int PAGES_OF_SECTION = 40;
    private static final int SPELLINGS_OF_PATHS = 5;
    private static final int PARAGRAPH = 700;

    /** The chance of an odd spelling is one in this. */
    private static final int ODDITY = 3;

    /** A page by its place. */
    record Place(int host, int page) {}

    String url(Place place) {
        return origins.get(place.host()) + target(place);
    }

    private String target(Place place) {
        int page = place.page();
        if (page == 0) {
            return "/";
        }
        String section =
                Vocabulary.word(random(place.host(), page / PAGES_OF_SECTION, 1).nextInt(2_000));
        return switch (page % SPELLINGS_OF_PATHS) {
            case 0 -> "/" + section + "/p" + page + ".html";
            case 1 -> "/" + section + "/topic-" + page + "/";
            case 2 -> "/item?id=" + page + "&view=" + section;
            case 3 -> "/" + section + "/gr%C3%BC%C3%9Fe-" + page;
            default -> "/" + section + "/more/deep/p" + page + ".html";
        };
    }

    private RandomGenerator random(int host, int page, int use) {
        return new SplittableRandom(plan.seed() * 31 + host * 1_000_003L + page * 7_919L + use * 104_729L);
    }

    /** The pages that a page links to, with repetitions. */
    List<Place> targets(Place place) {
        List<Place> targets = new ArrayList<>();
        RandomGenerator random = random(place.host(), place.page(), 2);
        targets.add(new Place(place.host(), 0));
        targets.add(new Place(place.host(), Math.max(0, (place.page() - 1) / FANOUT)));
        IntStream.rangeClosed(1, FANOUT)
                .map(child -> place.page() * FANOUT + child)
                .filter(child -> child < plan.pages())
                .forEach(child -> targets.add(new Place(place.host(), child)));
        for (int link = 0; link < CROSS_LINKS; link++) {
            targets.add(new Place(place.host(), random.nextInt(plan.pages())));
        }
        if (plan.hosts() > 1) {
            int next = (place.host() + 1) % plan.hosts();
            targets.add(new Place(next, place.page() == 0 ? 0 : random.nextInt(plan.pages())));
        }
        return targets;
    }

    PlannedPage page(Place place, int revision) {
        RandomGenerator random = random(place.host(), place.page(), 3);
        String url = url(place);
        List<PlannedLink> links =
                targets(place).stream().map(target -> link(random, url, target)).toList();
        String marker = Vocabulary.marker(place.host(), place.page());
        RandomGenerator words = random(place.host(), place.page(), 4 + revision);
        String text = marker + " " + Vocabulary.text(words, plan.textBytes());
        return new PlannedPage(url, title(place), marker, links, text);
    }

    private PlannedLink link(RandomGenerator random, String from, Place place) {
        LinkSpelling[] all = LinkSpelling.values();
        LinkSpelling spelling = random.nextInt(ODDITY) == 0 ? all[random.nextInt(all.length)] : all[random.nextInt(2)];
        String to = url(place);
        return new PlannedLink(spelling.spell(from, to), to, "page " + place.page());
    }

    private static String title(Place place) {
        return "Page " + place.page() + " & more of <host> " + place.host();
    }

    /** The source of a page, whose marker stands only in its main part. */
    static String html(PlannedPage page) {
        StringBuilder html = new StringBuilder(page.text().length() + 4_096)
                .append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>\n  ")
                .append(page.title().replace("&", "&amp;").replace("<", "&lt;").replace(" of ", "\n    of  "))
                .append("</title>\n<script>var never = '<a href=\"/never/script\">';</script>\n</head>\n<body>\n")
                .append("<header>boilerplateheader<nav><ul>\n");
        List<PlannedLink> links = page.links();
        links.subList(0, 2).forEach(link -> anchor(html.append("<li>"), link));
        html.append("</ul></nav></header>\n<!-- <a href=\"/never/comment\">no</a> -->\n<main>\n<h1>")
                .append(page.url().length())
                .append("</h1>\n");
        paragraphs(html, page.text(), links.subList(2, links.size()));
        return html.append("</main>\n<aside>boilerplateaside</aside>\n<style>p { color: black }</style>\n")
                .append("<footer>boilerplatefooter</footer>\n</body>\n</html>\n")
                .toString();
    }

    private static void paragraphs(StringBuilder html, String text, List<PlannedLink> links) {
        int next = 0;
        for (int at = 0; at < text.length(); ) {
            int end = text.indexOf(' ', Math.min(at + PARAGRAPH, text.length() - 1)) + 1;
            html.append("<p>").append(text, at, end);
            if (next < links.size()) {
                anchor(html, links.get(next++));
            }
            html.append("</p>\n");
            at = end;
        }
        html.append("<ul>\n");
        links.subList(next, links.size()).forEach(link -> anchor(html.append("<li>"), link));
        html.append("</ul>\n");
    }

    private static void anchor(StringBuilder html, PlannedLink link) {
        html.append("<a href=\"")
                .append(link.href())
                .append("\">")
                .append(link.text())
                .append("</a>\n");
    }
}
