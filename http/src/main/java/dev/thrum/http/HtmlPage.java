package dev.thrum.http;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The frame of every HTML page: one style, light and dark, from a width of 320 pixels, without scripts.
 *
 * <p>A page is built in a {@link StringBuilder}: {@link #begin} writes everything before the content, {@link #end}
 * everything after it, and makes the response.
 */
public final class HtmlPage {
    /** Two warp threads and their fringe, hanging from the beam of a loom. */
    private static final String ICON = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 16 16\">"
            + "<path fill=\"none\" stroke=\"#2f81d8\" stroke-width=\"2\" stroke-linecap=\"round\""
            + " d=\"M2 3h12M4 3v8M8 3v10M12 3v7\"/></svg>";

    private static final String HEAD = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <link rel="icon" href="data:image/svg+xml,{icon}">
            <title>{title}</title>
            <style>
              :root { color-scheme: light dark; --bg: #f6f7f9; --card: #fff; --fg: #1b1f24; --dim: #5d6675; --line: #dfe3e8; --link: #0b63ce; }
              @media (prefers-color-scheme: dark) { :root { --bg: #101317; --card: #181c22; --fg: #e8ebf0; --dim: #98a2b1; --line: #2b323c; --link: #6cb0ff; } }
              * { box-sizing: border-box; }
              body { margin: 0; background: var(--bg); color: var(--fg); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
              main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem; }
              h1 { font-size: 1.4rem; line-height: 1.3; margin: 0 0 .5rem; }
              a { color: var(--link); }
              code { font-family: ui-monospace, monospace; font-size: .9em; }
              table { border-collapse: collapse; width: 100%; }
              th, td { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); }
              th { color: var(--dim); font-weight: 600; }
              .card { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .5rem 1rem; margin: 1rem 0; }
            {style}</style>
            </head>
            <body>
            <main>
            """.replace(
            "{icon}",
            ICON.replace("\"", "'").replace("<", "%3C").replace(">", "%3E").replace("#", "%23"));

    private static final String POLICY =
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none';"
                    + " form-action 'self'; frame-ancestors 'none'";

    private static final Headers HEADERS = Headers.of("Content-Type", "text/html; charset=utf-8")
            .and("Content-Security-Policy", POLICY)
            .and("Referrer-Policy", "same-origin")
            .and("X-Content-Type-Options", "nosniff");

    private static final Response ICON_RESPONSE =
            Response.of(200, "image/svg+xml", ICON).with("Cache-Control", "max-age=86400");

    private HtmlPage() {}

    /**
     * Begins a page; the caller appends its content as HTML, with {@link #escaped} text.
     *
     * @param title of the page, as text; it is escaped
     * @param style lines of CSS for this page, added to the common ones; trusted, not escaped
     */
    public static StringBuilder begin(String title, String style) {
        return new StringBuilder(HEAD.replace("{title}", escaped(title)).replace("{style}", style));
    }

    /**
     * Ends the page and makes the response, in UTF-8. Its content security policy allows only the page's own style,
     * icon and forms: no scripts, no other origins. The builder must not be used afterwards.
     *
     * @param status of the response, from 200 to 599
     */
    public static Response end(StringBuilder page, int status) {
        return Response.of(status, HEADERS, new Response.Content.Bytes(end(page).getBytes(UTF_8)));
    }

    /** Ends a page that is a file and no response, and returns it. The builder must not be used afterwards. */
    public static String end(StringBuilder page) {
        return page.append("</main>\n</body>\n</html>\n").toString();
    }

    /**
     * The icon of all pages, for {@code /favicon.ico}, which browsers request if they show something that is no page.
     */
    public static Response icon() {
        return ICON_RESPONSE;
    }

    /** Escapes text for HTML: for the content of elements, and for attributes in quotes. */
    public static String escaped(String text) {
        for (int i = 0; i < text.length(); i++) {
            if ("&<>\"'".indexOf(text.charAt(i)) >= 0) {
                return text.replace("&", "&amp;")
                        .replace("<", "&lt;")
                        .replace(">", "&gt;")
                        .replace("\"", "&quot;")
                        .replace("'", "&#39;");
            }
        }
        return text;
    }
}
