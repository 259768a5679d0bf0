package dev.thrum.events;

import dev.thrum.base.AddressText;
import dev.thrum.engine.spi.AcceptIncident;
import dev.thrum.engine.spi.Addresses;
import dev.thrum.engine.spi.EngineBackend;
import dev.thrum.engine.spi.Wire;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.NativeInetAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A listener that accepts connections on one address, on the acceptor's loop.
 *
 * <p>When accepting fails (most often because the process is out of file descriptors) it pauses and tries again: the
 * clients wait in the kernel's queue meanwhile.
 */
final class EpollListener implements EngineBackend.Listener, EpollIoHandle {
    /** The number of clients accepted before other listeners have their turn. */
    private static final int BATCH = 64;

    private static final int LONGEST_ADDRESS = 26;

    private final Socket socket;
    private final InetSocketAddress address;
    private final NettyLoop acceptor;
    private final Loops<NettyLoop> loops;
    private final Consumer<Wire> accepted;
    private final EpollTransport transport;

    // All owned by the acceptor's thread.
    private final AcceptIncident incident;
    private final byte[] peer = new byte[LONGEST_ADDRESS];
    private @Nullable IoRegistration registration;
    private boolean paused;
    private boolean closed;

    private EpollListener(
            Socket socket,
            NettyLoop acceptor,
            Loops<NettyLoop> loops,
            Consumer<Wire> accepted,
            EpollTransport transport) {
        this.socket = socket;
        this.address = socket.localAddress();
        this.acceptor = acceptor;
        this.loops = loops;
        this.accepted = accepted;
        this.transport = transport;
        this.incident = new AcceptIncident(address, transport.clock());
    }

    static EpollListener open(
            InetSocketAddress address,
            NettyLoop acceptor,
            Loops<NettyLoop> loops,
            Consumer<Wire> accepted,
            EpollTransport transport)
            throws IOException {
        Socket socket = EpollTransport.newSocket(address);
        EpollListener listener;
        try {
            socket.setReuseAddress(true);
            socket.bind(address);
            socket.listen(Transport.BACKLOG);
            listener = new EpollListener(socket, acceptor, loops, accepted, transport);
        } catch (IOException e) {
            socket.close();
            throw Addresses.listening("tcp", address, NativeErrors.binding(e));
        } catch (RuntimeException | Error e) {
            socket.close();
            throw e;
        }
        try {
            return acceptor.call(listener::watched);
        } catch (IOException | RuntimeException | Error e) {
            // After the registration, which may still be pending.
            acceptor.execute(listener::release);
            throw e;
        }
    }

    private EpollListener watched() {
        registration = acceptor.register(this);
        registration.submit(EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLET));
        return this;
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public FileDescriptor fd() {
        return socket;
    }

    @Override
    public void handle(IoRegistration of, IoEvent event) {
        accept();
    }

    /** Accepts until no client is left (the reports are edge-triggered), or schedules another attempt. */
    private void accept() {
        if (closed || paused) {
            return;
        }
        try {
            for (int i = 0; i < BATCH && !closed; i++) {
                int descriptor = socket.accept(peer);
                if (descriptor < 0) {
                    return;
                }
                incident.accepted();
                admit(new Socket(descriptor));
            }
            acceptor.execute(this::accept);
        } catch (IOException | RuntimeException | Error e) {
            // Out of descriptors or of memory: accepting must survive that, and a logger that fails.
            paused = true;
            long nanos = incident.failed(NativeErrors.accepting(e)).toNanos();
            var _ = acceptor.events().schedule(this::goOn, nanos, TimeUnit.NANOSECONDS);
        }
    }

    private void goOn() {
        paused = false;
        accept();
    }

    private void admit(Socket client) throws IOException {
        EpollWire wire;
        try {
            InetSocketAddress from = NativeInetAddress.address(peer, 1, peer[0]);
            // On a wildcard address each connection has a local address of its own.
            InetSocketAddress own = address.getAddress().isAnyLocalAddress() ? null : address;
            wire = new EpollWire(loops.next(), client, from, own, transport);
        } catch (IOException e) {
            // The client disconnected before it was served.
            client.close();
            return;
        } catch (RuntimeException | Error e) {
            client.close();
            throw e;
        }
        try {
            accepted.accept(wire);
        } catch (RuntimeException | Error e) {
            acceptor.report("a client could not be admitted", e);
            wire.reset();
        } finally {
            // The protocol's refusal is foreign code; a changed name or a pending interrupt must not reach the next
            // client.
            Thread.interrupted();
        }
    }

    /** Called when the acceptor ends or the server closes. */
    private void release() {
        if (closed) {
            return;
        }
        closed = true;
        if (registration != null) {
            registration.cancel();
        }
        try {
            socket.close();
        } catch (IOException e) {
            acceptor.report("the listening socket on " + AddressText.of(address) + " could not be closed", e);
        }
    }

    @Override
    public void close() {
        acceptor.execute(this::release);
        acceptor.await();
    }
}
