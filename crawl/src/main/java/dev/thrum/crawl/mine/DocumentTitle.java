package dev.thrum.crawl.mine;

import dev.thrum.crawl.text.Ascii;
import java.util.stream.Collectors;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.TextNode;
import org.jsoup.parser.Parser;

/** The title of an HTML document. */
final class DocumentTitle {
    private DocumentTitle() {}

    static boolean isTitle(Element element) {
        return element.nameIs("title")
                && element.tag().namespace().equals(Parser.NamespaceHtml)
                // What is in a template is no part of the document.
                && element.closest("template") == null;
    }

    /** The text in the element, as scripts see it: without white space around it, and with single spaces within. */
    static String text(Element title) {
        return Ascii.collapse(
                title.textNodes().stream().map(TextNode::getWholeText).collect(Collectors.joining()));
    }
}
