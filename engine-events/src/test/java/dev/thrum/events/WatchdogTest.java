package dev.thrum.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.Connection;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Server;
import dev.thrum.testkit.LeakCheck;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
@ExtendWith(LeakCheck.class)
final class WatchdogTest {
    private final CountDownLatch enough = new CountDownLatch(1);

    private void computeForLong() {
        while (enough.getCount() > 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void stall_isReportedOnceWithItsStack_andItsEndToo() throws Exception {
        EventOptions options = EventOptions.defaults().withLoops(1).withStall(Duration.ofMillis(40));
        try (Logged logged = new Logged();
                Engine clients = Engine.virtual();
                Engine engine = EventEngine.open(Available.here(options))) {
            Server server = Talk.listen(engine, connection -> computeForLong());
            try (Connection client = Talk.connect(clients, server)) {
                assertThat(logged.await(text -> text.contains("loop-1")))
                        .startsWith("WARNING loop-1 has served none of its ")
                        .contains("because loop-1-1 does not let go")
                        .contains("connection.offload(...)")
                        .contains("WatchdogTest.computeForLong");
                awaitMoreChecks(engine);
                enough.countDown();
                assertThat(client.reader().read()).isEqualTo(-1);
            }
            assertThat(logged.await(text -> text.contains("loop-1"))).startsWith("INFO loop-1 goes on after ");
            assertThat(logged.rest()).isEmpty();
        }
    }

    /** A logger is foreign code; whatever it does to the watchdog's thread must not stop the watchdog. */
    @Test
    void watchdog_continues_whenALoggerInterruptsItsCaller() throws Exception {
        EventOptions options = EventOptions.defaults().withLoops(1).withStall(Duration.ofMillis(40));
        try (Logged logged = new Logged(() -> Thread.currentThread().interrupt());
                Engine clients = Engine.virtual();
                Engine engine = EventEngine.open(Available.here(options))) {
            Server server = Talk.listen(engine, connection -> computeForLong());
            try (Connection client = Talk.connect(clients, server)) {
                logged.await(text -> text.contains("has served none"));
                enough.countDown();
                assertThat(client.reader().read()).isEqualTo(-1);
            }
            assertThat(logged.await(text -> text.contains("goes on after"))).startsWith("INFO loop-1");
        }
    }

    /** Waits ten times the limit, so that the watchdog has several chances to report again. */
    private static void awaitMoreChecks(Engine engine) throws InterruptedException {
        CountDownLatch later = new CountDownLatch(1);
        engine.clock().schedule(Duration.ofMillis(400), later::countDown);
        later.await();
    }

    /** The thread keeps running, as on every engine when a handler ignores the interrupt. */
    @Test
    void engine_closes_whenAHandlerComputesForever() throws Exception {
        EventOptions options = EventOptions.defaults().withLoops(1);
        CountDownLatch ended = new CountDownLatch(1);
        try (Logged logged = new Logged();
                Engine clients = Engine.virtual()) {
            Engine engine = EventEngine.open(Available.here(options));
            Server server = Talk.listen(engine, connection -> {
                computeForLong();
                ended.countDown();
            });
            Talk.connect(clients, server);
            logged.await(text -> text.contains("has served none"));
            engine.close();
            assertThat(ended.getCount()).isEqualTo(1);
            enough.countDown();
            ended.await();
        }
    }

    @Test
    void nothing_isReported_whenLoopsAreIdleOrWaitForTheirClients() throws IOException, InterruptedException {
        EventOptions options = EventOptions.defaults().withLoops(1).withStall(Duration.ofMillis(200));
        try (Logged logged = new Logged();
                Engine engine = EventEngine.open(Available.here(options))) {
            Server server =
                    Talk.listen(engine, connection -> connection.reader().await());
            try (Connection _ = Talk.connect(engine, server)) {
                awaitMoreChecks(engine);
            }
            assertThat(logged.rest()).isEmpty();
        }
    }

    /** The watchdog often detects such a handler just when it is done; this must not affect the next handler. */
    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void allRequests_areAnswered_whenHandlersComputeForAboutTheLimit(TransportKind transport) throws Exception {
        EventOptions options =
                EventOptions.defaults().withTransport(transport).withLoops(1).withStall(Duration.ofMillis(1));
        int requests = 150;
        try (Logged _ = new Logged();
                Engine clients = Engine.virtual();
                Engine engine = EventEngine.open(Available.here(options))) {
            Server server = Talk.listen(engine, WatchdogTest::computeForAboutTheLimit);
            List<CompletableFuture<Integer>> answered = IntStream.range(0, 8)
                    .mapToObj(i -> ask(clients, server, requests))
                    .toList();
            for (CompletableFuture<Integer> client : answered) {
                assertThat(client.get()).isEqualTo(requests);
            }
        }
    }

    private static void computeForAboutTheLimit(Connection connection) throws IOException {
        for (int value = connection.reader().read();
                value >= 0;
                value = connection.reader().read()) {
            long end = System.nanoTime() + ThreadLocalRandom.current().nextLong(900_000, 1_600_000);
            while (System.nanoTime() - end < 0) {
                Thread.onSpinWait();
            }
            connection.writer().write(new byte[] {(byte) value}, 0, 1);
            connection.writer().flush();
        }
    }

    /** Sends requests, one after the other, and counts the answers. */
    private static CompletableFuture<Integer> ask(Engine clients, Server server, int requests) {
        CompletableFuture<Integer> answered = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            int count = 0;
            try (Connection client = Talk.connect(clients, server)) {
                for (; count < requests; count++) {
                    client.writer().write(new byte[] {'x'}, 0, 1);
                    client.writer().flush();
                    if (client.reader().read() != 'x') {
                        break;
                    }
                }
                answered.complete(count);
            } catch (IOException e) {
                answered.completeExceptionally(e);
            }
        });
        return answered;
    }
}
