package dev.thrum.events;

import dev.thrum.engine.spi.EngineBackend.Listener;
import dev.thrum.engine.spi.Wire;
import io.netty.channel.IoHandlerFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/** The part of the engine that differs between transports: accepting and opening connections. */
interface Transport {
    /** The factory of the loops' I/O handlers. */
    IoHandlerFactory handlers();

    /** Accepts on a loop that carries no conversations, since accepting takes locks that handlers take. */
    Listener listen(InetSocketAddress address, Loop acceptor, Loops loops, Consumer<Wire> accepted) throws IOException;

    /** Opens a connection on this loop; blocks the caller, which may be any thread. */
    Wire connect(InetSocketAddress address, long deadline, Loop loop) throws IOException;
}
