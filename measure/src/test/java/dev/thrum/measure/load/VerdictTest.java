package dev.thrum.measure.load;

import static dev.thrum.measure.load.LoadScene.MILLI;
import static dev.thrum.measure.load.LoadScene.SECOND;
import static dev.thrum.measure.load.ScriptedWires.Act.send;
import static dev.thrum.measure.load.ScriptedWires.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.measure.load.ScriptedWires.Act;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each reason for which figures are invalid is provoked, and is the only one then where that is possible. */
final class VerdictTest {
    private static final LoadPlan PLAN = LoadScene.open(100, 10, 10);

    private final LoadScene scene = new LoadScene();

    private List<String> reasons(LoadPlan plan, ScriptedWires.Script script) throws IOException {
        return Verdict.reasons(scene.run(plan, script)).stream()
                .map(Verdict.Reason::text)
                .toList();
    }

    @Test
    void aCleanRun_isValid() throws IOException {
        assertThat(reasons(PLAN, LoadScene.steady(MILLI))).isEmpty();
    }

    @Test
    void aCleanRun_ofAClosedLoop_isValid() throws IOException {
        assertThat(reasons(LoadScene.open(0, 10, 10), LoadScene.steady(MILLI))).isEmpty();
    }

    /** Ten connections of a server that needs 200 ms answer 50 requests a second. */
    @Test
    void aRate_thatTheConnectionsDontAllow_isInvalid() throws IOException {
        assertThat(reasons(PLAN, LoadScene.steady(200 * MILLI)))
                .anyMatch(reason -> reason.startsWith(
                        "50.0 requests a second were sent but 100.0 were asked: all connections were"));
    }

    /** Every wait of the generator ends 3 ms too late, where a tenth of the latency is 0.6 ms. */
    @Test
    void aGenerator_thatIsLate_isInvalid() throws IOException {
        scene.overshoot = 3 * MILLI;

        assertThat(reasons(PLAN, LoadScene.steady(MILLI)))
                .singleElement()
                .asString()
                .startsWith("the generator was late: by 3.0");
    }

    /** The same delay is nothing for a server that needs 100 ms. */
    @Test
    void aGenerator_thatIsLateByLessThanATenthOfTheMedian_isValid() throws IOException {
        scene.overshoot = 3 * MILLI;

        assertThat(reasons(LoadScene.open(10, 10, 10), LoadScene.steady(100 * MILLI)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            850_000_000 |  850_000_000 | the generator used 85 % of its core
            500_000_000 | 10e12        | % of all cores
            790_000_000 |  790_000_000 |
            """)
    void aGenerator_thatIsShortOfCpu_isInvalid(String thread, String process, String reason) throws IOException {
        AtomicLong readings = new AtomicLong();
        long perSecond = Long.parseLong(thread.replace("_", ""));
        long all = (long) Double.parseDouble(process.replace("_", ""));
        scene.meter = () -> {
            long seconds = 10 * readings.getAndIncrement();
            return new Usage(seconds * perSecond, seconds * all, 0, 0, 0, 0, 0);
        };

        List<String> reasons = reasons(PLAN, LoadScene.steady(MILLI));
        if (reason == null) {
            assertThat(reasons).isEmpty();
        } else {
            assertThat(reasons).singleElement().asString().contains(reason);
        }
    }

    @Test
    void fewerConnections_thanAsked_areInvalid() throws IOException {
        assertThat(reasons(PLAN, new ScriptedWires.Script() {
                    @Override
                    public List<Act> react(int connection, int nth, long now) {
                        return List.of(send(MILLI, ok("hi")));
                    }

                    @Override
                    public int accept(int opening) {
                        return opening < 8 ? 0 : ScriptedWires.REFUSED;
                    }
                }))
                .singleElement()
                .asString()
                .startsWith("there were only 8 connections at times but 10 were asked");
    }

    /** One of a thousand is the limit; two are beyond it. */
    @ParameterizedTest
    @CsvSource({"0, true", "1, true", "2, false"})
    void errors_aboveOneOfAThousand_areInvalid(int errors, boolean isValid) throws IOException {
        long begun = scene.clock.nanoTime();
        int[] left = {errors};
        ScriptedWires.Script script = (connection, nth, now) -> {
            boolean isError = now - begun > 5 * SECOND && left[0]-- > 0;
            return List.of(send(MILLI, isError ? "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n" : ok("hi")));
        };

        List<String> reasons = reasons(PLAN, script);
        assertThat(reasons.isEmpty()).isEqualTo(isValid);
        assertThat(reasons).allMatch(reason -> reason.startsWith(errors + " of 1,000 requests failed"));
    }

    /** Two of a thousand that are never answered are as bad. */
    @Test
    void timeouts_aboveOneOfAThousand_areInvalid() throws IOException {
        long begun = scene.clock.nanoTime();
        int[] left = {2};
        List<String> reasons = reasons(
                PLAN,
                (connection, nth, now) ->
                        now - begun > 5 * SECOND && left[0]-- > 0 ? List.of() : List.of(send(MILLI, ok("hi"))));

        assertThat(reasons).singleElement().asString().startsWith("2 of 1,000 requests failed");
    }

    /**
     * The server becomes slower all the time: at the end many more requests are in flight than were answered meanwhile. So the
     * figures depend on how long it was measured.
     */
    @Test
    void aLoad_thatIsNotSteady_isInvalid_byLittlesLaw() throws IOException {
        LoadPlan plan =
                new LoadPlan(100, 1_000, Duration.ZERO, Duration.ZERO, Duration.ofSeconds(10), Duration.ofSeconds(10));
        long begun = scene.clock.nanoTime();
        List<String> reasons =
                reasons(plan, (connection, nth, now) -> List.of(send(MILLI + (now - begun) / 4, ok("hi"))));

        assertThat(reasons).singleElement().asString().contains("(Little's law)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1_000 |  19 |          0 |       0 |       0 |
            1_000 |  21 |          0 |       0 |       0 | the hypervisor took CPU time (steal) for 2 %
            1_000 |   0 |  4_900_000 |       0 |       0 |
            1_000 |   0 |  6_000_000 |       0 |       0 | threads waited for a core (pressure) for 60 %
            1_000 |   0 |          0 | 490_000 |       0 |
            1_000 |   0 |          0 | 600_000 |       0 | threads waited for memory (pressure) for 6 %
            1_000 |   0 |          0 |       0 |  90_000 |
            1_000 |   0 |          0 |       0 | 200_000 | its CPU quota stopped this container for 2 %
            """)
    void aMachine_thatIsDisturbed_isInvalid(
            String ticks, String stolen, String cpu, String memory, String throttled, String reason)
            throws IOException {
        AtomicLong readings = new AtomicLong();
        scene.meter = () -> {
            long times = readings.getAndIncrement();
            return new Usage(
                    0,
                    0,
                    times * number(ticks),
                    times * number(stolen),
                    times * number(cpu),
                    times * number(memory),
                    times * number(throttled));
        };

        List<String> reasons = reasons(PLAN, LoadScene.steady(MILLI));
        if (reason == null) {
            assertThat(reasons).isEmpty();
        } else {
            assertThat(reasons)
                    .singleElement()
                    .asString()
                    .startsWith("the machine was disturbed: ")
                    .contains(reason);
        }
    }

    private static long number(String text) {
        return Long.parseLong(text.replace("_", ""));
    }
}
