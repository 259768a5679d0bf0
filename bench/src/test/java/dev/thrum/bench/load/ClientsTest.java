package dev.thrum.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.line.LineFormat;
import dev.thrum.line.LineSession;
import dev.thrum.line.Lines;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The generator's connections to a server that closes the first of them after one answer. */
@EnabledOnOs(OS.LINUX)
final class ClientsTest {
    private static final int CONNECTIONS = 3;
    private static final String FIRST = "connection 000000000 says hello";

    private final Histogram trips = new Histogram(3);

    @Test
    void connection_thatTheServerCloses_isCounted_andTheOthersGoOn() throws IOException {
        try (Engine engine = Engine.virtual();
                Clients clients = clients(engine)) {
            clients.countClosed();
            clients.open();
            clients.start();
            clients.end();

            assertThat(clients.closed()).isEqualTo(1);
            assertThat(trips.getTotalCount()).isEqualTo(CONNECTIONS + CONNECTIONS - 1);
        }
    }

    @Test
    void connection_thatTheServerCloses_endsTheMeasurement_unlessItIsCounted() throws IOException {
        try (Engine engine = Engine.virtual();
                Clients clients = clients(engine)) {
            assertThatThrownBy(() -> {
                        clients.open();
                        clients.start();
                        clients.end();
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void clients_thatArePaced_askWhenItIsTime() throws IOException {
        try (Engine engine = Engine.virtual();
                Clients clients = clients(engine)) {
            clients.countClosed();
            clients.open();
            clients.pace();
            // The second of three is due after a third of a second.
            clients.runUntil(System.nanoTime() + Duration.ofMillis(600).toNanos());
            clients.end();

            assertThat(clients.closed()).isEqualTo(1);
            assertThat(trips.getTotalCount()).isBetween(CONNECTIONS + 0L, CONNECTIONS + 1L);
        }
    }

    private Clients clients(Engine engine) throws IOException {
        int port = engine.listen(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        Lines.of(LineFormat.lf(), ClientsTest::converse),
                        Limits.defaults())
                .address()
                .getPort();
        return new Clients(LineDialogue.plain(CONNECTIONS), port, CONNECTIONS, trips);
    }

    private static void converse(LineSession session) throws IOException {
        Optional<String> line = session.readLine();
        while (line.isPresent()) {
            session.writeLine(LineDialogue.PREFIX + line.get());
            line = line.get().equals(FIRST) ? Optional.empty() : session.readLine();
        }
    }
}
