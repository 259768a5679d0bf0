package dev.thrum.engine;

import java.net.InetSocketAddress;
import java.util.Optional;

/** What is answered to one UDP datagram. */
@FunctionalInterface
public interface DatagramHandler {
    /**
     * Answers a datagram, or not. Called by the one thread that serves the address: it must not block.
     *
     * @param payload the bytes of the datagram; the handler may keep them
     */
    Optional<byte[]> answer(InetSocketAddress peer, byte[] payload);
}
