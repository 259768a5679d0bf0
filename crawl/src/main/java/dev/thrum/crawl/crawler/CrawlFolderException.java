package dev.thrum.crawl.crawler;

/** A folder can't be that of the crawl: the message says why, and what to do. */
public final class CrawlFolderException extends Exception {
    private static final long serialVersionUID = 1L;

    public CrawlFolderException(String message) {
        super(message);
    }
}
