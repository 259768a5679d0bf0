package dev.thrum.tls;

/**
 * What the connections of one side share.
 *
 * @param engines makes the TLS engine of each
 * @param isServer whether this side accepts the connections
 * @param isNative whether an engine holds memory outside of the heap, which is to be freed
 */
record TlsContext(
        Engines engines,
        boolean isServer,
        boolean isNative,
        TlsOptions options,
        PacketBuffers buffers,
        HandshakeCount handshakes) {}
