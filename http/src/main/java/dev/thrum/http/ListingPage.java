package dev.thrum.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** A folder as a page, for people. It needs no script: what sorts it are links. */
final class ListingPage {
    private static final String POLICY =
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final String HEAD = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{title}</title>
            <style>
              :root { color-scheme: light dark; }
              body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
              h1 { font-size: 1.3rem; overflow-wrap: anywhere; }
              a { text-decoration: none; }
              a:hover, a:focus { text-decoration: underline; }
              table { border-collapse: collapse; width: 100%; }
              th, td { text-align: left; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
              tbody tr:hover { background: color-mix(in srgb, currentColor 7%, transparent); }
              td:first-child { width: 100%; overflow-wrap: anywhere; }
              .size { text-align: right; }
              .size, .date { white-space: nowrap; font-variant-numeric: tabular-nums; }
              .folder { font-weight: 600; }
              p { opacity: .8; }
              @media (max-width: 36rem) { body { margin: 1rem auto; } .date time span { display: none; } }
            </style>
            </head>
            <body>
            """;

    private static final String[] UNITS = {"KB", "MB", "GB", "TB", "PB", "EB"};
    private static final int THOUSAND = 1_000;
    private static final int HUNDRED = 100;
    private static final int TEN = 10;

    private final Listing listing;
    private final StringBuilder page = new StringBuilder();
    private final ListDates dates = new ListDates(page);

    private ListingPage(Listing listing) {
        this.listing = listing;
    }

    /** The page of the folder of these names below the root. */
    static Response answer(Listing listing, List<String> names, Headers common) {
        Headers headers = Headers.of("Content-Type", "text/html; charset=utf-8")
                .and(common)
                .and("Content-Security-Policy", POLICY)
                .and("Referrer-Policy", "same-origin");
        return Response.of(
                200,
                headers,
                new Response.Content.Bytes(new ListingPage(listing).of(names).getBytes(UTF_8)));
    }

    private String of(List<String> names) {
        String title = names.isEmpty() ? "Files" : names.getLast() + "/";
        page.append(HEAD.replace("{title}", escaped(title)));
        crumbs(names);
        page.append("<table>\n<thead><tr>");
        heading(Listing.Key.NAME, "Name", "");
        heading(Listing.Key.SIZE, "Size", " class=\"size\"");
        heading(Listing.Key.DATE, "Modified (UTC)", " class=\"date\"");
        page.append("</tr></thead>\n<tbody>\n");
        if (!names.isEmpty()) {
            page.append("<tr><td><a class=\"folder\" href=\"../\">../</a></td><td></td><td></td></tr>\n");
        }
        listing.entries().forEach(this::row);
        page.append("</tbody>\n</table>\n");
        page.append("<p>").append(counted()).append(leftOut()).append("</p>\n</body>\n</html>\n");
        return page.toString();
    }

    private String counted() {
        int entries = listing.entries().size();
        if (!listing.complete()) {
            return String.format(
                    Locale.ROOT, "This folder has more than %,d entries: only so many are shown.", Listing.MOST);
        }
        return entries == 0 && listing.leftOut() == 0
                ? "This folder is empty."
                : entries + (entries == 1 ? " entry." : " entries.");
    }

    private String leftOut() {
        return switch (listing.leftOut()) {
            case 0 -> "";
            case 1 -> " One name is left out: it can't be asked for, or leads to nothing that is served.";
            default ->
                " " + listing.leftOut()
                        + " names are left out: they can't be asked for, or lead to nothing that is served.";
        };
    }

    private void crumbs(List<String> names) {
        page.append("<h1><a href=\"./").append("../".repeat(names.size())).append("\">Files</a> /");
        for (int i = 0; i < names.size(); i++) {
            page.append(" <a href=\"./")
                    .append("../".repeat(names.size() - 1 - i))
                    .append("\">")
                    .append(escaped(names.get(i)))
                    .append("</a> /");
        }
        page.append("</h1>\n");
    }

    /** A click sorts by this column; another one turns it round. */
    private void heading(Listing.Key key, String text, String attributes) {
        boolean current = listing.order().key() == key;
        boolean descending = listing.order().descending();
        page.append("<th scope=\"col\"").append(attributes);
        if (current) {
            page.append(" aria-sort=\"")
                    .append(descending ? "descending" : "ascending")
                    .append('"');
        }
        page.append("><a href=\"?sort=")
                .append(key.word())
                .append("&amp;order=")
                .append(current && !descending ? "desc" : "asc")
                .append("\">")
                .append(text);
        if (current) {
            page.append(descending ? " ↓" : " ↑");
        }
        page.append("</a></th>");
    }

    private void row(Listing.Entry entry) {
        String slash = entry.folder() ? "/" : "";
        page.append("<tr><td><a").append(entry.folder() ? " class=\"folder\"" : "");
        page.append(" href=\"./");
        Listing.encode(entry.name(), page);
        page.append(slash).append("\">");
        page.append(escaped(entry.name())).append(slash).append("</a></td><td class=\"size\"");
        if (!entry.folder()) {
            page.append(" title=\"");
            grouped(entry.size(), page);
            page.append(" bytes\"");
        }
        page.append('>').append(entry.folder() ? "" : human(entry.size()));
        page.append("</td><td class=\"date\">");
        date(entry.modified());
        page.append("</td></tr>\n");
    }

    private void date(Instant modified) {
        page.append("<time datetime=\"");
        dates.exact(modified);
        page.append("\" title=\"");
        dates.exact(modified);
        page.append("\">");
        dates.day(modified);
        page.append("<span> ");
        dates.minute(modified);
        page.append("</span></time>");
    }

    /** A number that is not negative, with a comma between groups of three digits. */
    private static void grouped(long number, StringBuilder target) {
        if (number < THOUSAND) {
            target.append(number);
            return;
        }
        grouped(number / THOUSAND, target);
        long group = number % THOUSAND;
        target.append(group < HUNDRED ? group < TEN ? ",00" : ",0" : ",").append(group);
    }

    /** With two digits at least, in powers of a thousand, rounded half up. */
    static String human(long size) {
        if (size < THOUSAND) {
            return size + " B";
        }
        int unit = 0;
        // In thousandths of the unit. What would be rounded to a thousand units has the next one.
        long scaled = size;
        while (scaled >= THOUSAND * THOUSAND - THOUSAND / 2 && unit < UNITS.length - 1) {
            scaled /= THOUSAND;
            unit++;
        }
        long tenths = (scaled + HUNDRED / 2) / HUNDRED;
        return tenths < HUNDRED
                ? tenths / TEN + "." + tenths % TEN + " " + UNITS[unit]
                : (scaled + THOUSAND / 2) / THOUSAND + " " + UNITS[unit];
    }

    /** Text that is nothing but text in HTML, in an attribute too. */
    static String escaped(String text) {
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
