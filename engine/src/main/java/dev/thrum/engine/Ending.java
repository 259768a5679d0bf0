package dev.thrum.engine;

import dev.thrum.engine.ConnectionInfo.Side;
import java.io.IOException;
import java.time.Duration;

/**
 * The reason why reading or writing on a connection ended, for the log.
 *
 * @param detail details of the cause; may be empty
 */
record Ending(Cause cause, String detail) {
    /** The causes. If several apply, the last one in this list is the one that ended the connection. */
    enum Cause {
        PEER_ENDED("the %s closed the connection"),
        DRAINED("idle while the server drains"),
        IDLE_UNDER_LOAD("idle while others wait for a worker"),
        IDLE("silence: the idle deadline passed"),
        HANDSHAKE("no complete TLS handshake: its deadline passed"),
        HALF_A_MESSAGE("half a message, then silence: the read deadline passed"),
        BROKEN("the connection broke"),
        NOT_READING("the %s does not read: the write deadline passed"),
        TOO_SLOW("the %s reads too slowly: its outbox was full");

        /** With a place for what the peer is called. */
        private final String words;

        Cause(String words) {
            this.words = words;
        }
    }

    static final Ending PEER_ENDED = new Ending(Cause.PEER_ENDED, "");

    static Ending idle(Cause cause, long nanos) {
        return new Ending(cause, Duration.ofNanos(nanos).toMillis() + " ms");
    }

    static Ending late(Cause cause) {
        return new Ending(cause, "");
    }

    static Ending broken(IOException e) {
        return new Ending(Cause.BROKEN, String.valueOf(e.getMessage()));
    }

    /** The reason as text for the operator; a peer that this side has connected to is no client. */
    String text(Side side) {
        String words = cause.words.formatted(side == Side.SERVED ? "client" : "peer");
        return detail.isEmpty() ? words : words + " (" + detail + ")";
    }
}
