package dev.thrum.http.files;

import dev.thrum.base.PercentEncoding;
import dev.thrum.http.Headers;
import dev.thrum.http.HtmlPage;
import dev.thrum.http.Response;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** A folder as an HTML page. It needs no script: sorting is done by links. */
final class ListingPage {
    private static final String STYLE = """
              main a { text-decoration: none; }
              main a:hover, main a:focus { text-decoration: underline; }
              tbody tr:hover { background: color-mix(in srgb, currentColor 7%, transparent); }
              td:first-child { width: 100%; }
              .size { text-align: right; }
              .size, .date { white-space: nowrap; overflow-wrap: normal; font-variant-numeric: tabular-nums; }
              .folder { font-weight: 600; }
              p { color: var(--dim); }
              @media (max-width: 36rem) { .date span { display: none; } }
            """;

    private static final String[] UNITS = {"KB", "MB", "GB", "TB", "PB", "EB"};
    private static final int THOUSAND = 1_000;
    private static final int HUNDRED = 100;
    private static final int TEN = 10;

    private final Listing listing;
    private final StringBuilder page;
    private final ListDates dates;

    private ListingPage(Listing listing, StringBuilder page) {
        this.listing = listing;
        this.page = page;
        this.dates = new ListDates(page);
    }

    /** The page for the folder with these names below the root. */
    static Response response(Listing listing, List<String> names, Headers common) {
        StringBuilder page = HtmlPage.begin(names.isEmpty() ? "Files" : names.getLast() + "/", STYLE);
        new ListingPage(listing, page).write(names);
        return HtmlPage.end(page, 200).and(common);
    }

    private void write(List<String> names) {
        crumbs(names);
        page.append("<table>\n<thead><tr>");
        heading(Listing.Key.NAME, "Name", "");
        heading(Listing.Key.SIZE, "Size", " class=\"size\"");
        heading(Listing.Key.DATE, "Modified<span> (UTC)</span>", " class=\"date\"");
        page.append("</tr></thead>\n<tbody>\n");
        if (!names.isEmpty()) {
            page.append("<tr><td><a class=\"folder\" href=\"../\">../</a></td><td></td><td></td></tr>\n");
        }
        listing.entries().forEach(this::row);
        page.append("</tbody>\n</table>\n");
        page.append("<p>").append(counted()).append(leftOut()).append("</p>\n");
    }

    private String counted() {
        int entries = listing.entries().size();
        if (!listing.complete()) {
            return String.format(
                    Locale.ROOT, "This folder has more than %,d entries; only these are shown.", Listing.MOST);
        }
        return entries == 0 && listing.leftOut() == 0
                ? "This folder is empty."
                : entries + (entries == 1 ? " entry." : " entries.");
    }

    private String leftOut() {
        return switch (listing.leftOut()) {
            case 0 -> "";
            case 1 -> " One name is left out: it can't be requested, or leads to nothing that is served.";
            default ->
                " " + listing.leftOut()
                        + " names are left out: they can't be requested, or lead to nothing that is served.";
        };
    }

    private void crumbs(List<String> names) {
        page.append("<h1><a href=\"./").append("../".repeat(names.size())).append("\">Files</a> /");
        for (int i = 0; i < names.size(); i++) {
            page.append(" <a href=\"./")
                    .append("../".repeat(names.size() - 1 - i))
                    .append("\">")
                    .append(HtmlPage.escaped(names.get(i)))
                    .append("</a> /");
        }
        page.append("</h1>\n");
    }

    /** A click sorts by this column, the next one in reverse. */
    private void heading(Listing.Key key, String html, String attributes) {
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
                .append(html);
        if (current) {
            page.append(descending ? " ↓" : " ↑");
        }
        page.append("</a></th>");
    }

    private void row(Listing.Entry entry) {
        String slash = entry.folder() ? "/" : "";
        page.append("<tr><td><a").append(entry.folder() ? " class=\"folder\"" : "");
        page.append(" href=\"./");
        PercentEncoding.encode(entry.name(), "", page);
        page.append(slash).append("\">");
        page.append(HtmlPage.escaped(entry.name())).append(slash).append("</a></td><td class=\"size\"");
        if (!entry.folder()) {
            page.append(" title=\"");
            grouped(entry.size(), page);
            page.append(entry.size() == 1 ? " byte\"" : " bytes\"");
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

    /** A number that is not negative, with commas between groups of three digits. */
    private static void grouped(long number, StringBuilder target) {
        if (number < THOUSAND) {
            target.append(number);
            return;
        }
        grouped(number / THOUSAND, target);
        long group = number % THOUSAND;
        target.append(group < HUNDRED ? group < TEN ? ",00" : ",0" : ",").append(group);
    }

    /** A size with at least two digits, in powers of a thousand, rounded half up. */
    static String human(long size) {
        if (size < THOUSAND) {
            return size + " B";
        }
        int unit = 0;
        // In thousandths of the unit. A size that would be rounded to a thousand units gets the next unit.
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
}
