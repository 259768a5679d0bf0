package dev.thrum.crawl.crawler;

/** A seed must not be connected to: the message says why, and what to do. */
public final class SeedRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    SeedRefusedException(String message) {
        super(message);
    }
}
