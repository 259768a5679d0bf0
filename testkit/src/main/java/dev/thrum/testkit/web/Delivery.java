package dev.thrum.testkit.web;

import java.time.Duration;

/**
 * How the bytes of a response go over the wire.
 *
 * @param most the number of bytes that are sent at most
 * @param piece the number of bytes that are sent at once
 * @param pause the time before each piece but the first, by the engine's clock
 * @param then what happens to the connection after that
 */
public record Delivery(int most, int piece, Duration pause, Then then) {
    private static final int ALL = Integer.MAX_VALUE;

    /** What happens to a connection after a response. */
    public enum Then {
        KEEP,
        END,
        RESET,
        /** Nothing more is sent, and the connection stays until the client ends it. */
        HOLD,
        /** The connection is kept, but ends when the next request arrives, without a response to it. */
        END_AT_NEXT
    }

    /** All at once, on a connection that is kept. */
    public static Delivery whole() {
        return new Delivery(ALL, ALL, Duration.ZERO, Then.KEEP);
    }

    public Delivery then(Then value) {
        return new Delivery(most, piece, pause, value);
    }

    public Delivery most(int bytes) {
        return new Delivery(bytes, piece, pause, then);
    }

    public Delivery inPieces(int bytes, Duration between) {
        return new Delivery(most, bytes, between, then);
    }
}
