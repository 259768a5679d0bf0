package dev.thrum.http;

import java.io.IOException;

/**
 * The bytes of one body, read from a connection; its framing says where it ends (RFC 9112, section 6). Owned by the
 * thread that reads.
 */
public interface BodySource {
    /** The source of a message without a body. */
    BodySource NONE = new BodySource() {
        @Override
        public int read(byte[] target, int offset, int length) {
            return -1;
        }

        @Override
        public long declared() {
            return 0;
        }
    };

    /** The value of {@link #declared} if the head declares no length. */
    long UNKNOWN = -1;

    /** Waits for at least one byte; returns the number of bytes read, or -1 at the end of the body. */
    int read(byte[] target, int offset, int length) throws IOException;

    /** The length in bytes that the head declares, or {@link #UNKNOWN}. */
    long declared();

    /** The trailer fields, after the body was read to its end; empty before that. */
    default Headers trailers() {
        return Headers.none();
    }
}
