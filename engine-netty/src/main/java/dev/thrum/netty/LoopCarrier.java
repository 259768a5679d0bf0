package dev.thrum.netty;

import dev.thrum.engine.Carrier;
import dev.thrum.engine.Clock;
import dev.thrum.engine.CustomScheduler;
import dev.thrum.engine.OffloadPool;
import dev.thrum.engine.SystemClock;
import dev.thrum.engine.Wire;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Event loops, each carrying the virtual threads of its connections. */
final class LoopCarrier implements Carrier {
    private static final System.Logger LOG = System.getLogger("dev.thrum.events");

    private static final Duration LONGEST_LAG = Duration.ofSeconds(1);

    private final SystemClock clock = new SystemClock("events");
    private final Reports reports = new Reports();
    private final Farewells farewells = new Farewells();
    private final OffloadPool offload = new OffloadPool();
    /** Runs what is left of virtual threads whose loop has ended; never shut down, for they may be woken at any time. */
    private final ThreadPoolExecutor orphans = new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            100,
            TimeUnit.MILLISECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform().daemon().name("orphan-", 1).factory());
    /** For conversations where no loop can carry them. */
    private final ThreadFactory handedOver =
            Thread.ofVirtual().name("events-", 1).factory();

    private final Plumbing plumbing;
    private final Loop acceptor;
    private final Loops loops;
    private final Watchdog watchdog;

    LoopCarrier(EventOptions options) {
        CustomScheduler.problem().ifPresent(LoopCarrier::warn);
        Pollers.start();
        this.plumbing = switch (options.transport()) {
            case EPOLL -> new EpollPlumbing(farewells, new Memory(), clock);
            case IO_URING -> ChannelPlumbing.ioUring(farewells, clock);
            case NIO -> ChannelPlumbing.nio(farewells, clock);
        };
        this.acceptor = new Loop("acceptor", plumbing.handlers(), orphans, reports);
        this.loops = new Loops(IntStream.rangeClosed(1, options.loops())
                .mapToObj(i -> new Loop("loop-" + i, plumbing.handlers(), orphans, reports))
                .toList());
        this.watchdog = new Watchdog(loops, reports, options.stall(), clock);
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
        return plumbing.listen(address, acceptor, loops, accepted);
    }

    @Override
    public Wire connect(InetSocketAddress address, long deadline) throws IOException {
        return plumbing.connect(address, deadline, loops.next());
    }

    @Override
    public void start(Wire wire, Runnable conversation) {
        LoopWire own = (LoopWire) wire;
        own.loop().converse(own, conversation, handedOver);
    }

    @Override
    public void withdraw(Runnable conversation) {
        // Nobody waits for a thread.
    }

    @Override
    public int waiting() {
        return 0;
    }

    @Override
    public <T> T offload(Callable<T> task) throws Exception {
        return offload.call(task);
    }

    @Override
    public Duration lag() {
        long begun = clock.nanoTime();
        List<CompletableFuture<Long>> turns = loops.all().stream()
                .map(loop -> CompletableFuture.supplyAsync(clock::nanoTime, loop)
                        .completeOnTimeout(
                                begun + LONGEST_LAG.toNanos(), LONGEST_LAG.toMillis(), TimeUnit.MILLISECONDS))
                .toList();
        long last = turns.stream().mapToLong(CompletableFuture::join).max().orElse(begun);
        return Duration.ofNanos(Math.max(0, last - begun));
    }

    @Override
    public boolean enforcesDeadlines() {
        return false;
    }

    @Override
    public void awaitFarewells(Duration patience) {
        farewells.await(patience, clock);
    }

    @Override
    public void close() {
        watchdog.close();
        loops.all().forEach(Loop::close);
        acceptor.close();
        loops.all().forEach(Loop::join);
        acceptor.join();
        offload.close();
        clock.close();
    }
}
