package dev.thrum.bench.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * Pages of HTML like those of a news site: a head with meta elements, scripts and styles, lists of links, paragraphs with
 * inline elements, a table. Their sizes are spread as on the web, most small and some large. The same in every run.
 */
public final class WebPages {
    private static final int SEED = 4711;
    private static final int LEAST_PARTS = 4;
    /** The median of the number of parts, and the spread of its logarithm. */
    private static final double MEDIAN = 14;

    private static final double SPREAD = 0.7;
    private static final int MOST_PARTS = 120;

    private static final String[] WORDS =
            ("about after again against all also and any are back because before between both"
                            + " but café called can city come country day did different does down each end even every find first"
                            + " for found from give good government great group had has have help here high house how large last"
                            + " life line little long made make many may means might more most much must naïve name never new next"
                            + " number often only other over own part people place public right same school see should show since"
                            + " small some state still such system take tell that the their them there these they thing think this"
                            + " those though three through time too two under until use very want water way were what when where"
                            + " which while who why will with work world would year young Zürich")
                    .split(" ", -1);

    private final Random random = new Random(SEED);

    private WebPages() {}

    /** Writes this many pages into a folder, a hundred in each folder of it; returns the sum of their sizes. */
    public static long write(Path folder, int pages) throws IOException {
        WebPages writer = new WebPages();
        long bytes = 0;
        for (int i = 0; i < pages; i++) {
            Path file = folder.resolve(name(i));
            if (i % 100 == 0) {
                Files.createDirectories(file.getParent());
            }
            byte[] page = writer.page(i).getBytes(StandardCharsets.UTF_8);
            Files.write(file, page);
            bytes += page.length;
        }
        return bytes;
    }

    /** The path of a page, relative to the folder. */
    public static String name(int page) {
        return page / 100 + "/" + page + ".html";
    }

    /** The title of a page. */
    public static String title(int page) {
        return "Page " + page + " & “more”";
    }

    private String page(int number) {
        StringBuilder page = new StringBuilder();
        page.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        page.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        page.append("<meta name=\"description\" content=\"").append(words(12)).append("\">\n");
        page.append("<link rel=\"stylesheet\" href=\"/assets/site.css?v=3\">\n");
        page.append("<title>").append(title(number).replace("&", "&amp;")).append("</title>\n");
        page.append(
                "<script>window.dataLayer = window.dataLayer || [];\nif (a < b && c > d) { load(\"</p>\"); }</script>\n");
        page.append(
                "<style>.nav li { display: inline-block } @media (max-width: 600px) { .nav { width: 100% } }</style>\n");
        page.append("</head>\n<body class=\"article two-columns\">\n");
        links(page, 12);
        page.append("<main id=\"content\">\n<h1>").append(words(6)).append("</h1>\n");
        double parts = Math.exp(random.nextGaussian() * SPREAD) * MEDIAN;
        for (int left = (int) Math.min(Math.max(parts, LEAST_PARTS), MOST_PARTS); left > 0; left--) {
            part(page);
        }
        page.append("</main>\n");
        links(page, 20);
        page.append(
                "<footer><p>&copy; 2026 &middot; <a href=\"/imprint\">Imprint</a></p></footer>\n</body>\n</html>\n");
        return page.toString();
    }

    private void part(StringBuilder page) {
        switch (random.nextInt(8)) {
            case 0 ->
                page.append("<h2 id=\"s")
                        .append(random.nextInt(1000))
                        .append("\">")
                        .append(words(4))
                        .append("</h2>\n");
            case 1 -> links(page, 6);
            case 2 -> table(page);
            case 3 ->
                page.append("<figure><img src=\"/img/")
                        .append(random.nextInt(10_000))
                        .append(".jpg\" alt=\"")
                        .append(words(5))
                        .append("\" width=640 height=480><figcaption>")
                        .append(words(8))
                        .append("</figcaption></figure>\n");
            default -> paragraph(page);
        }
    }

    private void paragraph(StringBuilder page) {
        page.append("<p class=\"body-text\">")
                .append(words(25))
                .append(" <a href=\"/articles/")
                .append(random.nextInt(100_000))
                .append("?from=text&amp;x=1\">")
                .append(words(3))
                .append("</a> ")
                .append(words(20))
                .append(" <em>")
                .append(words(2))
                .append("</em>, <strong>")
                .append(words(2))
                .append("</strong> &ndash; ")
                .append(words(15))
                .append(".\n");
    }

    private void links(StringBuilder page, int number) {
        page.append("<ul class=\"nav\">\n");
        for (int i = 0; i < number; i++) {
            page.append("<li class=\"item-")
                    .append(i)
                    .append("\"><a href=\"/topics/")
                    .append(random.nextInt(1000))
                    .append("\" title=\"")
                    .append(words(2))
                    .append("\">")
                    .append(words(2))
                    .append("</a></li>\n");
        }
        page.append("</ul>\n");
    }

    private void table(StringBuilder page) {
        page.append("<table><thead><tr><th>Year<th>Number</tr></thead><tbody>\n");
        for (int i = 0; i < 5; i++) {
            page.append("<tr><td>")
                    .append(2000 + i)
                    .append("</td><td data-n=\"")
                    .append(i)
                    .append("\">")
                    .append(random.nextInt(100_000))
                    .append("</td></tr>\n");
        }
        page.append("</tbody></table>\n");
    }

    private String words(int number) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < number; i++) {
            text.append(i == 0 ? "" : " ").append(WORDS[random.nextInt(WORDS.length)]);
        }
        return text.toString();
    }
}
