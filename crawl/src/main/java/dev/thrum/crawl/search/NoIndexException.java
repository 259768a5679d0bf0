package dev.thrum.crawl.search;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** There is no index in a folder, or none that this version reads. The message names the remedy. */
public final class NoIndexException extends IOException {
    private static final long serialVersionUID = 1L;

    NoIndexException(String message) {
        super(message);
    }

    NoIndexException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
