package dev.thrum.measure.load;

import dev.thrum.base.Clock;
import dev.thrum.base.Threads;
import dev.thrum.measure.Sockets;
import dev.thrum.measure.Wires;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import javax.net.ssl.SSLEngine;

/**
 * A load on one server. It is run once, on a thread of its own, and on further ones if its plan says so; other threads see how
 * far it is, and can stop it.
 *
 * <p>Linux only: it uses epoll, and the clocks and files of the kernel.
 */
public final class LoadRun {
    private static final double NANOS = 1e9;

    private final LoadPlan plan;
    private final LoadProtocol protocol;

    /** Makes the connections of a thread, on that thread. */
    private final Supplier<Wires> network;

    private final Clock clock;

    /** How far each thread is, which that thread writes. */
    private final AtomicReferenceArray<LoadProgress> progress;

    /** Written before the load begins. */
    private Consumer<LoadProgress> listener = _ -> {};

    private Consumer<Edge> edges = _ -> {};

    /** Written by any thread. */
    private volatile boolean isStopping;

    /** An end of the window that is measured. */
    public enum Edge {
        BEGIN,
        END
    }

    /** A load that has not begun; {@code server} has been looked up. */
    public LoadRun(LoadPlan plan, LoadProtocol protocol, InetSocketAddress server, Clock clock) {
        this(plan, protocol, () -> new Sockets(server), clock);
    }

    private LoadRun(LoadPlan plan, LoadProtocol protocol, Supplier<Wires> network, Clock clock) {
        this.plan = plan;
        this.protocol = protocol;
        this.network = network;
        this.clock = clock;
        progress = new AtomicReferenceArray<>(plan.threads());
        IntStream.range(0, plan.threads()).forEach(thread -> progress.set(thread, LoadProgress.NONE));
    }

    /** A load over TLS: {@code engines} makes the client's side of each connection. */
    public static LoadRun encrypted(
            LoadPlan plan, LoadProtocol protocol, InetSocketAddress server, Supplier<SSLEngine> engines, Clock clock) {
        return new LoadRun(plan, protocol, () -> new TlsWires(new Sockets(server), engines), clock);
    }

    /**
     * Passes on how far the first thread is, ten times a second, and the ends of its window; on that thread, so it must be quick.
     * To be called before {@link #run}.
     */
    public LoadRun observedBy(Consumer<LoadProgress> tenTimesASecond, Consumer<Edge> ends) {
        listener = tenTimesASecond;
        edges = ends;
        return this;
    }

    /**
     * Runs it, on the calling thread, which should be a platform thread that does nothing else.
     *
     * @throws java.net.ConnectException if no connection can be opened; its message is the reason
     */
    public LoadResult run() throws IOException {
        StartTogether start = new StartTogether(plan.threads(), clock);
        List<CompletableFuture<LoadResult>> parts = new ArrayList<>();
        for (int thread = 0; thread < plan.threads(); thread++) {
            parts.add(new CompletableFuture<>());
        }
        for (int thread = 1; thread < plan.threads(); thread++) {
            int number = thread;
            Threads.daemon("thrum-load-" + (number + 1), () -> complete(parts.get(number), number, start))
                    .start();
        }
        complete(parts.getFirst(), 0, start);
        List<LoadResult> results = new ArrayList<>();
        for (CompletableFuture<LoadResult> part : parts) {
            results.add(result(part));
        }
        return results.size() == 1 ? results.getFirst() : LoadResult.together(plan, results);
    }

    private void complete(CompletableFuture<LoadResult> end, int thread, StartTogether start) {
        try {
            boolean _ = end.complete(runPart(thread, start));
        } catch (IOException | RuntimeException | Error e) {
            start.fail(e);
            boolean _ = end.completeExceptionally(e);
        }
    }

    private static LoadResult result(CompletableFuture<LoadResult> part) throws IOException {
        try {
            return part.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException failed) {
                throw failed;
            }
            throw new IllegalStateException("expected the generator to report what it measured", e.getCause());
        }
    }

    private LoadResult runPart(int thread, StartTogether start) throws IOException {
        Sockets.requireExactWaits();
        long offset = plan.isClosed() ? 0 : (long) (thread * NANOS / plan.rate());
        boolean isFirst = thread == 0;
        Consumer<LoadProgress> shown = now -> {
            progress.set(thread, now);
            if (isFirst) {
                listener.accept(now);
            }
        };
        Usage.Meter usage = new LinuxUsage();
        try (Wires wires = network.get()) {
            LoadLoop.Surroundings around = new LoadLoop.Surroundings(
                    wires,
                    clock,
                    isFirst ? new EdgeMeter(usage, edges) : usage,
                    shown,
                    () -> isStopping,
                    new InTurn(start, offset));
            return new LoadLoop(plan.part(thread), protocol, around).run();
        }
    }

    /** The start of a thread that sends in turn with others. */
    private record InTurn(StartTogether start, long offset) implements LoadLoop.StartLine {
        @Override
        public long await() throws IOException {
            return start.await();
        }
    }

    /** Passes on the two readings of a load, which are at the ends of its window. Owned by the thread of the load. */
    private static final class EdgeMeter implements Usage.Meter {
        private final Usage.Meter usage;
        private final Consumer<Edge> edges;
        private boolean hasBegun;

        EdgeMeter(Usage.Meter usage, Consumer<Edge> edges) {
            this.usage = usage;
            this.edges = edges;
        }

        @Override
        public Usage now() {
            Usage now = usage.now();
            edges.accept(hasBegun ? Edge.END : Edge.BEGIN);
            hasBegun = true;
            return now;
        }
    }

    /** How far it is: a tenth of a second ago, or less. */
    public LoadProgress progress() {
        return LoadProgress.together(
                IntStream.range(0, plan.threads()).mapToObj(progress::get).toList());
    }

    /** Ends it early: what was due until now is waited for and reported. */
    public void stop() {
        isStopping = true;
    }
}
