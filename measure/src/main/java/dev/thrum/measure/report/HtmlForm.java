package dev.thrum.measure.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.http.HtmlPage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Reports as one page that needs nothing else: style, pictures and data are in it, and there is no script that runs. */
final class HtmlForm {
    /** Tables with more columns are shown as lists on narrow screens. */
    private static final int NARROW = 3;

    /** Tables with at most this many columns have room for their cells in one line each on wide screens. */
    private static final int FEW = 5;

    private HtmlForm() {}

    /**
     * The page.
     *
     * @param json the data, which is embedded
     */
    static String of(Summary summary, List<Section> sections, String json) {
        StringBuilder page = HtmlPage.begin("thrum compare: " + summary.headline(), style());
        head(page, summary);
        sections.forEach(section -> section(page, section));
        // Inside of a script only an end tag could end it.
        page.append("<script type=\"application/json\" id=\"data\">")
                .append(json.replace("<", "\\u003c"))
                .append("</script>\n");
        return HtmlPage.end(page);
    }

    private static String style() {
        try (InputStream style = HtmlForm.class.getResourceAsStream("report.css")) {
            return new String(Objects.requireNonNull(style).readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void head(StringBuilder page, Summary summary) {
        page.append("<div class=\"card answer ")
                .append(summary.kind().name().toLowerCase(Locale.ROOT))
                .append("\">\n<p class=\"dim\">thrum compare</p>\n");
        element(page, "h1", "", summary.headline());
        if (!summary.evidence().isEmpty()) {
            list(page, summary.evidence());
        }
        summary.reasons().forEach(reason -> element(page, "p", "why", reason));
        summary.notes().forEach(note -> element(page, "p", "note", note));
        element(page, "p", "dim", summary.subject());
        page.append("</div>\n");
    }

    private static void section(StringBuilder page, Section section) {
        if (section.length() == Section.Length.RAW) {
            page.append("<details class=\"card\">\n<summary><h2>")
                    .append(HtmlPage.escaped(section.title()))
                    .append("</h2></summary>\n");
            section.blocks().forEach(block -> block(page, block));
            page.append("</details>\n");
            return;
        }
        page.append("<section class=\"card\">\n");
        element(page, "h2", "", section.title());
        section.blocks().forEach(block -> block(page, block));
        page.append("</section>\n");
    }

    private static void block(StringBuilder page, Block block) {
        switch (block) {
            case Block.Paragraph paragraph -> element(page, "p", "", paragraph.text());
            case Block.Items items -> list(page, items.items());
            case Block.Table table -> table(page, table);
            case Block.Verdicts verdicts -> page.append(Forest.of(verdicts.verdicts()));
            case Block.Pictures pictures -> pictures(page, pictures);
        }
    }

    private static void list(StringBuilder page, List<String> items) {
        page.append("<ul>\n");
        items.forEach(item -> element(page, "li", "", item));
        page.append("</ul>\n");
    }

    private static void pictures(StringBuilder page, Block.Pictures pictures) {
        if (!pictures.arms().isEmpty()) {
            page.append("<p class=\"legend\">");
            for (int arm = 0; arm < pictures.arms().size(); arm++) {
                Svg key = new Svg(24, 12, "").line(0, 6, 24, 6, "line a" + arm).mark(12, 6, arm, "mark a" + arm, "");
                page.append("<span>")
                        .append(key)
                        .append(HtmlPage.escaped(pictures.arms().get(arm)))
                        .append("</span>");
            }
            page.append("</p>\n");
        }
        page.append("<div class=\"pictures\">\n");
        for (Block.Picture picture : pictures.pictures()) {
            page.append("<figure><figcaption>")
                    .append(HtmlPage.escaped(picture.title()))
                    .append("</figcaption>")
                    .append(picture.svg())
                    .append("</figure>\n");
        }
        page.append("</div>\n");
    }

    private static void table(StringBuilder page, Block.Table table) {
        int columns = table.head().size();
        page.append(
                        columns <= NARROW
                                ? "<table>"
                                : columns <= FEW ? "<table class=\"wide few\">" : "<table class=\"wide\">")
                .append("\n<thead><tr>");
        table.head()
                .forEach(title -> page.append("<th scope=\"col\">")
                        .append(HtmlPage.escaped(title))
                        .append("</th>"));
        page.append("</tr></thead>\n<tbody>\n");
        for (List<String> row : table.rows()) {
            page.append("<tr>");
            for (int i = 0; i < row.size(); i++) {
                page.append("<td data-title=\"")
                        .append(HtmlPage.escaped(table.head().get(i)))
                        .append("\">")
                        .append(escaped(row.get(i)))
                        .append("</td>");
            }
            page.append("</tr>\n");
        }
        page.append("</tbody>\n</table>\n");
    }

    private static void element(StringBuilder page, String name, String style, String text) {
        page.append('<').append(name);
        if (!style.isEmpty()) {
            page.append(" class=\"").append(style).append('"');
        }
        page.append('>').append(escaped(text)).append("</").append(name).append(">\n");
    }

    /** Text whose numbers stay with the signs that follow them. */
    static String escaped(String text) {
        return HtmlPage.escaped(text).replace(" %", "\u00a0%").replace(" ×", "\u00a0×");
    }
}
