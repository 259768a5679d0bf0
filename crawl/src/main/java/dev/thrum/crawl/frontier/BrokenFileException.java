package dev.thrum.crawl.frontier;

import java.io.IOException;

/** A file of a frontier is damaged where a commit had made it durable. */
final class BrokenFileException extends IOException {
    private static final long serialVersionUID = 1L;

    BrokenFileException(String file, long position, String what) {
        super("the file " + file + " of the frontier is damaged at byte " + position + ": " + what
                + "; restore the folder from a copy, or begin again in another one");
    }
}
