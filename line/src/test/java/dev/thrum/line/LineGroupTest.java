package dev.thrum.line;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.ByteReader.Arrival;
import dev.thrum.engine.Connection;
import dev.thrum.engine.Outbox;
import dev.thrum.engine.Outbox.Outcome;
import dev.thrum.engine.Server;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.Scene;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Lines from one session to others, on every engine. */
@Timeout(120)
@ExtendWith(LeakCheck.class)
class LineGroupTest {
    static Stream<String> kinds() {
        return Stage.kinds();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void everyMemberGetsEachLine_withItsTerminator(String kind) throws Exception {
        Stage.play(kind, stage -> {
            LineFormat format = LineFormat.crlf();
            LineGroup group = new LineGroup(format);
            Server server = stage.listen(Lines.of(format, session -> {
                assertThat(group.join(session)).isTrue();
                assertThat(group.join(session)).isFalse();
                assertThat(group.contains(session)).isTrue();
                session.writeLine("in");
                for (Optional<String> line = session.readLine(); line.isPresent(); line = session.readLine()) {
                    assertThat(group.broadcastExcept(session, line.get())).isEqualTo(group.size() - 1);
                    assertThat(session.offer("said")).isEqualTo(Outcome.ACCEPTED);
                }
                assertThat(group.leave(session)).isTrue();
            }));
            List<Connection> clients = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Connection client = stage.connect(server);
                assertThat(Scene.line(client)).isEqualTo("in");
                clients.add(client);
            }
            assertThat(group)
                    .hasSize(3)
                    .extracting(s -> s.connection().number())
                    .isSorted();
            assertThat(group.broadcast("to all")).isEqualTo(3);
            Scene.say(clients.getFirst(), "hello\n");
            assertThat(Scene.line(clients.getFirst())).isEqualTo("to all");
            assertThat(Scene.line(clients.getFirst())).isEqualTo("said");
            for (Connection client : clients) {
                client.shutdownOutput();
            }
            assertThat(Scene.textToEnd(clients.getFirst())).isEmpty();
            assertThat(Scene.textToEnd(clients.get(1))).isEqualTo("to all\r\nhello\r\n");
            assertThat(Scene.textToEnd(clients.get(2))).isEqualTo("to all\r\nhello\r\n");
        });
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void sessionWaitsForItsClientAndForOthers(String kind) throws Exception {
        Stage.play(kind, stage -> {
            CompletableFuture<LineSession> served = new CompletableFuture<>();
            Server server = stage.listen(Lines.of(LineFormat.lf(), session -> {
                served.complete(session);
                for (Arrival what = session.await(Duration.ofMinutes(1));
                        what != Arrival.END;
                        what = session.await(Duration.ofMinutes(1))) {
                    session.writeLine(what == Arrival.INPUT ? session.readLine().orElseThrow() : what.name());
                }
                assertThat(session.hasEnded()).isTrue();
                session.writeLine("bye");
            }));
            Connection client = stage.connect(server);
            served.get().connection().wake();
            assertThat(Scene.line(client)).isEqualTo("WOKEN");
            Scene.say(client, "line\n");
            assertThat(Scene.line(client)).isEqualTo("line");
            client.shutdownOutput();
            assertThat(Scene.textToEnd(client)).isEqualTo("bye\n");
        });
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void slowConsumerIsToldSo(String kind) throws Exception {
        Stage.play(kind, stage -> {
            Server server = stage.listen(Lines.of(LineFormat.lf(), session -> {
                session.connection().outbox().bounds(Outbox.Bounds.defaults().withMessages(1));
                session.writeLine("a unit that is not complete yet");
                assertThat(session.send("one")).isEqualTo(Outcome.ACCEPTED);
                assertThat(session.send("two")).isEqualTo(Outcome.DISCONNECTED);
                assertThat(session.readLine()).isEmpty();
            }));
            assertThat(Scene.textToEnd(stage.connect(server)))
                    .isEqualTo("a unit that is not complete yet\none\nYou read too slowly, closing.\n");
        });
    }
}
