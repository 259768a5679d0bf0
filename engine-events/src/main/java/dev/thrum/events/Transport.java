package dev.thrum.events;

import dev.thrum.engine.spi.EngineBackend.Listener;
import dev.thrum.engine.spi.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The part of the engine that differs between transports: waiting for the kernel, accepting and opening connections.
 *
 * @param <L> its loops
 */
interface Transport<L extends Loop> {
    /** How many connections the kernel may keep that nobody has accepted yet; it may allow fewer. */
    int BACKLOG = 1_024;

    /** Starts a loop. {@code orphans}: runs the virtual threads that outlive it. */
    L newLoop(String name, Executor orphans, Reports reports);

    /** Accepts on a loop that carries no conversations, since accepting takes locks that handlers take. */
    Listener listen(InetSocketAddress address, L acceptor, Loops<L> loops, Consumer<Wire> accepted) throws IOException;

    /** Opens a connection on this loop; blocks the caller, which may be any thread. */
    Wire connect(InetSocketAddress address, long deadline, L loop) throws IOException;
}
