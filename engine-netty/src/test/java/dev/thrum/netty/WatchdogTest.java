package dev.thrum.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.Connection;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.testkit.LeakCheck;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(120)
@ExtendWith(LeakCheck.class)
final class WatchdogTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final CountDownLatch enough = new CountDownLatch(1);

    private void computeForLong() {
        while (enough.getCount() > 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void stallIsReportedOnceWithItsStack_andItsEnd() throws Exception {
        EventOptions options = EventOptions.defaults().withLoops(1).withStall(Duration.ofMillis(40));
        try (Logged logged = new Logged();
                Engine clients = Engine.virtual();
                Engine engine = EventEngine.open(Available.here(options))) {
            Server server = engine.listen(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    connection -> computeForLong(),
                    Limits.defaults());
            try (Connection client = clients.connect(server.address(), SOON)) {
                assertThat(logged.await(text -> text.contains("loop-1")))
                        .startsWith("WARNING loop-1 has served none of its ")
                        .contains("because loop-1-1 does not let go")
                        .contains("connection.offload(...)")
                        .contains("WatchdogTest.computeForLong");
                awaitMoreLooks(engine);
                enough.countDown();
                assertThat(client.reader().read()).isEqualTo(-1);
            }
            assertThat(logged.await(text -> text.contains("loop-1"))).startsWith("INFO loop-1 goes on after ");
            assertThat(logged.rest()).isEmpty();
        }
    }

    /** Ten times the limit: each look would be a chance to report again. */
    private static void awaitMoreLooks(Engine engine) throws InterruptedException {
        CountDownLatch later = new CountDownLatch(1);
        engine.clock().schedule(Duration.ofMillis(400), later::countDown);
        later.await();
    }

    /** Its thread is left behind, as an interrupt that is ignored leaves one on every engine. */
    @Test
    void engineCloses_whenAHandlerComputesForEver() throws Exception {
        EventOptions options = EventOptions.defaults().withLoops(1);
        CountDownLatch ended = new CountDownLatch(1);
        try (Logged logged = new Logged();
                Engine clients = Engine.virtual()) {
            Engine engine = EventEngine.open(Available.here(options));
            Server server = engine.listen(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    connection -> {
                        computeForLong();
                        ended.countDown();
                    },
                    Limits.defaults());
            clients.connect(server.address(), SOON);
            logged.await(text -> text.contains("has served none"));
            engine.close();
            assertThat(ended.getCount()).isEqualTo(1);
            enough.countDown();
            ended.await();
        }
    }

    @Test
    void nothingIsReported_whenLoopsAreIdleOrWaitForTheirClients() throws IOException, InterruptedException {
        EventOptions options = EventOptions.defaults().withLoops(1).withStall(Duration.ofMillis(200));
        try (Logged logged = new Logged();
                Engine engine = EventEngine.open(Available.here(options))) {
            Server server = engine.listen(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    connection -> connection.reader().await(),
                    Limits.defaults());
            try (Connection _ = engine.connect(server.address(), SOON)) {
                awaitMoreLooks(engine);
            }
            assertThat(logged.rest()).isEmpty();
        }
    }
}
