package dev.thrum.app.search;

import dev.thrum.base.Clock;
import dev.thrum.crawl.search.IndexedPage;
import dev.thrum.crawl.search.PageIndex;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Crawls for the tests of searches. */
final class SearchScene {
    /** What no output may pass on as it is. */
    static final String HOSTILE = "<script>alert(1)</script> \u001b]0;x\u0007\u001b[2J\u009b2J \u202e <mark>&\"'";

    private SearchScene() {}

    static IndexedPage page(String url, String title, String body) {
        return new IndexedPage(url, "a.example", title, "", body);
    }

    /** Makes an index of these pages in the folder of a crawl. */
    static void index(Path crawl, List<IndexedPage> pages) throws IOException {
        try (PageIndex index = PageIndex.create(crawl.resolve(PageIndex.FOLDER), Clock.system())) {
            for (IndexedPage page : pages) {
                index.add(page);
            }
            commit(index);
        }
    }

    static byte[] commit(PageIndex index) throws IOException {
        index.force();
        byte[] checkpoint = index.checkpoint();
        index.confirm(checkpoint);
        return checkpoint;
    }
}
