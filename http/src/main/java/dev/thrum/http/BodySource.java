package dev.thrum.http;

import java.io.IOException;

/** Where the bytes of one body come from: how the message says where it ends (RFC 9112, section 6). */
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

    /** What {@link #declared} returns where the head does not say it. */
    long UNKNOWN = -1;

    /** Waits for at least one byte; returns how many came, or -1 at the end of the body. */
    int read(byte[] target, int offset, int length) throws IOException;

    /** How many bytes the head says there are. */
    long declared();

    /** The fields behind the body, once it has been read to its end. */
    default Headers trailers() {
        return Headers.none();
    }
}
