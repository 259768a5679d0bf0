package dev.thrum.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.Connection;
import dev.thrum.engine.Engine;
import dev.thrum.engine.EngineStats.WakeUp;
import dev.thrum.engine.ExchangeHandler;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.Scene;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Connections that are silent for about as long as it takes until they rest. */
@ExtendWith(LeakCheck.class)
final class SilenceTest {
    private static final int CLIENTS = 200;
    private static final Duration TIME = Duration.ofSeconds(Boolean.getBoolean("thrum.soak") ? 60 : 10);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long SHORTEST = Duration.ofMillis(1_900).toNanos();
    private static final long LONGEST = Duration.ofMillis(2_200).toNanos();

    /** Echoes lines. */
    private record Echo(AtomicInteger ended) implements ExchangeHandler {
        @Override
        public Session begin(Connection connection) {
            return new Session() {
                @Override
                public boolean exchange() throws IOException {
                    connection.writer().write(Scene.line(connection) + "\n");
                    return true;
                }

                @Override
                public void ended(Optional<Throwable> reason) {
                    ended.incrementAndGet();
                }
            };
        }
    }

    @Test
    void everyLineIsAnswered_whenClientsPauseAboutAsLongAsTheEngineDoes() throws Exception {
        List<Engine> engines = new ArrayList<>();
        List<Thread> clients = new ArrayList<>();
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        try {
            for (TransportKind transport : TransportKind.values()) {
                if (transport.problem().isPresent()) {
                    continue;
                }
                Engine engine =
                        EventEngine.open(EventOptions.defaults().withLoops(1).withTransport(transport));
                engines.add(engine);
                Server server = engine.listen(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        new Echo(new AtomicInteger()),
                        Limits.defaults());
                for (int i = 0; i < CLIENTS; i++) {
                    clients.add(Thread.startVirtualThread(() -> talk(engine, server, failure)));
                }
            }
            for (Thread client : clients) {
                client.join();
            }
            assertThat(failure.get()).isNull();
            for (Engine engine : engines) {
                assertThat(engine.wakeUps().get(WakeUp.INPUT)).isGreaterThan(CLIENTS / 10);
            }
        } finally {
            engines.forEach(Engine::close);
        }
    }

    private static void talk(Engine engine, Server server, AtomicReference<@Nullable Throwable> failure) {
        long end = System.nanoTime() + TIME.toNanos();
        try (Connection connection = engine.connect(server.address(), PATIENCE)) {
            for (int i = 0; System.nanoTime() < end; i++) {
                Scene.say(connection, "line " + i + "\n");
                assertThat(Scene.line(connection)).isEqualTo("line " + i);
                long pause = ThreadLocalRandom.current().nextLong(SHORTEST, LONGEST);
                engine.clock().sleep(Duration.ofNanos(pause));
            }
        } catch (Exception | Error e) {
            failure.compareAndSet(null, e);
        }
    }
}
