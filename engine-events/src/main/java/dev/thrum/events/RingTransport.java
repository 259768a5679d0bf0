package dev.thrum.events;

import dev.thrum.base.Clock;
import dev.thrum.engine.spi.Addresses;
import dev.thrum.engine.spi.EngineBackend.Listener;
import dev.thrum.engine.spi.RestPolicy;
import dev.thrum.engine.spi.Wire;
import dev.thrum.events.ring.Kernel;
import dev.thrum.events.ring.KernelException;
import dev.thrum.events.ring.RingSupport;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * A transport over Linux's io_uring.
 *
 * @param limit the number of bytes after which a receive ends, or 0 for receives that end after each arrival: all that the
 *     kernel can do before Linux 6.17
 */
record RingTransport(LingeringCloses lingering, Clock clock, RestPolicy resting, int limit)
        implements Transport<RingLoop> {
    /** With one buffer of 16 KiB more, the 40 KiB that an owner that does not read can cost. */
    private static final int LIMIT = 24 * 1024;

    RingTransport(LingeringCloses lingering, Clock clock, RestPolicy resting) {
        this(lingering, clock, resting, RingSupport.limitsReceives() ? LIMIT : 0);
        SendFile.prepare();
    }

    @Override
    public RingLoop newLoop(String name, Executor orphans, Reports reports) {
        return new RingLoop(name, orphans, reports, clock::nanoTime);
    }

    @Override
    public Listener listen(InetSocketAddress address, RingLoop acceptor, Loops<RingLoop> loops, Consumer<Wire> accepted)
            throws IOException {
        return RingListener.open(address, acceptor, loops, accepted, this);
    }

    @Override
    public Wire connect(InetSocketAddress address, long deadline, RingLoop loop) throws IOException {
        RingWire wire = new RingWire(loop, newSocket(address), address, address, this);
        try {
            wire.awaitOpen(deadline);
            return wire;
        } catch (ConnectException e) {
            wire.reset();
            throw Addresses.connecting(address, e);
        } catch (IOException | RuntimeException | Error e) {
            wire.reset();
            throw e;
        }
    }

    /** A socket that sends small packets at once, as do those that it accepts. */
    static int newSocket(InetSocketAddress address) throws IOException {
        int socket = Kernel.socket(address);
        if (socket < 0) {
            throw new IOException(Kernel.text(-socket));
        }
        try {
            var _ = KernelException.check(Kernel.tune(socket, LoopWire.SEND_BUFFER), "setsockopt");
            return socket;
        } catch (IOException | RuntimeException | Error e) {
            Kernel.close(socket);
            throw e;
        }
    }
}
