package dev.thrum.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.base.Clock;
import dev.thrum.base.Offload;
import dev.thrum.engine.ConnectionInfo.Side;
import dev.thrum.engine.spi.EngineBackend;
import dev.thrum.engine.spi.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Carries conversations: decides how a handler's blocking code waits.
 *
 * <p>Servers and clients ride the same engine. Safe for concurrent use.
 */
public final class Engine implements AutoCloseable {
    /** How long {@link #close} waits for handlers that were interrupted; who ignores that is left behind. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final EngineBackend backend;
    private final Registry registry = new Registry();
    private final Reaper reaper;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final List<Server> servers = new ArrayList<>();

    @GuardedBy("lock")
    private boolean draining;

    @GuardedBy("lock")
    private boolean closed;

    /** An engine of another kind; programs use {@link #threads} and {@link #virtual}. */
    public Engine(EngineBackend backend) {
        this.backend = backend;
        this.reaper = new Reaper(backend, registry);
        if (!backend.enforcesDeadlines()) {
            reaper.start();
        }
    }

    /**
     * A fixed pool of platform threads {@code worker-1 ... worker-n}; a connection holds one while it lives.
     *
     * @param workers how many conversations run at once
     * @param waiting how many more may wait for a worker; past that clients are refused
     */
    public static Engine threads(int workers, int waiting) {
        return new Engine(SocketBackend.threads(workers, waiting));
    }

    /** One virtual thread per connection. */
    public static Engine virtual() {
        return new Engine(SocketBackend.virtual());
    }

    public String name() {
        return backend.name();
    }

    public Clock clock() {
        return backend.clock();
    }

    /**
     * Serves clients at this address; port 0 picks a free one.
     *
     * @throws java.net.BindException if the address is taken or is not of this machine
     * @throws IllegalStateException if the engine was shut down or closed
     */
    public Server listen(InetSocketAddress address, ConnectionHandler handler, Limits limits) throws IOException {
        requireListening();
        Server server = new Server(this, backend, handler, limits);
        server.bind(resolved(address));
        lock.lock();
        try {
            servers.removeIf(Server::isClosed);
            if (!draining && !closed) {
                servers.add(server);
                return server;
            }
        } finally {
            lock.unlock();
        }
        server.close();
        throw noMoreServers();
    }

    /**
     * Opens a connection, as a client; the caller owns and closes it.
     *
     * @throws DeadlineException if it takes longer than {@code deadline}
     * @throws java.net.ConnectException if nobody listens there
     * @throws IllegalStateException if the engine was closed
     */
    public Connection connect(InetSocketAddress address, Duration deadline) throws IOException {
        requireOpen();
        Wire wire = backend.connect(resolved(address), clock().nanoTime() + Clock.nanos(deadline));
        Connection connection =
                new Connection(this, wire, registry.nextNumber(), Side.OPENED, Limits.Deadlines.defaults());
        connection.takeOwnership();
        connection.waiting().beginNothing();
        registry.add(connection);
        try {
            // Closed meanwhile: either close() has found this connection in the registry, or this finds it closed.
            requireOpen();
        } catch (IllegalStateException e) {
            connection.reset();
            throw e;
        }
        return connection;
    }

    /** Other people's code has failed. */
    void failed(Throwable cause) {
        backend.failed(cause);
    }

    /** Runs a long computation where it delays no connection, as {@link Offload#COMPUTE}, and waits for its result. */
    public <T> T offload(Callable<T> task) throws Exception {
        return offload(Offload.COMPUTE, task);
    }

    /**
     * Runs a task that may hold a thread for long where it delays no connection, and waits for its result. A virtual thread
     * leaves the task to the pool of its kind; a platform thread runs it by itself, and so does the simulation. An interrupt
     * of the caller interrupts the task.
     *
     * @throws java.util.concurrent.RejectedExecutionException if {@link dev.thrum.base.OffloadPool#MOST_WAITING} tasks of
     *     this kind wait already, or the engine was closed
     * @throws Exception what the task throws
     */
    public <T> T offload(Offload kind, Callable<T> task) throws Exception {
        return backend.offload(kind, task);
    }

    /** The live connections, in the order of their numbers; served and opened ones. */
    public List<ConnectionInfo> connections() {
        return registry.infos();
    }

    /** This engine in numbers. */
    public EngineStats stats() {
        return registry.stats(backend.waiting());
    }

    /**
     * How long something new waits for its turn: on {@code events} for the slowest loop, which is asked, for a second at
     * most; on the others, which let nobody wait for a turn, zero. Blocks the caller, so it is not for handlers of this
     * engine.
     */
    public Duration lag() {
        return backend.lag();
    }

    /**
     * Stops accepting on every server and lets running conversations finish; those still running at the deadline are
     * reset and their threads interrupted.
     *
     * @return whether all finished by themselves
     */
    public boolean shutdown(Duration deadline) {
        List<Server> all;
        lock.lock();
        try {
            draining = true;
            all = List.copyOf(servers);
        } finally {
            lock.unlock();
        }
        all.forEach(Server::beginDrain);
        long end = clock().nanoTime() + Clock.nanos(deadline);
        boolean clean = true;
        for (Server server : all) {
            clean &= server.awaitDrained(until(end));
        }
        all.forEach(Server::abortAll);
        long patience = clock().nanoTime() + PATIENCE.toNanos();
        for (Server server : all) {
            server.settle(until(patience));
        }
        if (clean) {
            // Everybody has been answered; now the answers must arrive.
            backend.awaitLingeringCloses(until(end));
        }
        return clean;
    }

    private Duration until(long instant) {
        return Duration.ofNanos(Math.max(0, instant - clock().nanoTime()));
    }

    /** Ends everything at once and releases every thread and descriptor. Idempotent. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
        } finally {
            lock.unlock();
        }
        try {
            shutdown(Duration.ZERO);
        } finally {
            registry.live().forEach(Connection::reset);
            reaper.stop();
            backend.close();
        }
    }

    private void requireListening() {
        lock.lock();
        try {
            if (draining || closed) {
                throw noMoreServers();
            }
        } finally {
            lock.unlock();
        }
    }

    private static IllegalStateException noMoreServers() {
        return new IllegalStateException("expected an open engine but it was closed or drains: listen before");
    }

    private void requireOpen() {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("expected an open engine but it was closed: connect before that");
            }
        } finally {
            lock.unlock();
        }
    }

    static Duration patience() {
        return PATIENCE;
    }

    Registry registry() {
        return registry;
    }

    void forget(Connection connection) {
        registry.remove(connection);
    }

    boolean hasFreeWorkers() {
        return backend.waiting() == 0;
    }

    private static InetSocketAddress resolved(InetSocketAddress address) throws UnknownHostException {
        if (address.isUnresolved()) {
            throw new UnknownHostException("expected a host name or address but could not resolve \""
                    + address.getHostString() + "\": check its spelling");
        }
        return address;
    }
}
