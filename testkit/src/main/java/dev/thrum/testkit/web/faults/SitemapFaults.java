package dev.thrum.testkit.web.faults;

import static dev.thrum.testkit.web.WebFault.ofHost;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.testkit.web.Corner;
import dev.thrum.testkit.web.Expectation;
import dev.thrum.testkit.web.Reason;
import dev.thrum.testkit.web.WebFault;
import dev.thrum.testkit.web.WebResponse;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Sitemaps of all formats, and those that are no sitemaps, have no end, or attack their reader. Their pages are linked nowhere else. */
final class SitemapFaults {
    private static final String ROBOTS = "robots.txt";
    private static final String XML = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    private static final String URLSET = "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">";
    private static final String INDEX = "<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">";
    private static final int DEEP = 30;

    /** Decoded, 128 MiB: more than twice the limit of a sitemap. */
    private static final long BOMB = 128L * 1024 * 1024;

    private SitemapFaults() {}

    static List<WebFault> all() {
        return Stream.of(formats(), otherFormats(), oddPlaces(), hostile())
                .flatMap(List::stream)
                .toList();
    }

    private static List<WebFault> formats() {
        return List.of(
                finds("sitemap-xml", "XML.", "map.xml", it -> xml(urls(it, "page"))),
                finds(
                        "sitemap-gz",
                        "XML in gzip, as its name says.",
                        "map.xml.gz",
                        it -> WebResponse.of(
                                "application/gzip",
                                Codings.gzip(urls(it, "page").getBytes(UTF_8)))),
                finds(
                        "sitemap-gz-unnamed",
                        "gzip that nothing declares.",
                        "map.xml",
                        it -> WebResponse.of(
                                "text/xml", Codings.gzip(urls(it, "page").getBytes(UTF_8)))),
                finds("sitemap-gz-not", "A name of gzip, and plain XML.", "map.xml.gz", it -> xml(urls(it, "page"))),
                finds(
                        "sitemap-coding",
                        "The content coding gzip.",
                        "map.xml",
                        it -> WebResponse.of(
                                        "application/xml",
                                        Codings.gzip(urls(it, "page").getBytes(UTF_8)))
                                .with("Content-Encoding: gzip")),
                finds("sitemap-text", "A list of URLs.", "map.txt", it -> WebResponse.text(it.url("page") + "\r\n")));
    }

    private static List<WebFault> otherFormats() {
        return List.of(
                finds(
                        "sitemap-rss",
                        "RSS.",
                        "feed",
                        it -> xml(XML + "<rss version=\"2.0\"><channel><title>t</title>" + "<item><link> "
                                + it.url("page") + "\n</link></item></channel></rss>")),
                finds(
                        "sitemap-atom",
                        "Atom.",
                        "feed",
                        it -> xml(XML + "<feed xmlns=\"http://www.w3.org/2005/Atom\">" + "<entry><link href=\""
                                + it.url("page") + "\"/></entry></feed>")),
                finds(
                        "sitemap-prefix",
                        "Elements with a prefix.",
                        "map.xml",
                        it -> xml(XML
                                + "<s:urlset xmlns:s=\"http://www.sitemaps.org/schemas/sitemap/0.9\"><s:url><s:loc>"
                                + it.url("page") + "</s:loc></s:url></s:urlset>")),
                finds(
                        "sitemap-cdata",
                        "CDATA and white space around the URL.",
                        "map.xml",
                        it -> xml(XML + URLSET + "<url><loc>\n <![CDATA[" + it.url("page")
                                + "]]> </loc></url></urlset>")),
                finds(
                        "sitemap-cut",
                        "XML that breaks off: what precedes counts.",
                        "map.xml",
                        it -> xml(XML + URLSET + url(it.url("page")) + "<url><loc>" + it.url("pa"))),
                finds(
                        "sitemap-html-type",
                        "XML that is declared as HTML.",
                        "map.xml",
                        it -> WebResponse.html(urls(it, "page"))));
    }

    private static List<WebFault> oddPlaces() {
        return List.of(
                ofHost(
                        "sitemap-default-place",
                        "At /sitemap.xml, without a word in robots.txt.",
                        it -> it.put("sitemap.xml", xml(urls(it, "page"))).page("page")),
                ofHost("sitemap-query", "An entity in a URL.", SitemapFaults::query),
                ofHost("sitemap-index", "An index of an index.", SitemapFaults::index),
                ofHost("sitemap-loop", "An index that names itself.", SitemapFaults::loop),
                ofHost("sitemap-deep", "Thirty indexes in a row.", SitemapFaults::deep));
    }

    private static List<WebFault> hostile() {
        return List.of(
                ofHost("sitemap-entity-bomb", "Entities that explode.", SitemapFaults::bomb),
                ofHost("sitemap-gz-bomb", "gzip that explodes.", SitemapFaults::gzipBomb),
                ofHost("sitemap-external-entity", "An entity from elsewhere.", SitemapFaults::externalEntity),
                ofHost("sitemap-html", "A page in place of a sitemap.", SitemapFaults::html),
                ofHost(
                        "sitemap-500",
                        "A sitemap that is not there.",
                        it -> names(it, "map.xml")
                                .put("map.xml", WebResponse.status(500))
                                .expect(Expectation.requested(it.url("map.xml"), 1, Expectation.TRIES))
                                .link("linked")
                                .page("linked")),
                ofHost("sitemap-out-of-scope", "URLs and sitemaps of other hosts.", SitemapFaults::outOfScope));
    }

    private static WebFault finds(String name, String description, String path, Function<Corner, WebResponse> sitemap) {
        return ofHost(
                name,
                description,
                corner -> names(corner, path)
                        .put(path, sitemap.apply(corner))
                        .expect(once(corner, path))
                        .page("page"));
    }

    private static Corner names(Corner corner, String path) {
        return corner.put(ROBOTS, WebResponse.text("User-agent: *\nDisallow:\nSitemap: " + corner.url(path) + "\n"));
    }

    private static Expectation once(Corner corner, String path) {
        return Expectation.requested(corner.url(path), 1, 1);
    }

    private static WebResponse xml(String text) {
        return WebResponse.of("application/xml", text.getBytes(UTF_8));
    }

    private static String url(String url) {
        return "<url><loc>" + url + "</loc><lastmod>2026-11-30</lastmod></url>";
    }

    private static String urls(Corner corner, String path) {
        return XML + URLSET + url(corner.url(path)) + "</urlset>";
    }

    private static String indexOf(Corner corner, String path) {
        return XML + INDEX + "<sitemap><loc>" + corner.url(path) + "</loc></sitemap></sitemapindex>";
    }

    private static void query(Corner corner) {
        names(corner, "map.xml")
                .put("map.xml", xml(urls(corner, "page?a=1&amp;b=2")))
                .page("page?a=1&b=2");
    }

    private static void index(Corner corner) {
        names(corner, "outer.xml")
                .put("outer.xml", xml(indexOf(corner, "inner.xml")))
                .put("inner.xml", xml(indexOf(corner, "map.xml")))
                .put("map.xml", xml(urls(corner, "page")))
                .page("page");
    }

    private static void loop(Corner corner) {
        String both = indexOf(corner, "map.xml")
                .replace(
                        "</sitemapindex>",
                        "<sitemap><loc>" + corner.url("urls.xml") + "</loc></sitemap></sitemapindex>");
        names(corner, "map.xml")
                .put("map.xml", xml(both))
                .put("urls.xml", xml(urls(corner, "page")))
                .expect(once(corner, "map.xml"), once(corner, "urls.xml"))
                .page("page");
    }

    private static void deep(Corner corner) {
        names(corner, "map0.xml");
        for (int number = 0; number < DEEP; number++) {
            String next = number + 1 < DEEP ? indexOf(corner, "map" + (number + 1) + ".xml") : urls(corner, "page");
            corner.put("map" + number + ".xml", xml(next));
        }
        corner.put("page", corner.html("page"))
                .expect(Expectation.requested(corner.url("map" + (DEEP - 1) + ".xml"), 0, 0))
                .expect(Expectation.requested(corner.url("page"), 0, 0));
    }

    private static void bomb(Corner corner) {
        StringBuilder bomb = new StringBuilder(XML).append("<!DOCTYPE urlset [<!ENTITY e0 \"boom\">");
        for (int level = 1; level < DEEP; level++) {
            String inner = "&e" + (level - 1) + ";";
            bomb.append("<!ENTITY e")
                    .append(level)
                    .append(" \"")
                    .append(inner.repeat(10))
                    .append("\">");
        }
        bomb.append("]>").append(URLSET).append(url(corner.url("before")));
        bomb.append("<url><loc>").append(corner.url("&e" + (DEEP - 1) + ";")).append("</loc></url></urlset>");
        names(corner, "map.xml").put("map.xml", xml(bomb.toString())).expect(once(corner, "map.xml"));
        mayFind(corner, "before");
    }

    /** A document with entities of its own may be refused as a whole. */
    private static void mayFind(Corner corner, String path) {
        corner.put(path, corner.html(path)).expect(Expectation.requested(corner.url(path), 0, 1));
        corner.link("linked").page("linked");
    }

    /** Coded when it is requested, because it takes long. */
    private static void gzipBomb(Corner corner) {
        byte[] head = (XML + URLSET + url(corner.url("page"))).getBytes(UTF_8);
        names(corner, "map.xml.gz")
                .put("map.xml.gz", _ -> WebResponse.of("application/gzip", Codings.bomb(head, BOMB)))
                .expect(once(corner, "map.xml.gz"))
                .page("page");
    }

    private static void externalEntity(Corner corner) {
        String map = XML + "<!DOCTYPE urlset [<!ENTITY x SYSTEM \"" + corner.url("entity") + "\">"
                + "<!ENTITY % p SYSTEM \"" + corner.url("parameter") + "\">%p;]>"
                + URLSET + url(corner.url("before")) + url(corner.url("&x;")) + "</urlset>";
        names(corner, "map.xml")
                .put("map.xml", xml(map))
                .put("entity", WebResponse.text("secret"))
                .put("parameter", WebResponse.text("<!ENTITY y \"z\">"))
                .expect(once(corner, "map.xml"))
                .expect(Expectation.absent(corner.url("entity")), Expectation.absent(corner.url("parameter")))
                .expect(Expectation.absent(corner.url("secret")));
        mayFind(corner, "before");
    }

    private static void html(Corner corner) {
        names(corner, "map.xml")
                .put("map.xml", corner.html("map", "child"))
                .expect(once(corner, "map.xml"))
                .expect(Expectation.requested(corner.url("child"), 0, 1))
                .put("child", corner.html("child"))
                .link("linked")
                .page("linked");
    }

    private static void outOfScope(Corner corner) {
        String map = XML + URLSET + url(corner.url("page")) + url(corner.outside("page")) + "</urlset>";
        names(corner, "map.xml")
                .put("map.xml", xml(map))
                .page("page")
                .expect(Expectation.skipped(corner.outside("page"), Reason.SCOPE));
    }
}
