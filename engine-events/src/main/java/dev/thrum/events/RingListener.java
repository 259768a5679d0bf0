package dev.thrum.events;

import dev.thrum.engine.spi.AcceptIncident;
import dev.thrum.engine.spi.Addresses;
import dev.thrum.engine.spi.EngineBackend;
import dev.thrum.engine.spi.Wire;
import dev.thrum.events.ring.Kernel;
import dev.thrum.events.ring.Ring;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A listener that accepts connections on one address, on the acceptor's ring.
 *
 * <p>When accepting fails (most often because the process is out of file descriptors) it pauses and tries again: the
 * clients wait in the kernel's queue meanwhile.
 */
final class RingListener implements EngineBackend.Listener, RingLoop.Operator {
    private final int socket;
    private final InetSocketAddress address;
    private final RingLoop acceptor;
    private final Loops<RingLoop> loops;
    private final Consumer<Wire> accepted;
    private final RingTransport transport;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    // All owned by the acceptor's thread.
    private final AcceptIncident incident;
    private int slot = RingLoop.NO_SLOT;
    private boolean accepting;
    private boolean paused;
    private boolean released;

    private RingListener(
            int socket, RingLoop acceptor, Loops<RingLoop> loops, Consumer<Wire> accepted, RingTransport transport) {
        this.socket = socket;
        this.address = Kernel.local(socket).orElseThrow();
        this.acceptor = acceptor;
        this.loops = loops;
        this.accepted = accepted;
        this.transport = transport;
        this.incident = new AcceptIncident(address, transport.clock());
    }

    static RingListener open(
            InetSocketAddress address,
            RingLoop acceptor,
            Loops<RingLoop> loops,
            Consumer<Wire> accepted,
            RingTransport transport)
            throws IOException {
        int socket = RingTransport.newSocket(address);
        try {
            int bound = Kernel.listen(socket, address, Transport.BACKLOG);
            if (bound < 0) {
                throw Addresses.listening("tcp", address, new BindException(Kernel.text(-bound)));
            }
            RingListener listener = new RingListener(socket, acceptor, loops, accepted, transport);
            acceptor.execute(listener::begin);
            return listener;
        } catch (IOException | RuntimeException | Error e) {
            Kernel.close(socket);
            throw e;
        }
    }

    private void begin() {
        slot = acceptor.enter(this);
        if (slot == RingLoop.NO_SLOT) {
            release();
        } else {
            accept();
        }
    }

    private void accept() {
        accepting = true;
        acceptor.ring().accept(socket, RingLoop.data(slot, RingLoop.ACCEPT));
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public void complete(int kind, int result, int flags) {
        accepting = (flags & Ring.MORE) != 0;
        if (result >= 0) {
            incident.accepted();
            admit(result);
        }
        if (accepting) {
            return;
        }
        if (released) {
            closeWhenOver();
        } else if (result >= 0) {
            accept();
        } else {
            pause(NativeErrors.accepting(-result));
        }
    }

    private void pause(IOException reason) {
        Duration pause = incident.failed(reason);
        if (pause.isZero()) {
            accept();
        } else {
            paused = true;
            var _ = acceptor.timers().later(pause, this::goOn);
        }
    }

    private void goOn() {
        if (paused && !released) {
            paused = false;
            accept();
        }
    }

    private void admit(int client) {
        Optional<RingWire> wire = released ? Optional.empty() : wire(client);
        if (wire.isEmpty()) {
            Kernel.close(client);
            return;
        }
        try {
            accepted.accept(wire.get());
        } catch (RuntimeException | Error e) {
            acceptor.report("a client could not be admitted", e);
            wire.get().reset();
        } finally {
            // The protocol's refusal is foreign code; a changed name or a pending interrupt must not reach the next
            // client.
            Thread.interrupted();
        }
    }

    /** Empty if the client disconnected before it was served. */
    private Optional<RingWire> wire(int client) {
        try {
            // On a wildcard address each connection has a local address of its own.
            Optional<InetSocketAddress> own =
                    address.getAddress().isAnyLocalAddress() ? Kernel.local(client) : Optional.of(address);
            return Kernel.peer(client)
                    .flatMap(from -> own.map(local -> new RingWire(loops.next(), client, from, local, transport)));
        } catch (RuntimeException | Error e) {
            Kernel.close(client);
            throw e;
        }
    }

    /** Called when the acceptor ends or the server closes. */
    @Override
    public void release() {
        if (released) {
            return;
        }
        released = true;
        if (accepting) {
            acceptor.cancel(slot, RingLoop.ACCEPT);
        } else {
            closeWhenOver();
        }
    }

    private void closeWhenOver() {
        Kernel.close(socket);
        if (slot != RingLoop.NO_SLOT) {
            acceptor.leave(slot);
            slot = RingLoop.NO_SLOT;
        }
        closed.complete(null);
    }

    @Override
    public void close() {
        acceptor.execute(this::release);
        if (!Thread.currentThread().equals(acceptor.platformThread())) {
            closed.join();
        }
    }
}
