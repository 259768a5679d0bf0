package dev.thrum.events;

import dev.thrum.engine.spi.EngineBackend.Listener;
import dev.thrum.engine.spi.Wire;
import io.netty.channel.IoHandlerFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/** How connections are accepted and opened: what differs from one transport to the next. */
interface Transport {
    /** What each loop asks the kernel with. */
    IoHandlerFactory handlers();

    /** Accepts on a loop that carries no conversations, since accepting takes locks that handlers take. */
    Listener listen(InetSocketAddress address, Loop acceptor, Loops loops, Consumer<Wire> accepted) throws IOException;

    /** Opens a connection of this loop; blocks the caller, who is on any thread. */
    Wire connect(InetSocketAddress address, long deadline, Loop loop) throws IOException;
}
