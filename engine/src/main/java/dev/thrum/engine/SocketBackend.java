package dev.thrum.engine;

import dev.thrum.base.Clock;
import dev.thrum.base.HostLookups;
import dev.thrum.base.Offload;
import dev.thrum.base.OffloadPool;
import dev.thrum.base.SystemClock;
import dev.thrum.base.Threads;
import dev.thrum.engine.spi.Addresses;
import dev.thrum.engine.spi.EngineBackend;
import dev.thrum.engine.spi.Wire;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/**
 * The backend of the engines {@code threads} and {@code virtual}: blocking sockets. The two differ only in the
 * threads they run on.
 */
final class SocketBackend implements EngineBackend {
    private final String name;
    private final ExecutorService threads;
    private final IntSupplier waiting;
    private final SystemClock clock;
    private final LingeringCloses closing;
    private final OffloadPool offload = new OffloadPool();
    private final HostLookups lookups = new HostLookups(offload);

    private SocketBackend(String name, ExecutorService threads, IntSupplier waiting) {
        this.name = name;
        this.threads = threads;
        this.waiting = waiting;
        this.clock = new SystemClock(name);
        this.closing = new LingeringCloses(clock);
    }

    static SocketBackend threads(int workers, int waiting) {
        if (workers < 1 || waiting < 0) {
            throw new IllegalArgumentException("expected at least 1 worker and a waiting line of at least 0 but they"
                    + " were " + workers + " and " + waiting);
        }
        BlockingQueue<Runnable> line = waiting == 0 ? new SynchronousQueue<>() : new ArrayBlockingQueue<>(waiting);
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(workers, workers, 0, TimeUnit.SECONDS, line, Threads.daemons("worker-"));
        return new SocketBackend("threads", pool, () -> waiting(pool));
    }

    /**
     * The number of queued conversations for which no worker is free; one that an idle worker is about to take does
     * not count.
     */
    private static int waiting(ThreadPoolExecutor pool) {
        int inLine = pool.getQueue().size();
        return inLine == 0 ? 0 : Math.max(0, inLine - (pool.getCorePoolSize() - pool.getActiveCount()));
    }

    static SocketBackend virtual() {
        return new SocketBackend(
                "virtual",
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("virtual-", 1).factory()),
                () -> 0);
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
        return SocketListener.open(address, closing, clock, accepted);
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
            return new SocketWire(channel, closing, clock);
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
        threads.execute(conversation);
    }

    @Override
    public void aside(Runnable task) {
        Thread.startVirtualThread(task);
    }

    @Override
    public void withdraw(Runnable conversation) {
        if (threads instanceof ThreadPoolExecutor pool) {
            var _ = pool.remove(conversation);
        }
    }

    @Override
    public void awaitLingeringCloses(Duration patience) {
        closing.awaitEmpty(patience);
    }

    @Override
    public int waiting() {
        return waiting.getAsInt();
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
        threads.shutdownNow();
        lookups.close();
        offload.close();
        closing.closeAll();
        clock.close();
    }
}
