package dev.thrum.engine;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Accepts connections on one address, on a thread of its own.
 *
 * <p>When accepting fails (most often because the process is out of file descriptors) it pauses and tries again: the
 * clients wait in the kernel's queue meanwhile. An incident is logged once, and once more when it is over.
 */
final class SocketListener implements Carrier.Listener, Runnable {
    private static final System.Logger LOG = System.getLogger("dev.thrum.engine");
    private static final int BACKLOG = 1_024;
    private static final Duration PAUSE = Duration.ofMillis(100);
    /** Accepting must have worked this long before an incident counts as over. */
    private static final Duration CALM = Duration.ofSeconds(1);

    private final ServerSocketChannel channel;
    private final InetSocketAddress address;
    private final ClosingSockets closing;
    private final Clock clock;
    private final Consumer<Wire> accepted;
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);

    // Both owned by the accepting thread.
    private boolean troubled;
    private long lastTrouble;

    private SocketListener(ServerSocketChannel channel, ClosingSockets closing, Clock clock, Consumer<Wire> accepted)
            throws IOException {
        this.channel = channel;
        this.address = (InetSocketAddress) channel.getLocalAddress();
        this.closing = closing;
        this.clock = clock;
        this.accepted = accepted;
        this.thread = Thread.ofPlatform()
                .daemon()
                .name("thrum-accept-" + address.getPort())
                .unstarted(this);
    }

    static SocketListener open(InetSocketAddress address, ClosingSockets closing, Clock clock, Consumer<Wire> accepted)
            throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open(Addresses.family(address));
        try {
            channel.bind(address, BACKLOG);
            SocketListener listener = new SocketListener(channel, closing, clock, accepted);
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
                calm();
                admit(client);
            } catch (ClosedChannelException e) {
                if (closed.getCount() > 0) {
                    LOG.log(Level.ERROR, "nobody is accepted on " + address + " any more", e);
                }
                return;
            } catch (IOException | RuntimeException | Error e) {
                // Out of descriptors or of memory: the thread must outlive it.
                pause(e);
            }
        }
    }

    private void admit(SocketChannel client) {
        try {
            accepted.accept(new SocketWire(client, closing));
        } catch (IOException e) {
            // The client was gone before it was served.
            ClosingSockets.close(client);
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "a client could not be admitted", e);
            ClosingSockets.close(client);
        } finally {
            // The protocol's refusal is other people's code; an interrupt it left behind would close the port.
            Thread.interrupted();
        }
    }

    private void pause(Throwable reason) {
        if (!troubled) {
            troubled = true;
            LOG.log(
                    Level.WARNING,
                    "accepting on {0} pauses: {1}. If it is file descriptors: raise the limit (ulimit -n) or lower the"
                            + " limit of connections",
                    address,
                    reason.getMessage());
        }
        lastTrouble = clock.nanoTime();
        try {
            var _ = closed.await(PAUSE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            LOG.log(Level.TRACE, "this thread is nobody's to interrupt", e);
        }
    }

    private void calm() {
        if (troubled && clock.nanoTime() - lastTrouble > CALM.toNanos()) {
            troubled = false;
            LOG.log(Level.INFO, "accepting on {0} again", address);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            channel.close();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the listening socket on " + address + " could not be closed", e);
        }
        Threads.joinUninterruptibly(thread);
    }
}
