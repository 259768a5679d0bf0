package dev.thrum.crawl.html;

import dev.thrum.crawl.html.Link.Kind;
import dev.thrum.crawl.text.Ascii;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.DataNode;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.parser.Parser;
import org.jsoup.select.NodeVisitor;
import org.jspecify.annotations.Nullable;

/** The same as a scan finds, from jsoup's tree. */
final class ParsedPage {
    private static final Set<String> BLOCKS =
            Set.of(("address article aside blockquote br button caption center dd details"
                            + " dialog dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr"
                            + " legend li listing main marquee menu nav noscript ol optgroup option p plaintext pre search section select"
                            + " summary svg table tbody td textarea tfoot th thead title tr ul xmp")
                    .split(" ", -1));
    private static final Set<String> LEFT_OUT = Set.of("nav", "header", "footer", "aside", "form");
    private static final Set<String> SOURCES = Set.of("script", "style", "template");
    private static final Set<String> NOT_SHOWN = Set.of("title", "iframe", "noembed", "noframes");
    private static final Set<String> HEADINGS = Set.of("h1", "h2", "h3", "h4", "h5", "h6");

    private final Document document;

    ParsedPage(String html) {
        document = Jsoup.parse(html);
    }

    private Stream<Element> elements(String name) {
        return document.getElementsByTag(name).stream().filter(element -> element.closest("template") == null);
    }

    private static boolean isHtml(Element element) {
        return element.tag().namespace().equals(Parser.NamespaceHtml);
    }

    @Nullable
    String title() {
        return elements("title")
                .filter(ParsedPage::isHtml)
                .findFirst()
                .map(title -> Ascii.collapse(title.wholeText()))
                .orElse(null);
    }

    @Nullable
    String base() {
        return elements("base")
                .filter(ParsedPage::isHtml)
                .filter(element -> element.hasAttr("href"))
                .findFirst()
                .map(element -> element.attr("href"))
                .orElse(null);
    }

    @Nullable
    String canonical() {
        return elements("link")
                .filter(ParsedPage::isHtml)
                .filter(element -> element.hasAttr("href"))
                .filter(element -> List.of(rel(element).split(" ", -1)).contains("canonical"))
                .findFirst()
                .map(element -> element.attr("href"))
                .orElse(null);
    }

    Directives directives() {
        return elements("meta")
                .filter(ParsedPage::isHtml)
                .filter(element -> Set.of("robots", Scans.AGENT)
                        .contains(element.attr("name").toLowerCase(Locale.ROOT)))
                .map(element -> Directives.ofContent(element.attr("content")))
                .reduce(Directives.NONE, Directives::and);
    }

    private static String rel(Element element) {
        return Ascii.lower(Ascii.collapse(element.attr("rel")));
    }

    /** The links, each once, without the clones that the tree has of some, in no particular order. */
    List<Link> links() {
        List<Link> links = new ArrayList<>();
        elements("a").filter(a -> a.hasAttr("href")).forEach(a -> links.add(link(a, "href", Kind.ANCHOR, textOf(a))));
        html("area", "href").forEach(area -> links.add(link(area, "href", Kind.AREA, "")));
        html("link", "href").forEach(link -> links.add(link(link, "href", Kind.LINK, "")));
        html("frame", "src").forEach(frame -> links.add(link(frame, "src", Kind.FRAME, "")));
        html("iframe", "src").forEach(frame -> links.add(link(frame, "src", Kind.FRAME, "")));
        html("meta", "content")
                .filter(meta -> meta.attr("http-equiv").equalsIgnoreCase("refresh"))
                .forEach(meta -> Refresh.target(meta.attr("content"))
                        .ifPresent(target -> links.add(Link.of(target, "", Kind.REFRESH))));
        return links;
    }

    private Stream<Element> html(String name, String attribute) {
        return elements(name).filter(ParsedPage::isHtml).filter(element -> element.hasAttr(attribute));
    }

    private static Link link(Element element, String target, Kind kind, String text) {
        String rel = kind == Kind.FRAME ? "" : rel(element);
        return new Link(element.attr(target), rel, text, kind);
    }

    private static String textOf(Element anchor) {
        String text = Words.of(anchor).all.toString();
        String collapsed = Ascii.collapse(text);
        return collapsed.length() <= Link.LONGEST_TEXT
                ? collapsed
                : Ascii.strip(collapsed.substring(0, Link.LONGEST_TEXT));
    }

    String headings() {
        return Ascii.collapse(Words.of(document).headings.toString());
    }

    String text() {
        return Ascii.collapse(Words.of(document).text.toString());
    }

    /** The texts in an element. */
    private static final class Words implements NodeVisitor {
        private final StringBuilder all = new StringBuilder();
        private final StringBuilder headings = new StringBuilder();
        private final StringBuilder text = new StringBuilder();
        private int templates;
        private int sources;
        private int leftOut;
        private int headingsOpen;

        static Words of(Element element) {
            Words words = new Words();
            element.traverse(words);
            return words;
        }

        @Override
        public void head(Node node, int depth) {
            if (node instanceof Element element) {
                element(element, 1);
            } else if (node instanceof TextNode words) {
                add(words.getWholeText());
            } else if (node instanceof DataNode data) {
                // Of xmp, for example.
                add(data.getWholeData());
            }
        }

        private void add(String words) {
            if (sources == 0) {
                all.append(words);
            }
            if (sources == 0 && leftOut == 0) {
                (headingsOpen > 0 ? headings : text).append(words);
            }
        }

        @Override
        public void tail(Node node, int depth) {
            if (node instanceof Element element) {
                element(element, -1);
            }
        }

        private void element(Element element, int more) {
            String name = element.normalName();
            boolean isNotShown = NOT_SHOWN.contains(name) && isHtml(element);
            templates += name.equals("template") ? more : 0;
            sources += SOURCES.contains(name) || isNotShown ? more : 0;
            leftOut += LEFT_OUT.contains(name) ? more : 0;
            headingsOpen += HEADINGS.contains(name) ? more : 0;
            if (BLOCKS.contains(name) && templates == 0) {
                all.append(' ');
                headings.append(' ');
                text.append(' ');
            }
        }
    }
}
