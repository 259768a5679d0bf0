package dev.thrum.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.Scene;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A loop on io_uring by itself: how it is woken, and how it ends. */
@Timeout(300)
@ExtendWith(LeakCheck.class)
final class RingLoopTest {
    private static final int WAKE_UPS = RingClients.SOAK ? 1_000_000 : 100_000;
    private static final int THREADS = 4;

    private final Reports reports = new Reports();

    private RingLoop open() {
        var _ = Available.here(RingClients.options());
        return new RingLoop("ring", Runnable::run, reports, System::nanoTime);
    }

    @AfterEach
    void nothingWasReported() {
        try (Logged logged = new Logged()) {
            reports.write();
            assertThat(logged.rest()).isEmpty();
        }
    }

    private static void end(RingLoop loop) {
        loop.close();
        loop.join();
        assertThat(loop.platformThread().isAlive()).isFalse();
    }

    /** Each thread waits for its task before it hands over the next, so the loop goes to sleep all the time. */
    @Test
    void noWakeUpIsLost_whenManyThreadsHandOverTasks() throws Exception {
        RingLoop loop = open();
        AtomicLong slowest = new AtomicLong();
        RingClients.all(THREADS, number -> {
            for (int i = 0; i < WAKE_UPS / THREADS; i++) {
                long begun = System.nanoTime();
                CompletableFuture<Void> ran = new CompletableFuture<>();
                loop.execute(() -> ran.complete(null));
                ran.join();
                slowest.accumulateAndGet(System.nanoTime() - begun, Math::max);
            }
        });
        if (RingClients.SOAK) {
            assertThat(Duration.ofNanos(slowest.get())).isLessThan(Duration.ofSeconds(1));
        }
        end(loop);
    }

    @Test
    void timersRun_whileNothingElseHappens() throws Exception {
        RingLoop loop = open();
        List<Integer> order = new ArrayList<>();
        CountDownLatch all = new CountDownLatch(3);
        for (int delay : new int[] {60, 20, 40}) {
            var _ = loop.timers().schedule(Duration.ofMillis(delay), () -> {
                order.add(delay);
                all.countDown();
            });
        }
        all.await();
        assertThat(order).containsExactly(20, 40, 60);
        end(loop);
    }

    @Test
    void loop_ends_whenItIsClosedAtAnyMomentOfItsStart() {
        for (int round = 0; round < 100; round++) {
            RingLoop loop = open();
            for (int i = 0; i < round; i++) {
                Thread.onSpinWait();
            }
            loop.close();
            loop.join();
            assertThat(loop.platformThread().isAlive()).isFalse();
        }
    }

    @Test
    void addressCanBeBoundAgainAtOnce_andNoThreadIsLeft_whenAnEngineClosesWithReceivesUnderWay() throws Exception {
        int clients = 50;
        List<Socket> sockets = new ArrayList<>();
        Engine first = RingClients.engine();
        Server server = RingClients.listen(first, Scene::line);
        for (int i = 0; i < clients; i++) {
            sockets.add(RingClients.connect(server));
        }
        while (first.connections().size() < clients) {
            Thread.onSpinWait();
        }
        first.close();
        try (Engine second = RingClients.engine()) {
            Server again = second.listen(
                    server.address(), connection -> connection.writer().write("again"), Limits.defaults());
            try (Socket client = RingClients.connect(again)) {
                assertThat(RingClients.textToEnd(client.getInputStream())).isEqualTo("again");
            }
        }
        for (Socket socket : sockets) {
            socket.close();
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.isAlive() && thread.getName().matches("loop-\\d+|acceptor"));
    }
}
