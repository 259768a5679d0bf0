package dev.thrum.engine.spi;

import dev.thrum.base.Clock;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLSession;

/**
 * A wire that encrypts what goes over another one. Before the first byte is read or written, its owner performs the handshake;
 * {@link #finish} before that says nothing in clear text.
 */
public interface SecureWire extends Wire {
    /** When the handshake must be done, as a reading of {@link Clock#nanoTime}; its time begins with the first call. */
    long handshakeDeadline();

    /** Makes the handshake's time end at this reading of {@link Clock#nanoTime}, if that is earlier. */
    void handshakeBy(long deadline);

    /**
     * Performs the handshake; called once, by the owner of both halves, after {@link #handshakeDeadline}. What the peer must
     * know of a failure is sent by {@link #finish}.
     *
     * @param aside runs a task that may hold its thread for some milliseconds, where it delays no other connection, and
     *     returns when it has ended
     * @return 0 when it is done, {@link #END} if the peer has ended the stream before that, or {@link #EXPIRED}
     */
    int handshake(Executor aside) throws IOException;

    /** What was agreed on; called after the handshake. */
    SSLSession session();

    /** The protocol that was chosen by ALPN (RFC 7301), if one was; called after the handshake. */
    Optional<String> applicationProtocol();
}
