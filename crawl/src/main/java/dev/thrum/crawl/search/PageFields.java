package dev.thrum.crawl.search;

import java.util.Set;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;

/** The fields of a page in the Lucene index. */
final class PageFields {
    static final String URL = "url";
    /** The host of the page, and each domain that it is in. */
    static final String SITE = "site";

    static final String TITLE = "title";
    static final String HEADINGS = "headings";
    static final String BODY = "body";

    /** What a result needs. */
    static final Set<String> SHOWN = Set.of(URL, TITLE, BODY);

    private PageFields() {}

    static Document document(IndexedPage page) {
        Document document = new Document();
        document.add(new StringField(URL, page.url(), Field.Store.YES));
        for (String site : SiteName.all(page.host())) {
            document.add(new StringField(SITE, site, Field.Store.NO));
        }
        document.add(new TextField(TITLE, page.title(), Field.Store.YES));
        document.add(new TextField(HEADINGS, page.headings(), Field.Store.NO));
        document.add(new TextField(BODY, page.body(), Field.Store.YES));
        return document;
    }
}
