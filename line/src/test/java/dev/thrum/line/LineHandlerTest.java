package dev.thrum.line;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.Connection;
import dev.thrum.engine.DeadlineException;
import dev.thrum.engine.Limits;
import dev.thrum.engine.LineTooLongException;
import dev.thrum.engine.Server;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.Scene;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Conversations in callback style, on every engine. */
@Timeout(120)
@ExtendWith(LeakCheck.class)
class LineHandlerTest {
    /** One entry for each callback, in order, of all clients. */
    private final List<String> events = new CopyOnWriteArrayList<>();

    private final List<Throwable> reasons = new CopyOnWriteArrayList<>();

    static Stream<String> kinds() {
        return Stage.kinds();
    }

    /** Records every callback, and does what its client's line names. */
    private final class Recorder implements LineHandler {
        private int count;

        @Override
        public void connected(LineSession session) throws IOException {
            events.add("connected");
            session.writeLine("welcome");
        }

        @Override
        public void received(LineSession session, String line) throws IOException {
            events.add("received " + line);
            count++;
            session.writeLine(count + " " + line);
            switch (line) {
                case "close" -> session.close();
                case "fail", "fail twice" -> throw new IllegalStateException(line);
                case "error" -> throw new AssertionError(line);
                default -> {}
            }
        }

        @Override
        public void lost(LineSession session, Optional<Throwable> reason) {
            events.add("lost");
            reason.ifPresent(reasons::add);
            if (reason.filter(why -> "fail twice".equals(why.getMessage())).isPresent()) {
                throw new IllegalArgumentException("in lost");
            }
        }
    }

    private Server listen(Stage stage, LineFormat format, Limits limits) throws IOException {
        return stage.listen(Lines.callbacks(format, Recorder::new), limits);
    }

    private Server listen(Stage stage) throws IOException {
        return listen(stage, LineFormat.lf(), Limits.defaults());
    }

    private void untilLost(Stage stage, int clients) {
        stage.until(
                clients + " clients to be lost",
                () -> events.stream().filter("lost"::equals).count() == clients);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void callbacks_areCalledInOrder_andLostOnceAtTheEnd(String kind) throws Exception {
        Stage.play(kind, stage -> {
            assertThat(stage.exchange(listen(stage), "a\r\n\nlast")).isEqualTo("welcome\n1 a\n2 \n3 last\n");
            untilLost(stage, 1);
        });
        assertThat(events).containsExactly("connected", "received a", "received ", "received last", "lost");
        assertThat(reasons).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void eachClient_hasAHandlerOfItsOwn(String kind) throws Exception {
        Stage.play(kind, stage -> {
            Server server = listen(stage);
            try (Connection one = stage.connect(server);
                    Connection other = stage.connect(server)) {
                for (int i = 1; i <= 3; i++) {
                    Scene.say(one, "x\n");
                    Scene.say(other, "y\n");
                    if (i == 1) {
                        assertThat(one.reader().readLine(100)).hasValue("welcome");
                        assertThat(other.reader().readLine(100)).hasValue("welcome");
                    }
                    assertThat(one.reader().readLine(100)).hasValue(i + " x");
                    assertThat(other.reader().readLine(100)).hasValue(i + " y");
                }
            }
            untilLost(stage, 2);
        });
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void close_sendsPendingOutput_andIgnoresLaterLines(String kind) throws Exception {
        Stage.play(kind, stage -> {
            Server server = listen(stage);
            try (Connection client = stage.connect(server)) {
                // The client keeps its side open, so only the server's close ends the connection.
                Scene.say(client, "a\nclose\nnever\n");
                assertThat(Scene.textToEnd(client)).isEqualTo("welcome\n1 a\n2 close\n");
            }
            untilLost(stage, 1);
        });
        assertThat(events).containsExactly("connected", "received a", "received close", "lost");
        assertThat(reasons).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void close_inTheFirstCallback_endsTheConnection(String kind) throws Exception {
        Stage.play(kind, stage -> {
            Server server = stage.listen(Lines.callbacks(LineFormat.lf(), () -> new LineHandler() {
                @Override
                public void connected(LineSession session) throws IOException {
                    session.writeLine("not today");
                    session.close();
                }

                @Override
                public void received(LineSession session, String line) {
                    events.add("received " + line);
                }
            }));
            assertThat(stage.exchange(server, "a\n")).isEqualTo("not today\n");
        });
        assertThat(events).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void exceptionInACallback_isTheReason_andEndsTheConnection(String kind) throws Exception {
        Stage.play(kind, stage -> {
            Server server = listen(stage);
            assertThat(stage.exchange(server, "fail\nnever\n")).isEqualTo("welcome\n1 fail\n");
            untilLost(stage, 1);
            assertThat(stage.exchange(server, "error\nnever\n")).isEqualTo("welcome\n1 error\n");
            untilLost(stage, 2);
        });
        assertThat(events).doesNotContain("received never");
        assertThat(reasons).hasSize(2);
        assertThat(reasons.get(0)).isInstanceOf(IllegalStateException.class).hasMessage("fail");
        assertThat(reasons.get(1)).isInstanceOf(AssertionError.class).hasMessage("error");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void exceptionInTheFirstCallback_isTheReason(String kind) throws Exception {
        Stage.play(kind, stage -> {
            Server server = stage.listen(Lines.callbacks(LineFormat.lf(), () -> new LineHandler() {
                @Override
                public void connected(LineSession session) {
                    throw new IllegalStateException("connected");
                }

                @Override
                public void received(LineSession session, String line) {
                    events.add("received " + line);
                }

                @Override
                public void lost(LineSession session, Optional<Throwable> reason) {
                    reason.ifPresent(reasons::add);
                    events.add("lost");
                }
            }));
            assertThat(stage.exchange(server, "a\n")).isEmpty();
            untilLost(stage, 1);
        });
        assertThat(events).containsExactly("lost");
        assertThat(reasons).singleElement().isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void exceptionInTheLastCallback_isSuppressed_notLost(String kind) throws Exception {
        Stage.play(kind, stage -> {
            assertThat(stage.exchange(listen(stage), "fail twice\n")).isEqualTo("welcome\n1 fail twice\n");
            stage.until(
                    "the failure in lost",
                    () -> !reasons.isEmpty() && reasons.getFirst().getSuppressed().length == 1);
        });
        assertThat(reasons.getFirst().getSuppressed()[0])
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("in lost");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void clientThatBreaksALimit_getsAReason_afterLost(String kind) throws Exception {
        Stage.play(kind, stage -> {
            Limits quick =
                    Limits.defaults().withDeadlines(Limits.Deadlines.defaults().withIdle(Duration.ofMillis(50)));
            Server server = listen(stage, LineFormat.lf().withMaxBytes(4), quick);
            assertThat(stage.exchange(server, "12345\n")).isEqualTo("welcome\nLine too long: at most 4 bytes.\n");
            untilLost(stage, 1);
            try (Connection silent = stage.connect(server)) {
                assertThat(Scene.textToEnd(silent)).isEqualTo("welcome\nIdle for too long, closing.\n");
            }
            untilLost(stage, 2);
        });
        assertThat(reasons).hasSize(2);
        assertThat(reasons.get(0)).isInstanceOf(LineTooLongException.class);
        assertThat(reasons.get(1)).isInstanceOf(DeadlineException.class);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void clientThatResetsTheConnection_isLost(String kind) throws Exception {
        Stage.play(kind, stage -> {
            Server server = listen(stage);
            Connection client = stage.connect(server);
            Scene.say(client, "a\n");
            assertThat(client.reader().readLine(100)).hasValue("welcome");
            assertThat(client.reader().readLine(100)).hasValue("1 a");
            client.reset();
            untilLost(stage, 1);
        });
        assertThat(events).containsExactly("connected", "received a", "lost");
        assertThat(reasons).singleElement().isInstanceOf(IOException.class);
    }
}
