package dev.thrum.engine;

import dev.thrum.base.AddressText;
import dev.thrum.base.Clock;
import dev.thrum.base.Threads;
import dev.thrum.engine.spi.AcceptIncident;
import dev.thrum.engine.spi.Addresses;
import dev.thrum.engine.spi.EngineBackend;
import dev.thrum.engine.spi.Wire;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A listener that accepts connections on one address, on a thread of its own.
 *
 * <p>When accepting fails (most often because the process is out of file descriptors) it pauses and tries again: the
 * clients wait in the kernel's queue meanwhile.
 */
final class SocketListener implements EngineBackend.Listener, Runnable {
    private static final System.Logger LOG = System.getLogger("dev.thrum.engine");
    private static final int BACKLOG = 1_024;

    private final ServerSocketChannel channel;
    private final InetSocketAddress address;
    private final LingeringCloses closing;
    private final Clock clock;
    private final @Nullable RestPoller poller;
    private final Consumer<Wire> accepted;
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);

    // Owned by the accepting thread.
    private final AcceptIncident incident;

    private SocketListener(
            ServerSocketChannel channel,
            LingeringCloses closing,
            Clock clock,
            @Nullable RestPoller poller,
            Consumer<Wire> accepted)
            throws IOException {
        this.poller = poller;
        this.channel = channel;
        this.address = (InetSocketAddress) channel.getLocalAddress();
        this.closing = closing;
        this.clock = clock;
        this.accepted = accepted;
        this.incident = new AcceptIncident(address, clock);
        this.thread = Threads.daemon("thrum-accept-" + address.getPort(), this);
    }

    static SocketListener open(
            InetSocketAddress address,
            LingeringCloses closing,
            Clock clock,
            @Nullable RestPoller poller,
            Consumer<Wire> accepted)
            throws IOException {
        return open(ServerSocketChannel.open(Addresses.family(address)), address, closing, clock, poller, accepted);
    }

    /** Binds the address and starts accepting. */
    static SocketListener open(
            ServerSocketChannel channel,
            InetSocketAddress address,
            LingeringCloses closing,
            Clock clock,
            @Nullable RestPoller poller,
            Consumer<Wire> accepted)
            throws IOException {
        try {
            channel.bind(address, BACKLOG);
            SocketListener listener = new SocketListener(channel, closing, clock, poller, accepted);
            listener.thread.start();
            return listener;
        } catch (IOException e) {
            channel.close();
            throw Addresses.listening("tcp", address, e);
        } catch (RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public void run() {
        while (channel.isOpen()) {
            try {
                SocketChannel client = channel.accept();
                incident.accepted();
                admit(client);
            } catch (ClosedChannelException e) {
                if (closed.getCount() > 0) {
                    LOG.log(Level.ERROR, "accepting on " + AddressText.of(address) + " has ended", e);
                }
                return;
            } catch (IOException | RuntimeException | Error e) {
                // Out of descriptors or of memory: the thread must survive that.
                pause(e);
            }
        }
    }

    private void admit(SocketChannel client) {
        try {
            accepted.accept(new SocketWire(client, closing, clock, poller));
        } catch (IOException e) {
            // The client disconnected before it was served.
            LingeringCloses.close(client);
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "a client could not be admitted", e);
            LingeringCloses.close(client);
        } finally {
            // The protocol's refusal is foreign code; an interrupt that it leaves pending would close the port.
            Thread.interrupted();
        }
    }

    private void pause(Throwable reason) {
        long nanos = incident.failed(reason).toNanos();
        try {
            var _ = closed.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            LOG.log(Level.TRACE, "an unexpected interrupt is ignored", e);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            channel.close();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the listening socket on " + AddressText.of(address) + " could not be closed", e);
        }
        Threads.joinUninterruptibly(thread);
    }
}
