package dev.thrum.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.ConnectionInfo.Side;
import dev.thrum.engine.ConnectionInfo.Waiting;
import dev.thrum.engine.WaitState.Wait;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The test sets the time. */
final class ReaperTest {
    private static final long TICK = Duration.ofMillis(100).toNanos();
    private static final long LONG = Duration.ofMinutes(1).toNanos();

    private final AdmissionTest.Threadless backend = new AdmissionTest.Threadless();
    private final Engine engine = new Engine(backend);
    private final Connection connection =
            new Connection(engine, new AdmissionTest.RefusalRecorder(), 7, Side.OPENED, Limits.Deadlines.defaults());
    private final Registry registry = new Registry();
    private final Reaper reaper = new Reaper(backend, registry);

    @AfterEach
    void close() {
        engine.close();
    }

    private boolean isCut() {
        return connection.waiting().current().expired();
    }

    @Test
    void client_isCutAtTheNextTick_whenItsDeadlinePassedWhileTheProcessWasSuspended() {
        registry.add(connection);
        connection.waiting().begin(Wait.of(Waiting.INPUT, 0, LONG / 2));
        reaper.look(0);
        // A minute in which input from this client could not be read.
        reaper.look(LONG);
        assertThat(isCut()).isFalse();
        reaper.look(LONG + TICK);
        assertThat(isCut()).isTrue();
    }

    @Test
    void wait_ofCodeThatOnlyWrites_isNeverCut() {
        registry.add(connection);
        connection.waiting().begin(Wait.withoutDeadline(Waiting.PAUSE, 0));
        for (long now = 0; now < 1_000 * LONG; now += LONG) {
            reaper.look(now);
            assertThat(isCut()).isFalse();
        }
    }

    @Test
    void client_isCutAtOnce_whenTicksWereOnTime() {
        registry.add(connection);
        connection.waiting().begin(Wait.of(Waiting.INPUT, 0, 2 * TICK));
        reaper.look(TICK);
        assertThat(isCut()).isFalse();
        reaper.look(2 * TICK);
        assertThat(isCut()).isTrue();
    }
}
