package dev.thrum.engine;

import dev.thrum.base.Clock;
import dev.thrum.base.HostLookups;
import dev.thrum.base.LiveThreads;
import dev.thrum.base.Offload;
import dev.thrum.base.OffloadPool;
import dev.thrum.base.SystemClock;
import dev.thrum.engine.spi.Addresses;
import dev.thrum.engine.spi.EngineBackend;
import dev.thrum.engine.spi.RestPolicy;
import dev.thrum.engine.spi.Wire;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The backend of the engines {@code threads} and {@code virtual}: blocking sockets. The two differ only in the
 * threads they run on.
 */
final class SocketBackend implements EngineBackend {
    private final String name;

    /** The threads of engine {@code threads}; null on {@code virtual}. */
    private final @Nullable Workers workers;

    /** The threads of engine {@code virtual}. */
    private final ExecutorService virtual = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("virtual-", 1).factory());

    /** Watches connections that rest; null on {@code virtual}, where none does. */
    private final @Nullable RestPoller poller;

    private final SystemClock clock;
    private final LingeringCloses closing;
    private final OffloadPool offload = new OffloadPool();
    private final HostLookups lookups = new HostLookups(offload);
    private final LiveThreads asides = new LiveThreads();

    private SocketBackend(String name, @Nullable Workers workers, @Nullable RestPoller poller) {
        this.name = name;
        this.workers = workers;
        this.poller = poller;
        this.clock = new SystemClock(name);
        this.closing = new LingeringCloses(clock);
    }

    static SocketBackend threads(int workers, int waiting, RestPolicy resting) {
        Workers pool = new Workers(workers, waiting);
        return new SocketBackend(
                "threads", pool, new RestPoller(() -> resting == RestPolicy.AT_ONCE || pool.areHalfTaken()));
    }

    static SocketBackend virtual() {
        return new SocketBackend("virtual", null, null);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public Listener listen(InetSocketAddress address, Consumer<Wire> accepted) throws IOException {
        return SocketListener.open(address, closing, clock, poller, accepted);
    }

    @Override
    public CompletableFuture<List<InetAddress>> lookUp(String host) {
        return lookups.lookUp(host);
    }

    @Override
    public Wire connect(InetSocketAddress address, long deadline) throws IOException {
        Duration left = Duration.ofNanos(deadline - clock.nanoTime());
        SocketChannel channel = SocketChannel.open();
        try {
            channel.socket().connect(address, Math.clamp(left.toMillis(), 1, Integer.MAX_VALUE));
            return new SocketWire(channel, closing, clock, poller);
        } catch (SocketTimeoutException e) {
            LingeringCloses.close(channel);
            throw new DeadlineException(DeadlineException.Kind.CONNECT, left);
        } catch (ConnectException e) {
            LingeringCloses.close(channel);
            throw Addresses.connecting(address, e);
        } catch (IOException | RuntimeException e) {
            LingeringCloses.close(channel);
            throw e;
        }
    }

    @Override
    public void start(Wire wire, Runnable conversation) {
        if (workers == null) {
            virtual.execute(conversation);
        } else {
            workers.start(conversation);
        }
    }

    @Override
    public void resume(Wire wire, Runnable conversation) {
        Objects.requireNonNull(workers, "expected engine threads: on virtual no connection rests")
                .resume(conversation);
    }

    @Override
    public void aside(Runnable task) {
        Thread.startVirtualThread(asides.listed(task));
    }

    @Override
    public List<Thread> asideThreads() {
        return asides.list();
    }

    @Override
    public void withdraw(Runnable conversation) {
        if (workers != null) {
            workers.withdraw(conversation);
        }
    }

    @Override
    public void awaitLingeringCloses(Duration patience) {
        closing.awaitEmpty(patience);
    }

    @Override
    public int waiting() {
        return workers == null ? 0 : workers.waiting();
    }

    @Override
    public <T> T offload(Offload kind, Callable<T> task) throws Exception {
        return offload.call(kind, task);
    }

    @Override
    public boolean enforcesDeadlines() {
        return false;
    }

    @Override
    public void close() {
        virtual.shutdownNow();
        if (workers != null) {
            workers.close();
        }
        if (poller != null) {
            poller.close();
        }
        lookups.close();
        offload.close();
        closing.closeAll();
        clock.close();
    }
}
