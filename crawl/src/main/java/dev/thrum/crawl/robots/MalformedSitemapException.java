package dev.thrum.crawl.robots;

import java.io.IOException;

/** Thrown where a sitemap stops being one. The message is one line. */
final class MalformedSitemapException extends IOException {
    private static final long serialVersionUID = 1;

    MalformedSitemapException(String message) {
        super(message);
    }
}
