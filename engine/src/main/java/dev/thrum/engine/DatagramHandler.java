package dev.thrum.engine;

import java.net.InetSocketAddress;
import java.util.Optional;

/** A handler of UDP datagrams that returns the reply to each. */
@FunctionalInterface
public interface DatagramHandler {
    /**
     * Returns the reply to a datagram, or empty for none. Called by the one thread that serves the address, so it
     * must not block.
     *
     * @param payload the bytes of the datagram; the handler may keep them
     */
    Optional<byte[]> reply(InetSocketAddress peer, byte[] payload);
}
