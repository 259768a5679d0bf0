package dev.thrum.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.ConnectionInfo.Side;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The thread of the test is the timer, and the test sets the time. */
@Timeout(60)
final class HandlerWatchTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final long LONG = LIMIT.toNanos();

    private final Logger logger = Logger.getLogger("dev.thrum.engine");
    private final List<String> logged = new CopyOnWriteArrayList<>();
    private final Handler collector = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            logged.add(entry.getMessage() + Arrays.toString(entry.getThrown().getStackTrace()));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private final HandlerWatch watch = new HandlerWatch(LIMIT);
    private final Engine engine = new Engine(new AdmissionTest.Threadless());
    private final Connection connection =
            new Connection(engine, new AdmissionTest.RefusalRecorder(), 7, Side.SERVED, Limits.Deadlines.defaults());

    @BeforeEach
    void listen() {
        logger.setUseParentHandlers(false);
        logger.addHandler(collector);
        connection.waiting().beginNothing();
    }

    @AfterEach
    void stopListening() {
        logger.removeHandler(collector);
        logger.setUseParentHandlers(true);
        engine.close();
    }

    private void tick(long now, int waitingForWorkers) {
        watch.look(connection, waitingForWorkers, now);
        watch.endTick();
    }

    @Test
    void handlerThatHoldsAWorker_isReportedOnce_whenOthersWaitForOne() {
        connection.life().handledBy(Thread.currentThread());
        tick(0, 3);
        tick(LONG - 1, 3);
        assertThat(logged).isEmpty();
        tick(LONG, 3);
        assertThat(logged)
                .singleElement()
                .asString()
                .contains("the handler of connection 7 ")
                .contains("for 10000 ms")
                .contains("holds its worker while 3 connections wait for one")
                .contains("HandlerWatchTest");
        tick(2 * LONG, 3);
        assertThat(logged).hasSize(1);
    }

    @Test
    void handler_isNotReported_whenItComputesAndNoConnectionWaitsForAWorker() {
        connection.life().handledBy(Thread.currentThread());
        tick(0, 0);
        tick(LONG, 0);
        assertThat(logged).isEmpty();
        // Now a connection waits.
        tick(LONG + 1, 1);
        assertThat(logged).hasSize(1);
    }

    @Test
    void handlerOverAConnectionThatTheEngineOpened_isWatchedToo_butNotACallersConnection() {
        Connection opened = new Connection(
                engine, new AdmissionTest.RefusalRecorder(), 8, Side.OPENED, Limits.Deadlines.defaults());
        opened.waiting().beginNothing();
        for (long now : List.of(0L, LONG, 2 * LONG)) {
            watch.look(opened, 1, now);
            watch.endTick();
        }
        assertThat(logged).isEmpty();
        opened.life().handledBy(Thread.currentThread());
        for (long now : List.of(3 * LONG, 4 * LONG)) {
            watch.look(opened, 1, now);
            watch.endTick();
        }
        assertThat(logged).singleElement().asString().contains("the handler of connection 8 ");
    }

    @Test
    void handler_isNotReported_whenItHasWaitedForItsClientOrSentBytesMeanwhile() throws Exception {
        connection.life().handledBy(Thread.currentThread());
        tick(0, 1);
        connection.writer().write(new byte[5]);
        connection.writer().flush();
        tick(LONG, 1);
        connection.waiting().begin(WaitState.Wait.of(ConnectionInfo.Waiting.MESSAGE, 0, 1));
        tick(LONG + 1, 1);
        connection.waiting().beginNothing();
        tick(2 * LONG, 1);
        assertThat(logged).isEmpty();
    }

    @Test
    void handlerThatWaitsForAMonitor_isReported_withItsStack() throws Exception {
        Object monitor = new Object();
        Thread handler;
        synchronized (monitor) {
            handler = Thread.ofVirtual().name("virtual-7").start(() -> enter(monitor));
            while (handler.getState() != Thread.State.BLOCKED) {
                Thread.onSpinWait();
            }
            connection.life().handledBy(handler);
            tick(0, 0);
            tick(LONG, 0);
        }
        handler.join();
        assertThat(logged)
                .singleElement()
                .asString()
                .contains("waits for a monitor that another thread holds")
                .contains("(virtual-7)")
                .contains("HandlerWatchTest.enter");
    }

    private static void enter(Object monitor) {
        synchronized (monitor) {
            assertThat(Thread.holdsLock(monitor)).isTrue();
        }
    }

    @Test
    void handlerThatComputes_isReported_whenItsThreadIsVirtual() throws Exception {
        CountDownLatch enough = new CountDownLatch(1);
        Thread handler = Thread.ofVirtual().start(() -> {
            while (enough.getCount() > 0) {
                Thread.onSpinWait();
            }
        });
        connection.life().handledBy(handler);
        tick(0, 0);
        tick(LONG, 0);
        enough.countDown();
        handler.join();
        assertThat(logged).singleElement().asString().contains("keeps a processor from other virtual threads");
    }
}
