package dev.thrum.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.base.Clock;
import dev.thrum.base.Offload;
import dev.thrum.base.SystemClock;
import dev.thrum.engine.spi.EngineBackend;
import dev.thrum.engine.spi.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Admission over a backend that can't start threads. */
final class AdmissionTest {
    private static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.getLoopbackAddress(), 4711);

    /** A wire that records the text of a refusal. */
    static final class RefusalRecorder implements Wire {
        private String refusal = "";
        private boolean finished;

        @Override
        public InetSocketAddress peer() {
            return ADDRESS;
        }

        @Override
        public InetSocketAddress local() {
            return ADDRESS;
        }

        @Override
        public int read(byte[] target, int offset, int length, long deadline) {
            return END;
        }

        @Override
        public boolean awaitInput(Duration patience, BooleanSupplier woken) {
            return true;
        }

        @Override
        public void wake() {}

        @Override
        public int available() {
            return 0;
        }

        @Override
        public boolean isQuiet() {
            return true;
        }

        @Override
        public boolean hasEnded() {
            return false;
        }

        @Override
        public int write(byte[] source, int offset, int length, long deadline) {
            return length;
        }

        @Override
        public long transfer(FileChannel source, long position, long count, long deadline) {
            return count;
        }

        @Override
        public void shutdownOutput() {}

        @Override
        public void finish(byte[] lastWords) {
            refusal += new String(lastWords, StandardCharsets.UTF_8);
            finished = true;
        }

        @Override
        public void expireRead() {}

        @Override
        public void reset() {}
    }

    /** A backend that runs out of memory whenever it has to start a thread. */
    static final class Threadless implements EngineBackend, EngineBackend.Listener {
        private final SystemClock clock = new SystemClock("threadless");
        private final AtomicReference<Consumer<Wire>> accepted = new AtomicReference<>();
        private final RefusalRecorder opened = new RefusalRecorder();

        @Override
        public String name() {
            return "threadless";
        }

        @Override
        public Clock clock() {
            return clock;
        }

        @Override
        public Listener listen(InetSocketAddress address, Consumer<Wire> whenAccepted) {
            accepted.set(whenAccepted);
            return this;
        }

        @Override
        public InetSocketAddress address() {
            return ADDRESS;
        }

        @Override
        public CompletableFuture<List<InetAddress>> lookUp(String host) {
            throw new UnsupportedOperationException("expected no name here");
        }

        @Override
        public Wire connect(InetSocketAddress address, long deadline) {
            return opened;
        }

        @Override
        public void start(Wire wire, Runnable conversation) {
            throw new OutOfMemoryError("unable to create native thread");
        }

        @Override
        public void aside(Runnable task) {
            throw new OutOfMemoryError("unable to create native thread");
        }

        @Override
        public void withdraw(Runnable conversation) {}

        @Override
        public void awaitLingeringCloses(Duration timeout) {}

        @Override
        public int waiting() {
            return 0;
        }

        @Override
        public <T> T offload(Offload kind, Callable<T> task) throws Exception {
            return task.call();
        }

        @Override
        public boolean enforcesDeadlines() {
            return true;
        }

        @Override
        public void close() {
            clock.close();
        }
    }

    private static final class Host implements ConnectionHandler {
        @Override
        public void handle(Connection connection) {}

        @Override
        public byte[] refusal(Refusal reason) {
            return reason.name().getBytes(StandardCharsets.UTF_8);
        }
    }

    @Test
    void placeIsGivenBackAndClientIsRefused_whenNoThreadCanBeStarted() throws Exception {
        Threadless backend = new Threadless();
        try (Engine engine = new Engine(backend)) {
            Server server = engine.listen(ADDRESS, new Host(), Limits.defaults().withMaxConnections(1));
            for (int i = 0; i < 3; i++) {
                RefusalRecorder client = new RefusalRecorder();
                // If this threw an error, the listener would close the socket before the refusal is sent.
                backend.accepted.get().accept(client);
                assertThat(client.refusal).isEqualTo("NO_WORKER");
                assertThat(server.conversations()).isZero();
                assertThat(engine.connections()).isEmpty();
            }
            assertThat(server.shutdown(Duration.ofSeconds(10))).isTrue();
        }
    }

    @Test
    void connectFailsAndNothingIsLeft_whenNoThreadCanBeStarted() {
        Threadless backend = new Threadless();
        try (Engine engine = new Engine(backend)) {
            assertThatThrownBy(() -> engine.connect(ADDRESS, Duration.ofSeconds(1), new Host()))
                    .isInstanceOf(IOException.class)
                    .hasMessage(
                            "expected a thread for the conversation with 127.0.0.1:4711 but no thread can be started:"
                                    + " give the process more memory, or raise its limit of threads");
            assertThat(engine.connections()).isEmpty();
            // A refusal is for clients; the peer only sees the end.
            assertThat(backend.opened.refusal).isEmpty();
            assertThat(backend.opened.finished).isTrue();
            assertThat(engine.shutdown(Duration.ofSeconds(10))).isTrue();
        }
    }
}
