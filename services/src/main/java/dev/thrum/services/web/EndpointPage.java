package dev.thrum.services.web;

import static dev.thrum.http.HtmlPage.escaped;

import dev.thrum.http.HtmlPage;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import java.util.List;

/** A page that lists the endpoints of an HTTP service, each with a command line to try it. Immutable. */
public final class EndpointPage {
    private static final String STYLE = """
              h2 { font-size: 1.05rem; margin: 0 0 .25rem; }
              tr:last-child > * { border-bottom: 0; }
              tbody th { color: inherit; width: 17rem; }
              thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
              section p { margin: 0 0 .25rem; }
              pre span { white-space: nowrap; }
              pre { margin: .25rem 0 0; white-space: pre-wrap; color: var(--dim); }
              label { display: block; margin-bottom: .25rem; }
              input, button { font: inherit; color: inherit; background: var(--bg); border: 1px solid var(--dim); border-radius: .3rem; padding: .25rem .5rem; max-width: 100%; }
              @media (max-width: 40rem) {
                table, tbody, tr, tbody th, td { display: block; width: auto; }
                tbody th { padding: .4rem 0 0; border: 0; }
                td { padding-top: 0; }
              }
            """;

    private final String title;
    private final String introduction;
    private final List<Endpoint.Group> groups;
    private final String more;

    /**
     * A page.
     *
     * @param introduction a sentence, plain text
     * @param more HTML at its end; trusted
     */
    public EndpointPage(String title, String introduction, List<Endpoint.Group> groups, String more) {
        this.title = title;
        this.introduction = introduction;
        this.groups = List.copyOf(groups);
        this.more = more;
    }

    /** The page, with command lines for the host of this request. */
    public Response response(Request request) {
        String origin = (request.isSecure() ? "https://" : "http://") + host(request.authority());
        StringBuilder page = HtmlPage.begin(title, STYLE);
        page.append("<h1>").append(escaped(title)).append("</h1>\n<p>");
        page.append(escaped(introduction)).append("</p>\n");
        for (int i = 0; i < groups.size(); i++) {
            append(groups.get(i), "group-" + (i + 1), origin, page);
        }
        return HtmlPage.end(page.append(more), 200);
    }

    /** The host, unless a shell could interpret it. */
    private static String host(String authority) {
        return authority.matches("[\\w.:\\[\\]-]+") ? authority : "localhost";
    }

    /** A command line as HTML, without line breaks after the hyphens of flags. */
    private static String unbroken(String line) {
        return escaped(line).replaceAll(" (-[Hd]) ", " <span>$1</span> ");
    }

    private static void append(Endpoint.Group group, String id, String origin, StringBuilder page) {
        page.append("<section class=\"card\" aria-labelledby=\"").append(id).append("\">\n<h2 id=\"");
        page.append(id).append("\">").append(escaped(group.title())).append("</h2>\n");
        if (!group.note().isEmpty()) {
            page.append("<p>").append(escaped(group.note())).append("</p>\n");
        }
        page.append(
                "<table>\n<thead><tr><th scope=\"col\">Endpoint</th><th scope=\"col\">What it does</th></tr></thead>\n");
        page.append("<tbody>\n");
        for (Endpoint endpoint : group.endpoints()) {
            String call = "<code>" + escaped(endpoint.method() + " " + endpoint.target()) + "</code>";
            boolean link = endpoint.method().equals("GET");
            page.append("<tr><th scope=\"row\">");
            page.append(link ? "<a href=\"" + escaped(endpoint.target()) + "\">" + call + "</a>" : call);
            page.append("</th><td>").append(escaped(endpoint.text())).append("<pre><code class=\"curl\">");
            page.append(unbroken(endpoint.curl(origin))).append("</code></pre></td></tr>\n");
        }
        page.append("</tbody>\n</table>\n</section>\n");
    }
}
