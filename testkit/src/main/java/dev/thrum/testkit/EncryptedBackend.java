package dev.thrum.testkit;

import dev.thrum.base.Clock;
import dev.thrum.base.Offload;
import dev.thrum.engine.Engine;
import dev.thrum.engine.spi.Encryption;
import dev.thrum.engine.spi.EngineBackend;
import dev.thrum.engine.spi.Outgoing;
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
 * Another backend, all of whose connections are encrypted, so that a test that knows nothing of encryption runs over it
 * unchanged.
 */
public final class EncryptedBackend implements EngineBackend {
    private final EngineBackend plain;
    private final Encryption.Server server;
    private final Encryption.Client client;

    private EncryptedBackend(EngineBackend plain, Encryption.Server server, Encryption.Client client) {
        this.plain = plain;
        this.server = server;
        this.client = client;
    }

    /**
     * An engine with the threads and sockets of another, which must have no servers and no connections. The other one must not
     * be used any more, nor closed.
     */
    public static Engine over(Engine engine, Encryption.Server server, Encryption.Client client) {
        return new Engine(new EncryptedBackend(TakenBackend.of(engine), server, client));
    }

    @Override
    public String name() {
        return plain.name();
    }

    @Override
    public Clock clock() {
        return plain.clock();
    }

    @Override
    public Listener listen(InetSocketAddress address, Consumer<Wire> accepted) throws IOException {
        return plain.listen(address, wire -> accepted.accept(server.over(wire, clock())));
    }

    @Override
    public CompletableFuture<List<InetAddress>> lookUp(String host) {
        return plain.lookUp(host);
    }

    @Override
    public Wire connect(InetSocketAddress address, long deadline) throws IOException {
        return client.over(plain.connect(address, deadline), clock());
    }

    @Override
    public void start(Wire wire, Runnable conversation) {
        plain.start(wire.base(), conversation);
    }

    @Override
    public void resume(Wire wire, Runnable conversation) {
        plain.resume(wire.base(), conversation);
    }

    @Override
    public void aside(Runnable task) {
        plain.aside(task);
    }

    @Override
    public void drain(Wire wire, Outgoing messages) {
        throw new AssertionError("expected the engine to know that a backend can't send what is to be encrypted");
    }

    @Override
    public Clock.Timer schedule(Wire wire, Duration delay, Runnable task) {
        return plain.schedule(wire.base(), delay, task);
    }

    @Override
    public void withdraw(Runnable conversation) {
        plain.withdraw(conversation);
    }

    @Override
    public int waiting() {
        return plain.waiting();
    }

    @Override
    public <T> T offload(Offload kind, Callable<T> task) throws Exception {
        return plain.offload(kind, task);
    }

    @Override
    public List<LoopState> loops() {
        return plain.loops();
    }

    @Override
    public List<Thread> asideThreads() {
        return plain.asideThreads();
    }

    @Override
    public void failed(Throwable cause) {
        plain.failed(cause);
    }

    @Override
    public boolean enforcesDeadlines() {
        return plain.enforcesDeadlines();
    }

    @Override
    public void awaitLingeringCloses(Duration patience) {
        plain.awaitLingeringCloses(patience);
    }

    @Override
    public void close() {
        plain.close();
    }
}
