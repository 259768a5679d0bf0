package dev.thrum.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.Connection;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.tls.Tls;
import dev.thrum.tls.TlsClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** TLS in the simulation: repeatable, and over a network that delivers single bytes. */
final class SimulatedTlsTest {
    private static final Faults SINGLE_BYTES = (connection, direction, random) ->
            LinkFaults.none().withSegments(1, 1).withDelays(Duration.ofNanos(1_000), Duration.ofNanos(50_000));

    /** Three clients talk to an echo. */
    private static void talk(Simulation world, long seed) throws Exception {
        SeededSecureRandom random = new SeededSecureRandom(seed);
        Tls tls = Tls.server()
                .deterministic(random, world.clock())
                .selfSigned(List.of("localhost"))
                .build();
        TlsClient trusting = TlsClient.builder()
                .insecure()
                .deterministic(random, world.clock())
                .to("localhost");
        try (Server server = world.engine()
                .listen(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        connection -> {
                            for (String line = line(connection); !line.isEmpty(); line = line(connection)) {
                                connection.writer().write(line + "\n");
                            }
                        },
                        Limits.defaults(),
                        tls)) {
            List<Simulation.Task<Boolean>> clients = List.of(
                    world.fork("one", () -> client(world, trusting, server)),
                    world.fork("two", () -> client(world, trusting, server)),
                    world.fork("three", () -> client(world, trusting, server)));
            for (Simulation.Task<Boolean> client : clients) {
                assertThat(client.join()).isTrue();
            }
        }
    }

    private static boolean client(Simulation world, TlsClient tls, Server server) throws Exception {
        try (Connection connection = world.engine().connect(server.address(), tls, Duration.ofMinutes(5))) {
            for (int i = 0; i < 20; i++) {
                connection.writer().write("line " + i + "\n");
                connection.writer().flush();
                assertThat(line(connection)).isEqualTo("line " + i);
            }
            assertThat(connection.tls().orElseThrow().protocol()).isEqualTo("TLSv1.3");
        }
        return true;
    }

    private static String line(Connection connection) throws Exception {
        return connection.reader().readLine(100).orElse("");
    }

    @Test
    void traceIsTheSame_whenTheSeedIs() {
        Report first = run(7, Faults.none());
        assertThat(run(7, Faults.none()).checksum()).isEqualTo(first.checksum());
        assertThat(run(8, Faults.none()).checksum()).isNotEqualTo(first.checksum());
    }

    @Test
    void nothingIsLost_whenTheNetworkDeliversSingleBytes() {
        int seeds = Boolean.getBoolean("thrum.soak") ? 50 : 3;
        for (long seed = 1; seed <= seeds; seed++) {
            run(seed, SINGLE_BYTES);
        }
    }

    private static Report run(long seed, Faults faults) {
        return Trial.of(world -> talk(world, seed)).withFaults(faults).run(seed);
    }
}
