package dev.thrum.app.search;

import static dev.thrum.http.HtmlPage.escaped;

import dev.thrum.base.Plural;
import dev.thrum.crawl.search.Hit;
import dev.thrum.crawl.search.SearchPage;
import dev.thrum.http.HtmlPage;
import dev.thrum.http.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * A page of results as HTML. It works without scripts. Text of pages is escaped before it is marked, and isolated, so that it can't
 * change the direction of the text around it.
 *
 * @param path where the form leads to
 * @param query as it was typed
 */
record ResultsPage(String path, String query, SearchPage found) {
    private static final String TITLE = "Search";

    /** How many pages are linked before and after this one. */
    private static final int AROUND = 4;

    private static final String STYLE = """
              h2 { font-size: 1.05rem; margin: 0; }
              ol { list-style: none; margin: 0; padding: 0; }
              form { display: flex; gap: .5rem; margin: 0 0 1rem; }
              input { flex: 1; min-width: 0; }
              input, button { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--dim); border-radius: .3rem; padding: .25rem .5rem; }
              .url, .note { color: var(--dim); margin: 0; }
              .text { margin: .25rem 0 0; }
              mark { background: none; color: inherit; font-weight: 700; text-decoration: underline; }
              nav { display: flex; flex-wrap: wrap; gap: 1rem; }
              label { position: absolute; clip-path: inset(50%); }
            """;

    Response response() {
        StringBuilder page = HtmlPage.begin(query.isBlank() ? TITLE : query.strip() + " - " + TITLE, STYLE);
        page.append("<h1>").append(TITLE).append("</h1>\n");
        appendForm(page);
        if (!query.isBlank()) {
            appendResults(page);
        }
        return HtmlPage.end(page, 200);
    }

    private void appendForm(StringBuilder page) {
        page.append("<form action=\"").append(escaped(path)).append("\" method=\"get\" role=\"search\">\n");
        page.append("<label for=\"q\">Words, &quot;phrases&quot;, -not, site:host, title:word</label>\n");
        page.append("<input id=\"q\" name=\"q\" type=\"search\" value=\"").append(escaped(query));
        page.append("\"> <button>Search</button>\n</form>\n");
    }

    private void appendResults(StringBuilder page) {
        page.append("<p class=\"note\">").append(escaped(summary())).append("</p>\n");
        if (found.isCut()) {
            page.append("<p class=\"note\">The query is too long; only its beginning was searched.</p>\n");
        }
        if (!found.hits().isEmpty()) {
            page.append("<ol>\n");
            found.hits().forEach(hit -> append(page, hit));
            page.append("</ol>\n");
        }
        if (found.pages() > 1) {
            appendPages(page);
        }
    }

    private String summary() {
        if (found.total() == 0) {
            return "Nothing matches.";
        }
        return Plural.of(found.total(), "result")
                + (found.pages() > 1 ? ", page " + found.number() + " of " + found.pages() : "");
    }

    private static void append(StringBuilder page, Hit hit) {
        String title = "<bdi>" + escaped(hit.title().isBlank() ? hit.url() : hit.title()) + "</bdi>";
        page.append("<li class=\"card\">\n<h2>");
        if (isWeb(hit.url())) {
            page.append("<a href=\"").append(escaped(hit.url())).append("\" rel=\"noreferrer\">");
            page.append(title).append("</a>");
        } else {
            page.append(title);
        }
        page.append("</h2>\n<p class=\"url\"><bdi>").append(escaped(hit.url())).append("</bdi></p>\n");
        page.append("<p class=\"text\"><bdi>");
        page.append(hit.snippet().marked(HtmlPage::escaped, "<mark>", "</mark>"));
        page.append("</bdi></p>\n</li>\n");
    }

    /** Whether it can be a link. Nothing else is crawled; should something else be in the index, no click may run it. */
    private static boolean isWeb(String url) {
        return url.startsWith("http://") || url.startsWith("https://");
    }

    private void appendPages(StringBuilder page) {
        page.append("<nav aria-label=\"Pages\">\n");
        if (found.number() > 1) {
            appendLink(page, Math.min(found.number() - 1, found.pages()), "Previous", " rel=\"prev\"");
        }
        int last = Math.min(found.pages(), found.number() + AROUND);
        for (int number = Math.max(1, found.number() - AROUND); number <= last; number++) {
            if (number == found.number()) {
                page.append("<span aria-current=\"page\">").append(number).append("</span>\n");
            } else {
                appendLink(page, number, Integer.toString(number), "");
            }
        }
        if (found.number() < found.pages()) {
            appendLink(page, found.number() + 1, "Next", " rel=\"next\"");
        }
        page.append("</nav>\n");
    }

    private void appendLink(StringBuilder page, int number, String text, String relation) {
        String target = path + "?q=" + URLEncoder.encode(query, StandardCharsets.UTF_8) + "&page=" + number;
        page.append("<a href=\"")
                .append(escaped(target))
                .append('"')
                .append(relation)
                .append('>');
        page.append(text).append("</a>\n");
    }
}
