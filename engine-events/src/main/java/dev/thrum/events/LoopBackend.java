package dev.thrum.events;

import dev.thrum.base.Clock;
import dev.thrum.base.HostLookups;
import dev.thrum.base.LiveThreads;
import dev.thrum.base.Offload;
import dev.thrum.base.OffloadPool;
import dev.thrum.base.SystemClock;
import dev.thrum.base.Threads;
import dev.thrum.engine.spi.CustomScheduler;
import dev.thrum.engine.spi.EngineBackend;
import dev.thrum.engine.spi.Outgoing;
import dev.thrum.engine.spi.RestPolicy;
import dev.thrum.engine.spi.Wire;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The backend of the engine {@code events}: event loops, each of which runs the virtual threads of its connections.
 */
final class LoopBackend<L extends Loop> implements EngineBackend {
    private static final System.Logger LOG = System.getLogger("dev.thrum.events");

    private static final Duration LONGEST_LAG = Duration.ofSeconds(1);

    private final SystemClock clock;
    private final Reports reports = new Reports();
    private final LingeringCloses lingering;
    private final OffloadPool offload = new OffloadPool();
    private final HostLookups lookups = new HostLookups(offload);
    private final LiveThreads asides = new LiveThreads();
    /** Runs virtual threads that outlive their loop; never shut down, because they may be woken at any time. */
    private final ThreadPoolExecutor orphans = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, 100, TimeUnit.MILLISECONDS, new SynchronousQueue<>(), Threads.daemons("orphan-"));
    /** The threads of conversations in a JVM where they can't run on a loop. */
    private final ThreadFactory handedOver =
            Thread.ofVirtual().name("events-", 1).factory();

    private final Transport<L> transport;
    private final L acceptor;
    private final Loops<L> loops;
    private final Watchdog watchdog;

    LoopBackend(Transport<L> transport, EventOptions options, SystemClock clock, LingeringCloses lingering) {
        this.transport = transport;
        this.clock = clock;
        this.lingering = lingering;
        List<L> opened = new ArrayList<>();
        try {
            opened.add(transport.newLoop("acceptor", orphans, reports));
            for (int i = 1; i <= options.loops(); i++) {
                opened.add(transport.newLoop("loop-" + i, orphans, reports));
            }
        } catch (RuntimeException | Error e) {
            opened.forEach(Loop::close);
            opened.forEach(Loop::join);
            throw e;
        }
        this.acceptor = opened.removeFirst();
        this.loops = new Loops<>(List.copyOf(opened));
        this.watchdog = new Watchdog(loops, reports, options.stall(), clock);
    }

    /** Starts the loops. */
    static LoopBackend<?> open(EventOptions options) {
        CustomScheduler.problem().ifPresent(LoopBackend::warn);
        Pollers.start();
        SystemClock clock = new SystemClock("events");
        try {
            return open(options, clock, new LingeringCloses());
        } catch (RuntimeException | Error e) {
            clock.close();
            throw e;
        }
    }

    private static LoopBackend<?> open(EventOptions options, SystemClock clock, LingeringCloses lingering) {
        RestPolicy resting = options.resting();
        return switch (options.transport()) {
            case EPOLL ->
                new LoopBackend<>(
                        new EpollTransport(lingering, new Memory(), clock, resting), options, clock, lingering);
            case IO_URING -> new LoopBackend<>(new RingTransport(lingering, clock, resting), options, clock, lingering);
            case NIO -> new LoopBackend<>(ChannelTransport.nio(lingering, clock, resting), options, clock, lingering);
        };
    }

    /** The loops that run conversations. */
    Loops<L> conversing() {
        return loops;
    }

    private static void warn(String problem) {
        LOG.log(
                Level.WARNING,
                "events hands every event over to another thread, which is slower: {0}. Run the JVM with {1}",
                problem,
                CustomScheduler.REMEDY);
    }

    @Override
    public String name() {
        return "events";
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public Listener listen(InetSocketAddress address, Consumer<Wire> accepted) throws IOException {
        return transport.listen(address, acceptor, loops, accepted);
    }

    @Override
    public CompletableFuture<List<InetAddress>> lookUp(String host) {
        return lookups.lookUp(host);
    }

    @Override
    public Wire connect(InetSocketAddress address, long deadline) throws IOException {
        return transport.connect(address, deadline, loops.next());
    }

    @Override
    public void start(Wire wire, Runnable conversation) {
        LoopWire own = (LoopWire) wire;
        own.loop().converse(own, conversation, handedOver);
    }

    @Override
    public void aside(Runnable task) {
        loops.next().aside(asides.listed(task), handedOver);
    }

    @Override
    public List<Thread> asideThreads() {
        return asides.list();
    }

    @Override
    public void drain(Wire wire, Outgoing messages) {
        LoopWire own = (LoopWire) wire;
        own.loop().execute(() -> own.drain(messages));
    }

    @Override
    public Clock.Timer schedule(Wire wire, Duration delay, Runnable task) {
        return ((LoopWire) wire).loop().timers().schedule(delay, task);
    }

    @Override
    public void withdraw(Runnable conversation) {
        // No conversation waits for a thread.
    }

    @Override
    public int waiting() {
        return 0;
    }

    @Override
    public <T> T offload(Offload kind, Callable<T> task) throws Exception {
        return offload.call(kind, task);
    }

    @Override
    public List<LoopState> loops() {
        long begun = clock.nanoTime();
        // All are asked before the first is waited for.
        List<Supplier<LoopState>> states =
                loops.all().stream().map(loop -> asked(loop, begun)).toList();
        return states.stream().map(Supplier::get).toList();
    }

    /** Asks a loop for a turn; the result waits for it. */
    private Supplier<LoopState> asked(Loop loop, long begun) {
        long step = loop.steps();
        CompletableFuture<Optional<Long>> turn = CompletableFuture.supplyAsync(
                        () -> Optional.of(clock.nanoTime()), loop)
                .completeOnTimeout(Optional.empty(), LONGEST_LAG.toMillis(), TimeUnit.MILLISECONDS);
        return () -> {
            long lag = Math.max(0, turn.join().orElseGet(clock::nanoTime) - begun);
            Optional<Thread> keeper = turn.join().isPresent() ? Optional.empty() : keeper(loop, step);
            long seen = keeper.isPresent() ? watchdog.nanosOf(loop, step) : 0;
            return new LoopState(
                    loop.platformThread().getName(), loop.connections(), Duration.ofNanos(Math.max(lag, seen)), keeper);
        };
    }

    /** The thread that still runs this step of a loop; empty if there is none. */
    private static Optional<Thread> keeper(Loop loop, long step) {
        Runnable task = loop.current();
        return task == null || loop.steps() != step
                ? Optional.empty()
                : loop.threadOf(task).or(() -> Optional.of(loop.platformThread()));
    }

    @Override
    public boolean enforcesDeadlines() {
        return false;
    }

    @Override
    public void awaitLingeringCloses(Duration patience) {
        lingering.await(patience, clock);
    }

    @Override
    public void close() {
        watchdog.close();
        loops.all().forEach(Loop::close);
        acceptor.close();
        loops.all().forEach(Loop::join);
        acceptor.join();
        lookups.close();
        offload.close();
        clock.close();
    }
}
