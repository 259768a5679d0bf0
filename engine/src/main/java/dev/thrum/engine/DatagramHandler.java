package dev.thrum.engine;

import java.net.InetSocketAddress;
import java.util.Optional;

/** A handler of UDP datagrams that returns the response to each. */
@FunctionalInterface
public interface DatagramHandler {
    /**
     * Returns the response to a datagram, or empty for none. Called by the one thread that serves the address, so it
     * must not block.
     *
     * @param payload the bytes of the datagram; the handler may keep them
     */
    Optional<byte[]> answer(InetSocketAddress peer, byte[] payload);
}
