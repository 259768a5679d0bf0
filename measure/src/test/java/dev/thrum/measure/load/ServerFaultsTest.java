package dev.thrum.measure.load;

import static dev.thrum.measure.load.LoadScene.MILLI;
import static dev.thrum.measure.load.LoadScene.SECOND;
import static dev.thrum.measure.load.ScriptedWires.Act.end;
import static dev.thrum.measure.load.ScriptedWires.Act.reset;
import static dev.thrum.measure.load.ScriptedWires.Act.send;
import static dev.thrum.measure.load.ScriptedWires.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.thrum.measure.load.ScriptedWires.Act;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a load makes of servers that do something wrong, and of a clock that does. */
final class ServerFaultsTest {
    private static final LoadPlan PLAN = LoadScene.open(100, 10, 10);

    private final LoadScene scene = new LoadScene();

    private static ScriptedWires.Script always(Act... acts) {
        return (connection, nth, now) -> List.of(acts);
    }

    @Test
    void server_thatNeverAnswers_hasTimeouts_whichAreInThePercentiles() throws IOException {
        LoadPlan plan =
                new LoadPlan(100, 10, Duration.ZERO, Duration.ZERO, Duration.ofSeconds(10), Duration.ofSeconds(1));
        LoadResult result = scene.run(plan, always());

        assertThat(result.counts().timeouts()).isPositive();
        assertThat(result.counts().timeouts() + result.counts().unsent()).isEqualTo(1_000);
        assertThat(result.counts().answered()).isZero();
        assertThat(result.times().latency().getTotalCount()).isEqualTo(1_000);
        assertThat(result.times().latency().getMinValue()).isGreaterThanOrEqualTo(999 * MILLI);
        assertThat(result.times().service().getMinValue()).isCloseTo(SECOND, within(MILLI));
        assertThat(Verdict.reasons(result)).anyMatch(reason -> reason.text().contains("requests failed"));
    }

    /** One request of a thousand: the median must not change, the maximum must be at least the timeout. */
    @Test
    void request_withoutResponse_isTheLongestOne() throws IOException {
        long[] number = {0};
        LoadResult result = scene.run(
                PLAN, (connection, nth, now) -> ++number[0] == 600 ? List.of() : List.of(send(MILLI, ok("hi"))));

        assertThat(result.counts().timeouts()).isEqualTo(1);
        assertThat(result.counts().answered()).isEqualTo(999);
        assertThat(result.times().latency().getValueAtPercentile(50)).isCloseTo(MILLI, within(MILLI / 100));
        assertThat(result.times().latency().getMaxValue()).isGreaterThanOrEqualTo(5 * SECOND - MILLI);
    }

    @Test
    void server_thatClosesEachConnection_asItHasAnnounced_isNoError() throws IOException {
        String last = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi";
        LoadResult result = scene.run(PLAN, always(send(MILLI, last), end(MILLI)));

        assertThat(result.counts().answered()).isEqualTo(1_000);
        assertThat(result.counts().errors()).isEmpty();
        assertThat(result.connects().opened()).isGreaterThan(1_000);
        assertThat(Verdict.reasons(result)).isEmpty();
    }

    /** The end of such a response is the end of the connection (RFC 9112, 6.3). */
    @Test
    void response_withoutLength_endsWithItsConnection() throws IOException {
        LoadResult result = scene.run(
                PLAN, always(send(MILLI, "HTTP/1.0 200 OK\r\n\r\n"), send(2 * MILLI, "text"), end(3 * MILLI)));

        assertThat(result.counts().answered()).isEqualTo(1_000);
        assertThat(result.times().latency().getValueAtPercentile(50)).isCloseTo(3 * MILLI, within(MILLI / 100));
    }

    @Test
    void server_thatClosesIdleConnections_isNoError_ifNoRequestWasLost() throws IOException {
        LoadResult result = scene.run(PLAN, always(send(MILLI, ok("hi")), end(2 * MILLI)));

        assertThat(result.counts().answered()).isEqualTo(1_000);
        assertThat(Verdict.reasons(result)).isEmpty();
    }

    @Test
    void server_thatClosesInsteadOfAnswering_isAnErrorOfThatKind() throws IOException {
        LoadResult result = scene.run(PLAN, always(send(MILLI, "HTTP/1.1 200 OK\r\nContent-"), end(2 * MILLI)));

        assertThat(result.counts().errors()).isEqualTo(Map.of("closed before the response", 1_000L));
        assertThat(result.times().latency().getTotalCount()).isZero();
    }

    @Test
    void server_thatResets_isAnErrorOfThatKind() throws IOException {
        LoadResult result = scene.run(PLAN, always(reset(MILLI)));

        assertThat(result.counts().errors()).isEqualTo(Map.of("reset", 1_000L));
    }

    @Test
    void status_of400AndMore_isAnErrorOfThatKind() throws IOException {
        LoadResult result = scene.run(PLAN, always(send(MILLI, "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")));

        assertThat(result.counts().errors()).isEqualTo(Map.of("status 503", 1_000L));
        assertThat(result.counts().answered()).isZero();
    }

    @Test
    void bytes_thatAreNoResponse_areAnErrorOfThatKind() throws IOException {
        LoadResult result = scene.run(PLAN, always(send(MILLI, "SSH-2.0-OpenSSH\r\n\r\n")));

        assertThat(result.counts().errors()).isEqualTo(Map.of("malformed response", 1_000L));
    }

    @Test
    void server_thatAnswersTwice_inOnePiece_isNoticed() throws IOException {
        LoadResult result = scene.run(PLAN, always(send(MILLI, ok("hi") + ok("hi"))));

        assertThat(result.counts().errors()).containsEntry("bytes after the response", 1_000L);
        assertThat(Verdict.reasons(result)).anyMatch(reason -> reason.text().contains("requests failed"));
    }

    /** The second response arrives on a connection that is free, so it must not be taken for that of the next request. */
    @Test
    void server_thatAnswersTwice_oneAfterTheOther_isNoticed() throws IOException {
        LoadResult result = scene.run(PLAN, always(send(MILLI, ok("hi")), send(3 * MILLI, ok("hi"))));

        assertThat(result.counts().errors().get("bytes after the response")).isCloseTo(1_000L, within(2L));
        assertThat(result.times().latency().getMinValue()).isGreaterThan(MILLI - MILLI / 100);
    }

    /** In a closed loop it is taken for the next response once; then two arrive at a time. */
    @Test
    void server_thatAnswersTwice_isNoticedInAClosedLoop() throws IOException {
        LoadResult result =
                scene.run(LoadScene.open(0, 10, 2), always(send(MILLI, ok("hi")), send(2 * MILLI, ok("hi"))));

        assertThat(result.counts().errors().get("bytes after the response")).isGreaterThan(100);
    }

    @Test
    void server_thatRefuses_isReported_beforeTheLoadBegins() {
        assertThatThrownBy(() -> scene.run(PLAN, new ScriptedWires.Script() {
                    @Override
                    public List<Act> react(int connection, int nth, long now) {
                        return List.of();
                    }

                    @Override
                    public int accept(int opening) {
                        return ScriptedWires.REFUSED;
                    }
                }))
                .isInstanceOf(ConnectException.class)
                .hasMessage("refused");
    }

    /** Every second one is refused: half of the connections are missing at first, and are tried again. */
    @Test
    void connects_thatFail_areCounted_byTheReason() throws IOException {
        LoadResult result = scene.run(PLAN, new ScriptedWires.Script() {
            @Override
            public List<Act> react(int connection, int nth, long now) {
                return List.of(send(MILLI, ok("hi")));
            }

            @Override
            public int accept(int opening) {
                return opening % 2 == 0 ? ScriptedWires.REFUSED : 0;
            }
        });

        assertThat(result.connects().failed().get("refused")).isGreaterThanOrEqualTo(5);
        assertThat(result.counts().answered()).isEqualTo(1_000);
    }

    /** The date and the time of day jump at each reading, see {@link VirtualClock}; the figures must not. */
    @Test
    void clock_whoseTimeOfDaySteps_changesNothing() throws IOException {
        LoadResult result = scene.run(PLAN, LoadScene.steady(MILLI));

        assertThat(result.times().latency().getMaxValue()).isCloseTo(MILLI, within(MILLI / 100));
        assertThat(Verdict.reasons(result)).isEmpty();
    }

    /** As when the machine was suspended: what became due meanwhile was late, and that is the generator's fault. */
    @Test
    void clock_thatJumpsAhead_isADelayOfTheGenerator_andPartOfTheLatency() throws IOException {
        boolean[] hasJumped = {false};
        long begun = scene.clock.nanoTime();
        LoadResult result = scene.run(PLAN, (connection, nth, now) -> {
            if (!hasJumped[0] && now - begun > 5 * SECOND) {
                hasJumped[0] = true;
                scene.clock.advance(SECOND);
            }
            return List.of(send(MILLI, ok("hi")));
        });

        assertThat(result.times().latency().getMaxValue()).isGreaterThan(950 * MILLI);
        assertThat(result.counts().answered()).isEqualTo(1_000);
        assertThat(Verdict.reasons(result)).anyMatch(reason -> reason.text().contains("the generator was late"));
    }

    @Test
    void lines_areSentInTurn_afterTheGreeting() throws IOException {
        LoadScene lines = new LoadScene(LineLoad.of(List.of("time", "count"), 1));
        LoadResult result = lines.run(PLAN, new ScriptedWires.Script() {
            @Override
            public List<Act> react(int connection, int nth, long now) {
                return List.of(send(MILLI, "half of a li"), send(2 * MILLI, "ne\n"));
            }

            @Override
            public List<Act> greet() {
                return List.of(send(MILLI, "Welcome!\n"));
            }
        });

        assertThat(result.counts().answered()).isEqualTo(1_000);
        assertThat(result.times().latency().getValueAtPercentile(50)).isCloseTo(2 * MILLI, within(MILLI / 50));
        assertThat(Verdict.reasons(result)).isEmpty();
    }

    @Test
    void load_thatIsStopped_reportsWhatWasDueUntilThen() throws IOException {
        long begun = scene.clock.nanoTime();
        scene.isStopping = () -> scene.clock.nanoTime() - begun > 4 * SECOND;
        LoadResult result = scene.run(PLAN, LoadScene.steady(MILLI));

        assertThat(result.isStopped()).isTrue();
        assertThat(result.seconds()).isCloseTo(3, within(0.2));
        assertThat((double) result.counts().answered()).isCloseTo(result.seconds() * 100, within(2.0));
        assertThat(Verdict.reasons(result)).isEmpty();
    }

    @Test
    void load_thatIsStoppedInItsWarmUp_hasMeasuredNothing() throws IOException {
        long begun = scene.clock.nanoTime();
        scene.isStopping = () -> scene.clock.nanoTime() - begun > SECOND / 2;
        LoadResult result = scene.run(PLAN, LoadScene.steady(MILLI));

        assertThat(result.counts().due()).isZero();
        assertThat(Verdict.reasons(result))
                .extracting(Verdict.Reason::text)
                .containsExactly("it was stopped before anything was measured");
    }

    @Test
    void progress_namesThePhases() throws IOException {
        LoadPlan plan = new LoadPlan(
                1_000, 4, Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(1));
        LoadResult result = scene.run(plan, LoadScene.steady(MILLI));

        assertThat(scene.progress.stream().map(LoadProgress::phase).distinct())
                .containsSubsequence(LoadProgress.Phase.RAMP, LoadProgress.Phase.WARMUP, LoadProgress.Phase.MEASURING);
        assertThat(result.counts().answered()).isEqualTo(2_000);
    }
}
