package dev.thrum.crawl.mine;

import dev.thrum.crawl.text.Ascii;
import dev.thrum.crawl.text.ContentType;
import dev.thrum.http.client.url.Url;
import dev.thrum.http.client.url.UrlException;
import java.util.Optional;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;
import org.jspecify.annotations.Nullable;

/** A page that was parsed. Owned by the thread that parses it. */
final class Page {
    private final Document document;
    private final Url url;
    private final boolean isHtml;
    /** The URL that links are relative to, once it was needed. */
    private @Nullable Url base;

    private Page(Document document, Url url, boolean isHtml) {
        this.document = document;
        this.url = url;
        this.isHtml = isHtml;
    }

    /** Parses a page; never fails on what it contains. */
    static Page parse(String text, Url url, ContentType.Kind kind) {
        boolean isHtml = kind != ContentType.Kind.XML;
        Parser parser = isHtml ? Parser.htmlParser() : Parser.xmlParser();
        return new Page(Jsoup.parse(text, url.href(), parser), url, isHtml);
    }

    Document document() {
        return document;
    }

    boolean isHtml() {
        return isHtml;
    }

    /** The first {@code title} element of HTML in the order of the tree (HTML, 3.2.9); empty if there is none. */
    Optional<String> title() {
        return document.stream().filter(DocumentTitle::isTitle).findFirst().map(DocumentTitle::text);
    }

    /** The absolute URL of a link on the page; the link as written if it is none for http or https. */
    String absolute(String link) {
        try {
            return base().resolve(link).href();
        } catch (UrlException e) {
            return Ascii.strip(link);
        }
    }

    /** By the first {@code base} with an {@code href} (HTML, 2.4.3 and 4.2.3), which may be relative to the page. */
    private Url base() {
        if (base == null) {
            @Nullable Element element = document.selectFirst("base[href]");
            base = element == null ? url : resolved(element.attr("href"));
        }
        return base;
    }

    private Url resolved(String href) {
        try {
            return url.resolve(href);
        } catch (UrlException e) {
            return url;
        }
    }
}
