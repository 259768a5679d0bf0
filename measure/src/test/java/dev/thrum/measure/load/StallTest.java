package dev.thrum.measure.load;

import static dev.thrum.measure.load.LoadScene.MILLI;
import static dev.thrum.measure.load.LoadScene.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A server that answers after a fixed time, but once a second sends nothing for a while; what it would have sent then, it sends at
 * the end of that stall. The distribution of latencies follows from that.
 */
final class StallTest {
    /** Each time that it is a whole number of seconds since this instant, a stall begins. */
    private static final long PERIOD = SECOND;

    private final LoadScene scene = new LoadScene();

    private ScriptedWires.Script stalling(long service, long stall) {
        // The load begins a moment later, so no stall is cut by an end of the window, which is whole seconds long.
        long origin = scene.clock.nanoTime() + PERIOD / 2;
        return (connection, nth, now) -> {
            long end = now + service;
            long phase = Math.floorMod(end - origin, PERIOD);
            long delay = service + (phase < stall ? stall - phase : 0);
            return List.of(ScriptedWires.Act.send(delay, ScriptedWires.ok("hi")));
        };
    }

    /**
     * By an exact schedule, the share f of requests is delayed: those that are due in the stall, and in the time that the server
     * then needs for those that have no connection yet. Their latency falls evenly from the length of the stall to nothing, plus the
     * service time. With {@code connections} connections the server answers connections / service a second, so the
     * queue that is {@code rate * stall} long is gone after stall * load / (1 - load), where load is rate * service / connections.
     * If all stalled requests have connections, there is no queue.
     */
    private static double quantile(double share, double service, double stall, double load) {
        double delayed = stall / (1 - load) / PERIOD;
        return share <= 1 - delayed ? service : service + stall * (share - (1 - delayed)) / delayed;
    }

    @ParameterizedTest
    @CsvSource({
        // rate, connections, service and stall in ms: with connections for all that are stalled ...
        "1000, 100,  1,  50",
        "1500,  10,  1,   6",
        // ... and with fewer: 100, 200, 250 and 2,000 requests are due in a stall.
        "1000,  10,  1, 100",
        "500,    1,  1, 200",
        "250,    1,  2, 250",
        "5000, 100,  1, 400",
    })
    void latency_ofAnOpenLoop_isThatOfTheFormula(int rate, int connections, long serviceMillis, long stallMillis)
            throws IOException {
        double service = serviceMillis * MILLI;
        double stall = stallMillis * MILLI;

        LoadResult result =
                scene.run(LoadScene.open(rate, connections, 20), stalling(serviceMillis * MILLI, stallMillis * MILLI));

        boolean isQueued = rate * stallMillis / 1_000 > connections;
        double load = isQueued ? rate * service / SECOND / connections : 0;
        Histogram latency = result.times().latency();
        for (double share : new double[] {0.5, 0.9, 0.99, 1}) {
            double expected = quantile(share, service, stall, load);
            assertThat((double) latency.getValueAtPercentile(share * 100))
                    .as("p%s", share * 100)
                    .isCloseTo(expected, within(Math.max(MILLI, expected * 0.02)));
        }
        double mean = service + stall * stall / (1 - load) / PERIOD / 2;
        assertThat(latency.getMean()).isCloseTo(mean, within(mean * 0.03));
        assertThat(result.counts().answered()).isEqualTo(20L * rate);
        assertThat(Verdict.reasons(result)).isEmpty();
    }

    /** In a closed loop each connection has one request in a stall, so stalls nearly vanish from the percentiles. */
    @Test
    void latency_ofAClosedLoop_hidesTheStalls_thatAnOpenLoopShows() throws IOException {
        ScriptedWires.Script server = stalling(MILLI, 100 * MILLI);
        LoadResult closed = scene.run(LoadScene.open(0, 10, 20), server);
        LoadResult open = new LoadScene().run(LoadScene.open(1_000, 10, 20), server);

        assertThat(closed.times().latency().getValueAtPercentile(99)).isLessThan(2 * MILLI);
        assertThat(open.times().latency().getValueAtPercentile(99)).isGreaterThan(80 * MILLI);
    }

    /** The service time of a request that had to wait for a connection doesn't have that wait. */
    @Test
    void serviceTime_ofAnOpenLoop_hasNoWaitForAConnection() throws IOException {
        LoadResult result = scene.run(LoadScene.open(500, 1, 20), stalling(MILLI, 200 * MILLI));

        assertThat(result.times().latency().getValueAtPercentile(90)).isGreaterThan(100 * MILLI);
        assertThat(result.times().service().getValueAtPercentile(99)).isLessThan(2 * MILLI);
        assertThat(result.times().service().getMaxValue()).isGreaterThan(190 * MILLI);
    }
}
