package dev.thrum.simulation;

import dev.thrum.base.Clock;
import dev.thrum.base.Offload;
import dev.thrum.engine.spi.EngineBackend;
import dev.thrum.engine.spi.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The backend of the engine {@code simulation}: no sockets, but virtual threads on one seeded scheduler, over a
 * simulated network.
 */
final class SimulatedBackend implements EngineBackend {
    private final Scheduler scheduler;
    private final SimulatedNetwork network;
    private final SimulatedThreads threads;
    private final Mishaps mishaps;
    private final SimulatedNames names;

    SimulatedBackend(
            Scheduler scheduler,
            SimulatedNetwork network,
            SimulatedThreads threads,
            Mishaps mishaps,
            SimulatedNames names) {
        this.scheduler = scheduler;
        this.network = network;
        this.threads = threads;
        this.mishaps = mishaps;
        this.names = names;
    }

    @Override
    public String name() {
        return "simulation";
    }

    @Override
    public Clock clock() {
        return scheduler;
    }

    @Override
    public Listener listen(InetSocketAddress address, Consumer<Wire> accepted) throws IOException {
        return network.listen(address, accepted);
    }

    @Override
    public CompletableFuture<List<InetAddress>> lookUp(String host) {
        CompletableFuture<List<InetAddress>> found = new CompletableFuture<>();
        threads.start("lookup", () -> names.lookUp(host, found));
        return found;
    }

    @Override
    public Wire connect(InetSocketAddress address, long deadline) throws IOException {
        return network.connect(address, deadline);
    }

    @Override
    public void start(Wire wire, Runnable conversation) {
        threads.start("conversation", conversation);
    }

    @Override
    public void aside(Runnable task) {
        threads.start("aside", task);
    }

    @Override
    public void withdraw(Runnable conversation) {
        // No conversation waits for a thread here.
    }

    /** Nothing to wait for: closing this engine breaks no lingering close. */
    @Override
    public void awaitLingeringCloses(Duration patience) {}

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
        mishaps.add("a handler", cause);
    }

    @Override
    public boolean enforcesDeadlines() {
        return true;
    }

    @Override
    public void close() {}
}
