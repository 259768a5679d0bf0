package dev.thrum.http.client.url;

import dev.thrum.base.Printable;
import java.io.Serial;

/** Thrown for a text that is no http or https URL. The message says which part is wrong, and never shows user information. */
public final class UrlException extends IllegalArgumentException {
    @Serial
    private static final long serialVersionUID = 1;

    /** How much of a part is shown. */
    private static final int SHOWN = 60;

    UrlException(String message) {
        super(message);
    }

    /** What was expected, and the part that was there in its place. */
    static UrlException expected(String what, String actual) {
        return new UrlException("expected " + what + " but was " + Printable.excerpt(actual, SHOWN));
    }
}
