package dev.thrum.tls;

import java.time.Duration;

/**
 * What the connections of one side share.
 *
 * @param engines makes the TLS engine of each
 * @param isServer whether this side accepts the connections
 * @param isNative whether an engine holds memory outside of the heap, which is to be freed
 * @param handshakeTime for all that both sides send
 */
record TlsContext(
        Engines engines,
        boolean isServer,
        boolean isNative,
        Duration handshakeTime,
        PacketBuffers buffers,
        HandshakeCount handshakes) {}
