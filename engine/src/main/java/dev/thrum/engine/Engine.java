package dev.thrum.engine;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.base.Clock;
import dev.thrum.base.Offload;
import dev.thrum.engine.ConnectionHandler.Refusal;
import dev.thrum.engine.spi.Encryption;
import dev.thrum.engine.spi.EngineBackend;
import dev.thrum.engine.spi.RestPolicy;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * An engine runs conversations: it decides how a handler's blocking code waits.
 *
 * <p>Servers and clients use the same engine. Safe for concurrent use.
 */
public final class Engine implements AutoCloseable {
    /** How long {@link #close} waits for interrupted handlers; those that ignore the interrupt are abandoned. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final EngineBackend backend;
    private final Registry registry = new Registry();
    private final Reaper reaper;
    private final Connector connector;

    /** The conversations over connections that this engine has opened. */
    private final Conversations opened;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final List<Server> servers = new ArrayList<>();

    @GuardedBy("lock")
    private boolean draining;

    @GuardedBy("lock")
    private boolean closed;

    /**
     * Creates an engine over this backend, for engine implementations; programs use {@link #threads} and
     * {@link #virtual}.
     */
    public Engine(EngineBackend backend) {
        this.backend = backend;
        this.reaper = new Reaper(backend, registry);
        this.connector = new Connector(this);
        this.opened = new Conversations(this, Outbox.Bounds.defaults());
        if (!backend.enforcesDeadlines()) {
            reaper.start();
        }
    }

    /**
     * Opens the engine {@code threads}: a fixed pool of platform threads {@code worker-1 ... worker-n}; a connection
     * holds one until it ends. A connection of an {@link ExchangeHandler} gives it back between two exchanges while half of
     * the workers or more are taken, so that it can serve any number of clients.
     *
     * @param workers the maximum number of conversations that run at once
     * @param waiting the maximum number of further ones that wait for a worker; more clients are refused
     */
    public static Engine threads(int workers, int waiting) {
        return threads(workers, waiting, RestPolicy.WHEN_IDLE);
    }

    /** Opens the engine {@code threads} with another choice of when connections rest, for tests and measurements. */
    public static Engine threads(int workers, int waiting, RestPolicy resting) {
        return new Engine(SocketBackend.threads(workers, waiting, resting));
    }

    /** Opens the engine {@code virtual}: one virtual thread per connection. */
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
     * @throws java.net.BindException if the address is in use or does not belong to this machine
     * @throws IllegalStateException if the engine was shut down or closed
     */
    public Server listen(InetSocketAddress address, ConnectionHandler handler, Limits limits) throws IOException {
        return listenWith(address, handler, limits, null);
    }

    /**
     * Serves clients at this address like {@link #listen(InetSocketAddress, ConnectionHandler, Limits)}, over encrypted
     * connections: the handler begins when the handshake is done.
     *
     * @param encryption such as the {@code Tls} of module {@code tls}
     */
    public Server listen(
            InetSocketAddress address, ConnectionHandler handler, Limits limits, Encryption.Server encryption)
            throws IOException {
        return listenWith(
                address,
                handler,
                limits,
                Objects.requireNonNull(encryption, "expected what encrypts the connections but was null"));
    }

    private Server listenWith(
            InetSocketAddress address, ConnectionHandler handler, Limits limits, Encryption.@Nullable Server encryption)
            throws IOException {
        requireListening();
        Server server = new Server(this, backend, handler, limits, encryption);
        if (address.isUnresolved()) {
            throw Connector.unknown(address.getHostString(), null);
        }
        server.bind(address);
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
     * <p>An unresolved address is looked up first, without holding a loop or the carrier of a virtual thread; then the
     * addresses of its host are tried, up to four of them, each for its share of the time that is left. So programs pass
     * {@link InetSocketAddress#createUnresolved}, while {@code new InetSocketAddress(name, port)} looks the name up itself,
     * on the calling thread and without a deadline.
     *
     * @throws DeadlineException if connecting, the look-up included, takes longer than {@code deadline}
     * @throws java.net.UnknownHostException if the host has no address
     * @throws java.net.ConnectException if the connection is refused
     * @throws IllegalStateException if the engine was closed
     */
    public Connection connect(InetSocketAddress address, Duration deadline) throws IOException {
        return connect(address, Outbound.plain(), deadline);
    }

    /** Opens an encrypted connection like {@link #connect(InetSocketAddress, Outbound, Duration)}, to any address. */
    public Connection connect(InetSocketAddress address, Encryption.Client encryption, Duration deadline)
            throws IOException {
        return connect(address, Outbound.encrypted(encryption), deadline);
    }

    /**
     * Opens a connection like {@link #connect(InetSocketAddress, Duration)}; if it is encrypted, it is returned when the
     * handshake is done, which the deadline includes.
     *
     * @throws AddressRefusedException if the rule refuses every address of the host
     * @throws javax.net.ssl.SSLException if the handshake fails, for instance because the peer's certificate is refused
     */
    public Connection connect(InetSocketAddress address, Outbound outbound, Duration deadline) throws IOException {
        Connection connection = connector.connect(address, outbound, deadline);
        connection.waiting().beginNothing();
        return connection;
    }

    /**
     * Opens a connection, as a client, and runs a handler over it as a conversation, like one that a server has accepted:
     * on a thread of this engine, which closes the connection when the handler returns. Returns once the connection is open
     * and the handler has begun. It belongs to the handler's thread, so the caller may use it only as any thread may
     * ({@link Connection}), for instance {@link Connection#reset} and {@link Connection#info}.
     *
     * <p>{@link #shutdown} drains such conversations with those of the servers, and a conversation of a server that drains
     * may still begin one. The limits of servers don't apply: the program itself decides how many it opens. Its deadlines
     * are the default ones, until the handler sets others.
     *
     * @param deadline for looking up the host, opening the connection, and waiting for a worker (engine {@code threads})
     * @throws DeadlineException if connecting, the look-up included, takes longer than {@code deadline}
     * @throws java.net.UnknownHostException if the host has no address
     * @throws java.net.ConnectException if the connection is refused
     * @throws IOException if no thread runs the handler within the deadline; the connection is closed then
     * @throws IllegalStateException if the engine was shut down or closed
     */
    @CanIgnoreReturnValue
    public Connection connect(InetSocketAddress address, Duration deadline, ConnectionHandler handler)
            throws IOException {
        return connect(address, Outbound.plain(), deadline, handler);
    }

    /** Opens an encrypted connection like {@link #connect(InetSocketAddress, Outbound, Duration, ConnectionHandler)}. */
    @CanIgnoreReturnValue
    public Connection connect(
            InetSocketAddress address, Encryption.Client encryption, Duration deadline, ConnectionHandler handler)
            throws IOException {
        return connect(address, Outbound.encrypted(encryption), deadline, handler);
    }

    /**
     * Opens a connection and runs a handler over it like {@link #connect(InetSocketAddress, Duration, ConnectionHandler)}; if
     * it is encrypted, the handler begins when the handshake is done.
     *
     * @throws AddressRefusedException if the rule refuses every address of the host
     * @throws javax.net.ssl.SSLException if the handshake fails, for instance because the peer's certificate is refused
     */
    @CanIgnoreReturnValue
    public Connection connect(
            InetSocketAddress address, Outbound outbound, Duration deadline, ConnectionHandler handler)
            throws IOException {
        Objects.requireNonNull(handler, "expected a handler but was null");
        long end = clock().nanoTime() + Clock.nanos(deadline);
        Connection connection = connector.connect(address, outbound, deadline);
        connection.releaseOwnership();
        connection.waiting().begin(WaitState.Wait.of(ConnectionInfo.Waiting.WORKER, 0, 0));
        Conversation conversation = new Conversation(opened, connection, handler);
        if (!opened.add(conversation)) {
            connection.reset();
            throw new IllegalStateException(
                    "expected an open engine but it was closed or has drained: connect before that");
        }
        opened.start(conversation, until(end));
        return connection;
    }

    /** A handler or a protocol has failed. */
    void failed(Throwable cause) {
        backend.failed(cause);
    }

    /**
     * Runs a task after a delay, on a virtual thread of this engine, where it may wait: for what belongs to no connection.
     * A task that throws is logged.
     *
     * @throws IllegalArgumentException if the delay is negative
     */
    public Clock.Timer schedule(Duration delay, Runnable task) {
        ConnectionTimers.requireDelay(delay);
        return clock().schedule(delay, () -> backend.aside(() -> run(task)));
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            failed(e);
            Conversation.LOG.log(Level.ERROR, "a scheduled task failed", e);
        }
    }

    /** Runs a long computation where it delays no connection, as {@link Offload#COMPUTE}, and waits for its result. */
    public <T> T offload(Callable<T> task) throws Exception {
        return offload(Offload.COMPUTE, task);
    }

    /**
     * Runs a task that may hold its thread for a long time, where it delays no connection, and waits for its result.
     * If the caller is a virtual thread, the pool of this kind runs the task; a platform thread runs it itself, and
     * so does the simulation. An interrupt of the caller interrupts the task.
     *
     * @throws java.util.concurrent.RejectedExecutionException if {@link dev.thrum.base.OffloadPool#MOST_WAITING}
     *     tasks of this kind wait already, or the engine was closed
     * @throws Exception what the task throws
     */
    public <T> T offload(Offload kind, Callable<T> task) throws Exception {
        return backend.offload(kind, task);
    }

    /** The live connections, both served and opened, in the order of their numbers. */
    public List<ConnectionInfo> connections() {
        return registry.infos();
    }

    /** The counters of this engine. */
    public EngineStats stats() {
        return registry.stats(backend.waiting());
    }

    /** How often connections that rested have been woken since the engine was opened, by reason. */
    public Map<EngineStats.WakeUp, Long> wakeUps() {
        return registry.wakeUps();
    }

    /**
     * How long a new task waits for its turn, on the slowest of the {@link #loops}; zero on the other engines, which have
     * no turns. Blocks the caller like that method.
     */
    public Duration lag() {
        return loops().stream()
                .map(EngineStats.Loop::lag)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    /**
     * The event loops of the engine {@code events}, each asked for a turn; other engines have none. Blocks the caller, for at
     * most one second, so don't call it in handlers of this engine.
     */
    public List<EngineStats.Loop> loops() {
        return backend.loops().stream()
                .map(loop -> new EngineStats.Loop(loop.name(), loop.connections(), loop.lag(), loop.keeper()))
                .toList();
    }

    /** The handlers that hold a thread at this moment, in the order of their connections' numbers. */
    public List<EngineStats.Handler> handlers() {
        return registry.handlers(reaper.watch());
    }

    /** The threads that run scheduled tasks, or send the messages of outboxes. */
    public List<Thread> asideThreads() {
        return backend.asideThreads();
    }

    /**
     * Stops accepting on every server and lets running conversations finish, those over connections that the engine has
     * opened too; those still running at the deadline are reset and their threads interrupted.
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
        boolean _ = opened.beginDrain();
        long end = clock().nanoTime() + Clock.nanos(deadline);
        boolean clean = true;
        for (Server server : all) {
            clean &= server.awaitDrained(until(end));
        }
        // Not before: until then a served conversation may open a connection, to finish its work.
        opened.stop();
        clean &= opened.awaitDrained(until(end));
        // Before the next line frees a worker that would begin one of them.
        opened.refuseWaiting(Refusal.DRAINING, "the engine was closed");
        all.forEach(Server::abortAll);
        opened.abortAll();
        long patience = clock().nanoTime() + PATIENCE.toNanos();
        for (Server server : all) {
            server.settle(until(patience));
        }
        opened.settle(until(patience));
        if (clean) {
            // Every response has been written; now they must arrive.
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
        return new IllegalStateException(
                "expected an open engine but it was closed or drains: call listen before that");
    }

    void requireOpen() {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("expected an open engine but it was closed: connect before that");
            }
        } finally {
            lock.unlock();
        }
    }

    EngineBackend backend() {
        return backend;
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

    /** Gives a conversation to a thread. */
    void start(Conversation conversation) {
        backend.start(conversation.connection().wire().base(), conversation);
    }

    /** Gives a conversation that has rested to a thread. */
    void resume(Conversation conversation) {
        backend.resume(conversation.connection().wire().base(), conversation);
    }

    /** Takes back a conversation that waits for a thread. */
    void withdraw(Conversation conversation) {
        backend.withdraw(conversation);
    }

    boolean hasFreeWorkers() {
        return backend.waiting() == 0;
    }
}
