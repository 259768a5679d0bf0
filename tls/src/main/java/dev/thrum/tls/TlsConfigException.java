package dev.thrum.tls;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A certificate, a key or an authority that can't be used. The message is one line that names the file, what was expected,
 * what was found and what to do.
 */
public final class TlsConfigException extends IOException {
    private static final long serialVersionUID = 1L;

    /** A failure with this message, a single line. */
    public TlsConfigException(String message) {
        super(message);
    }

    /** A failure with this message, a single line. */
    public TlsConfigException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
