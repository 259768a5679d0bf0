package dev.thrum.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.base.SystemClock;
import dev.thrum.engine.spi.AcceptIncident;
import dev.thrum.engine.spi.Wire;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A listener's reaction to failures to accept. */
@Timeout(60)
final class AcceptIncidentTest {
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final Logger logger = Logger.getLogger("dev.thrum.engine");
    private final List<String> logged = new CopyOnWriteArrayList<>();
    private final Handler collector = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            logged.add(entry.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private final SystemClock clock = new SystemClock("test");
    private final AcceptIncident incident = new AcceptIncident(ANY, clock);

    @BeforeEach
    void listen() {
        logger.setUseParentHandlers(false);
        logger.addHandler(collector);
    }

    @AfterEach
    void stopListening() {
        logger.removeHandler(collector);
        logger.setUseParentHandlers(true);
        clock.close();
    }

    @Test
    void listener_continuesAtOnce_whenOneClientFailed() {
        for (int i = 0; i < 3 * AcceptIncident.MOST_IN_A_ROW; i++) {
            assertThat(incident.failed(new ProtocolException("Protocol error"))).isZero();
            assertThat(incident.failed(new BindException("Operation not permitted")))
                    .isZero();
            incident.accepted();
        }
        assertThat(logged).isEmpty();
    }

    @Test
    void listener_pausesWithoutAdviceAboutDescriptors_whenManyClientsInARowFailed() {
        for (int i = 1; i < AcceptIncident.MOST_IN_A_ROW; i++) {
            assertThat(incident.failed(new BindException("Operation not permitted")))
                    .isZero();
        }
        assertThat(incident.failed(new BindException("Operation not permitted")))
                .isEqualTo(AcceptIncident.PAUSE);
        assertThat(logged)
                .singleElement()
                .asString()
                .contains("pauses: Operation not permitted. 16 clients in a row")
                .doesNotContain("ulimit");
        // The count starts again.
        assertThat(incident.failed(new BindException("Operation not permitted")))
                .isZero();
    }

    @Test
    void listener_pausesAtOnce_whenItIsOutOfDescriptors() {
        assertThat(incident.failed(new SocketException("Too many open files"))).isEqualTo(AcceptIncident.PAUSE);
        assertThat(incident.failed(new OutOfMemoryError("heap"))).isEqualTo(AcceptIncident.PAUSE);
        assertThat(logged)
                .singleElement()
                .asString()
                .contains("Too many open files. If file descriptors have run out, raise");
    }

    @Test
    void listener_pauses_whenTheLoggerFails() {
        Handler failing = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                throw new NoClassDefFoundError("a class of a logger");
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        logger.addHandler(failing);
        try {
            assertThat(incident.failed(new SocketException("Too many open files")))
                    .isEqualTo(AcceptIncident.PAUSE);
        } finally {
            logger.removeHandler(failing);
        }
    }

    @Test
    void nextClient_isServed_whenSomeBeforeItFailed() throws Exception {
        CompletableFuture<Wire> served = new CompletableFuture<>();
        int failures = AcceptIncident.MOST_IN_A_ROW - 1;
        try (SocketListener listener = SocketListener.open(
                        new Failing(failures), ANY, new LingeringCloses(clock), clock, null, served::complete);
                Socket _ = new Socket(
                        InetAddress.getLoopbackAddress(), listener.address().getPort())) {
            served.get(30, TimeUnit.SECONDS).reset();
        }
        assertThat(logged).isEmpty();
    }

    /** A channel whose first clients fail before they are accepted. */
    private static final class Failing extends ServerSocketChannel {
        private final ServerSocketChannel channel = ServerSocketChannel.open();
        // Owned by the accepting thread.
        private int failures;

        Failing(int failures) throws IOException {
            super(SelectorProvider.provider());
            this.failures = failures;
        }

        @Override
        public SocketChannel accept() throws IOException {
            if (failures-- > 0) {
                throw new ProtocolException("Protocol error");
            }
            return channel.accept();
        }

        @Override
        public ServerSocketChannel bind(SocketAddress local, int backlog) throws IOException {
            return channel.bind(local, backlog);
        }

        @Override
        public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) throws IOException {
            return channel.setOption(name, value);
        }

        @Override
        public <T> T getOption(SocketOption<T> name) throws IOException {
            return channel.getOption(name);
        }

        @Override
        public Set<SocketOption<?>> supportedOptions() {
            return channel.supportedOptions();
        }

        @Override
        public ServerSocket socket() {
            return channel.socket();
        }

        @Override
        public SocketAddress getLocalAddress() throws IOException {
            return channel.getLocalAddress();
        }

        @Override
        protected void implCloseSelectableChannel() throws IOException {
            channel.close();
        }

        @Override
        protected void implConfigureBlocking(boolean block) throws IOException {
            channel.configureBlocking(block);
        }
    }
}
