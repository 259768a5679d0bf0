package dev.thrum.crawl.fetch;

import java.io.IOException;

/** A download can't succeed, however often it is tried. */
final class LastingException extends IOException {
    private static final long serialVersionUID = 1L;

    LastingException(String message) {
        super(message);
    }
}
