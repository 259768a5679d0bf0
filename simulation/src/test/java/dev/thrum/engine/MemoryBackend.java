package dev.thrum.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.base.Clock;
import dev.thrum.base.Offload;
import dev.thrum.engine.spi.EngineBackend;
import dev.thrum.engine.spi.Wire;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A backend without a network, for programs of the explorer: virtual threads, and a listener that accepts what it is given. */
final class MemoryBackend implements EngineBackend, EngineBackend.Listener {
    private static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.getLoopbackAddress(), 2);

    // Set by listen, before the server is used.
    private @Nullable Consumer<Wire> accepted;

    /** Held while a connection is accepted, so that none is when {@link #close} has returned. */
    private final ReentrantLock accepting = new ReentrantLock();

    @GuardedBy("accepting")
    private boolean closed;

    /** The last exception of a handler that is not an I/O failure; null if there was none. */
    private volatile @Nullable Throwable failure;

    /** Accepts a connection over this wire, as long as the listener is open. */
    void accept(Wire wire) {
        accepting.lock();
        try {
            if (!closed) {
                Objects.requireNonNull(accepted).accept(wire);
            }
        } finally {
            accepting.unlock();
        }
    }

    @Nullable
    Throwable failure() {
        return failure;
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public Clock clock() {
        return Clock.system();
    }

    @Override
    public Listener listen(InetSocketAddress address, Consumer<Wire> whenAccepted) {
        accepted = whenAccepted;
        return this;
    }

    @Override
    public InetSocketAddress address() {
        return ADDRESS;
    }

    @Override
    public CompletableFuture<List<InetAddress>> lookUp(String host) {
        return CompletableFuture.completedFuture(List.of(InetAddress.getLoopbackAddress()));
    }

    @Override
    public Wire connect(InetSocketAddress address, long deadline) {
        return new MemoryWire();
    }

    @Override
    public void start(Wire wire, Runnable conversation) {
        Thread.ofVirtual().name("conversation").start(conversation);
    }

    @Override
    public void aside(Runnable task) {
        Thread.ofVirtual().name("aside").start(task);
    }

    @Override
    public void withdraw(Runnable conversation) {}

    @Override
    public int waiting() {
        return 0;
    }

    @Override
    public <T> T offload(Offload kind, Callable<T> task) throws Exception {
        return task.call();
    }

    @Override
    public void failed(Throwable cause) {
        failure = cause;
    }

    @Override
    public boolean enforcesDeadlines() {
        return true;
    }

    @Override
    public void awaitLingeringCloses(Duration patience) {}

    @Override
    public void close() {
        accepting.lock();
        try {
            closed = true;
        } finally {
            accepting.unlock();
        }
    }
}
