package dev.thrum.engine;

import dev.thrum.engine.ConnectionInfo.Waiting;
import dev.thrum.engine.DeadlineException.Kind;
import dev.thrum.engine.spi.SecureWire;
import dev.thrum.engine.spi.Wire;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;

/**
 * The handshake of an encrypted connection: a step of its own, before its handler begins, with one deadline for all that both
 * sides send. Owned by the thread that owns both halves of the connection.
 */
record Handshake(Connection connection, SecureWire wire) {
    /** Performs the handshake of this connection, if it is an encrypted one. */
    static void of(Connection connection) throws IOException {
        if (connection.wire() instanceof SecureWire secure) {
            new Handshake(connection, secure).perform();
        }
    }

    /** The wait for the handshake that begins now. */
    WaitState.Wait begun() {
        return WaitState.Wait.of(Waiting.HANDSHAKE, connection.clock().nanoTime(), wire.handshakeDeadline());
    }

    private void perform() throws IOException {
        WaitState.Wait wait = begun();
        WaitState waiting = connection.waiting();
        connection.begin(waiting, wait);
        int result;
        try {
            result = wire.handshake();
        } catch (IOException | RuntimeException | Error e) {
            if (waiting.end() && e instanceof IOException) {
                throw late(wait);
            }
            if (e instanceof IOException broken) {
                connection.noteBroken(broken);
            }
            throw e;
        }
        boolean drained = connection.isDraining();
        boolean ended = waiting.end();
        if (result == Wire.EXPIRED || (ended && !drained)) {
            throw late(wait);
        }
        if (ended) {
            connection.life().note(Ending.late(Ending.Cause.DRAINED));
            throw new EOFException("expected a TLS handshake but the server drains");
        }
        if (result == Wire.END) {
            connection.life().note(Ending.PEER_ENDED);
            throw new EOFException("expected a TLS handshake but the peer has ended the connection");
        }
        connection.life().encrypted(TlsInfo.of(wire));
    }

    private DeadlineException late(WaitState.Wait wait) {
        connection.life().note(Ending.late(Ending.Cause.HANDSHAKE));
        connection.reset();
        return new DeadlineException(
                Kind.HANDSHAKE, Duration.ofNanos(Math.max(0, connection.clock().nanoTime() - wait.since())));
    }
}
