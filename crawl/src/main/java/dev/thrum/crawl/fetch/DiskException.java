package dev.thrum.crawl.fetch;

import dev.thrum.base.IoWords;
import java.io.IOException;

/** The disk has failed, not the network: another attempt would fail too. */
final class DiskException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * A failure.
     *
     * @param what was expected, such as "expected to write x"
     */
    DiskException(String what, IOException cause) {
        super(what + " but the disk failed: " + IoWords.of(cause), cause);
    }

    DiskException(String message) {
        super(message);
    }
}
