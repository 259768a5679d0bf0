package dev.thrum.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.DeadlineException;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Connections that a simulated engine opens: names of hosts, and links that are too slow. */
final class SimulatedNamesTest {
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final Duration SOON = Duration.ofSeconds(30);

    private static final ConnectionHandler UPPER = connection -> connection
            .writer()
            .write(connection.reader().readLine(1_000).orElseThrow().toUpperCase(Locale.ROOT) + "\n");

    @Test
    void namesAreLookedUpByTheScenario_withoutTheRealNetwork() {
        Trial.of(world -> {
                    Server server = world.engine().listen(ANY, UPPER, Limits.defaults());
                    int port = server.address().getPort();
                    assertThat(reply(world, "any.name.test", port)).isEqualTo("HELLO");
                    assertThatThrownBy(() -> reply(world, "no.such.host.invalid", port))
                            .isInstanceOf(UnknownHostException.class);

                    world.names(host ->
                            host.equals("known.test") ? List.of(InetAddress.ofLiteral("192.0.2.1")) : List.of());
                    assertThat(reply(world, "known.test", port)).isEqualTo("HELLO");
                    assertThatThrownBy(() -> reply(world, "any.name.test", port))
                            .isInstanceOf(UnknownHostException.class);

                    world.names(_ -> {
                        throw new IllegalStateException("a resolver that fails");
                    });
                    assertThatThrownBy(() -> reply(world, "known.test", port))
                            .isInstanceOf(IOException.class)
                            .hasMessage("expected to look up \"known.test\" but it failed: a resolver that fails");
                })
                .run(1);
    }

    @Test
    void lookUpThatTakesTooLong_endsAtTheDeadline_exactly() {
        Trial.of(world -> {
                    world.names(_ -> {
                        try {
                            world.clock().sleep(Duration.ofHours(1));
                        } catch (InterruptedException e) {
                            throw new IllegalStateException("expected no interrupt", e);
                        }
                        return List.of();
                    });
                    long begun = world.clock().nanoTime();
                    assertThatThrownBy(() -> reply(world, "slow.test", 80))
                            .isInstanceOf(DeadlineException.class)
                            .hasMessageContaining("\"slow.test\" was not looked up within 30000 ms");
                    assertThat(world.clock().nanoTime() - begun).isEqualTo(SOON.toNanos());
                })
                .run(1);
    }

    private static String reply(Simulation world, String host, int port) throws Exception {
        CompletableFuture<String> reply = new CompletableFuture<>();
        world.engine().connect(InetSocketAddress.createUnresolved(host, port), SOON, connection -> {
            connection.writer().write("hello\n");
            reply.complete(connection.reader().readLine(1_000).orElseThrow());
        });
        return reply.get();
    }

    @Test
    void conversationDoesNotBegin_whenItsConnectionOpensTooLate() {
        Faults slow = (_, _, _) -> LinkFaults.none().withDelays(Duration.ofMinutes(2), Duration.ofMinutes(2));
        Trial.of(world -> {
                    Server server = world.engine().listen(ANY, UPPER, Limits.defaults());
                    long begun = world.clock().nanoTime();
                    assertThatThrownBy(() -> world.engine().connect(server.address(), SOON, _ -> {
                                throw new AssertionError("expected no handler to begin");
                            }))
                            .isInstanceOf(DeadlineException.class);
                    assertThat(world.clock().nanoTime() - begun).isEqualTo(SOON.toNanos());
                    assertThat(world.engine().connections()).isEmpty();
                })
                .withFaults(slow)
                .run(1);
    }
}
