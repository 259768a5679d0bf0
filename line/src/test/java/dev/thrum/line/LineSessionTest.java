package dev.thrum.line;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.ConnectionHandler.Refusal;
import dev.thrum.engine.DeadlineException;
import dev.thrum.engine.Limits;
import dev.thrum.engine.LineTooLongException;
import dev.thrum.engine.Server;
import dev.thrum.simulation.Faults;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.Scene;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Conversations in blocking style, on every engine. */
@Timeout(120)
@ExtendWith(LeakCheck.class)
class LineSessionTest {
    /** Characters of two, three and four bytes; lines with either terminator; a last line without one. */
    private static final String REQUEST = "grüße\r\n\n€ 5\n\r\n𝄞\r\nlast";

    private static final String REPLIES = "<grüße>\n<>\n<€ 5>\n<>\n<𝄞>\n<last>\n";

    static Stream<String> kinds() {
        return Stage.kinds();
    }

    /** Answers each line with the same line in brackets. */
    private static void bracket(LineSession session) throws IOException {
        for (Optional<String> line = session.readLine(); line.isPresent(); line = session.readLine()) {
            session.writeLine("<" + line.get() + ">");
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void replies_areTheSame_whereverTheRequestIsCut(String kind) throws Exception {
        Stage.play(kind, stage -> {
            Server server = stage.listen(Lines.of(LineFormat.lf(), LineSessionTest::bracket));
            byte[] request = REQUEST.getBytes(StandardCharsets.UTF_8);
            for (int cut = 1; cut < request.length; cut++) {
                try (Connection client = stage.connect(server)) {
                    client.writer().write(request, 0, cut);
                    client.writer().flush();
                    stage.untilServedGot(cut);
                    client.writer().write(request, cut, request.length - cut);
                    client.shutdownOutput();
                    assertThat(Scene.textToEnd(client)).as("cut at %d", cut).isEqualTo(REPLIES);
                }
            }
        });
    }

    /** Counts the waits in which no line began, and tells the client each time. */
    private static void tickAndBracket(LineSession session) throws IOException {
        int ticks = 0;
        while (!session.hasEnded()) {
            Optional<String> line = session.readLine(Duration.ofMillis(20));
            if (line.isPresent()) {
                session.writeLine("<" + line.get() + ">");
            } else if (!session.hasEnded()) {
                session.writeLine("tick " + ++ticks);
            }
        }
        session.writeLine("end");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void sessionGoesOn_whenNoLineBeginsInTime(String kind) throws Exception {
        Stage.play(kind, stage -> {
            Server server = stage.listen(Lines.of(LineFormat.lf(), LineSessionTest::tickAndBracket));
            try (Connection client = stage.connect(server)) {
                assertThat(Scene.line(client)).isEqualTo("tick 1");
                assertThat(Scene.line(client)).isEqualTo("tick 2");
                client.writer().write("half a li");
                client.writer().flush();
                client.writer().write("ne\n");
                client.writer().flush();
                client.shutdownOutput();
                assertThat(Scene.textToEnd(client)).endsWith("<half a line>\nend\n");
            }
        });
    }

    @Test
    void bothStyles_giveTheSameReplies_onEveryHarmlessNetwork() {
        Stage.Play both = stage -> {
            Server straight = stage.listen(Lines.of(LineFormat.lf(), LineSessionTest::bracket));
            Server callbacks = stage.listen(
                    Lines.callbacks(LineFormat.lf(), () -> (session, line) -> session.writeLine("<" + line + ">")));
            assertThat(stage.exchange(straight, REQUEST)).isEqualTo(REPLIES);
            assertThat(stage.exchange(callbacks, REQUEST)).isEqualTo(REPLIES);
        };
        Stage.trial(both).withFaults(Faults.harmless()).check(100);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void replies_endWithTheTerminatorOfTheFormat(String kind) throws Exception {
        Stage.play(kind, stage -> {
            Server lf = stage.listen(Lines.of(LineFormat.lf(), LineSessionTest::bracket));
            Server crlf = stage.listen(Lines.of(LineFormat.crlf(), LineSessionTest::bracket));
            String request = "a\nb\r\n\rc\n\r\r\n";
            assertThat(stage.exchange(lf, request)).isEqualTo("<a>\n<b>\n<\rc>\n<\r>\n");
            assertThat(stage.exchange(crlf, request)).isEqualTo("<a>\r\n<b>\r\n<\rc>\r\n<\r>\r\n");
            assertThat(stage.exchange(crlf, "")).isEmpty();
        });
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void bytesThatAreNotUtf8_areReplaced_andAffectNoOtherLine(String kind) throws Exception {
        Stage.play(kind, stage -> {
            Server server = stage.listen(Lines.of(LineFormat.lf(), LineSessionTest::bracket));
            byte[] request = {'a', (byte) 0xff, '\n', (byte) 0xe2, (byte) 0x82, '\n', 'b', '\n', (byte) 0xc3};
            assertThat(stage.exchange(server, request)).isEqualTo("<a\ufffd>\n<\ufffd>\n<b>\n<\ufffd>\n");
        });
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void output_isSent_whenTheSessionWaits(String kind) throws Exception {
        Stage.play(kind, stage -> {
            Server server = stage.listen(Lines.of(LineFormat.lf(), session -> {
                session.writeLine("name?");
                session.writeLine("hello, " + session.readLine().orElse("nobody"));
                session.writeLine("more?");
                assertThat(session.readLine()).isEmpty();
                assertThat(session.readLine()).as("after the end").isEmpty();
                session.writeLine("bye");
            }));
            try (Connection client = stage.connect(server)) {
                assertThat(client.reader().readLine(100)).hasValue("name?");
                Scene.say(client, "Ann\n");
                assertThat(client.reader().readLine(100)).hasValue("hello, Ann");
                assertThat(client.reader().readLine(100)).hasValue("more?");
                client.shutdownOutput();
                assertThat(Scene.textToEnd(client)).isEqualTo("bye\n");
            }
        });
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void bytesBetweenLines_areReadFromTheConnection(String kind) throws Exception {
        Stage.play(kind, stage -> {
            Server server = stage.listen(Lines.of(LineFormat.lf(), session -> {
                int length = Integer.parseInt(session.readLine().orElseThrow());
                byte[] block = session.connection().reader().readExactly(length);
                session.writeLine("[" + new String(block, StandardCharsets.UTF_8) + "]");
                session.writeLine(session.readLine().orElse("none"));
            }));
            assertThat(stage.exchange(server, "4\na\n\r\nnext\n")).isEqualTo("[a\n\r\n]\nnext\n");
        });
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void limit_countsBytes_withoutTheTerminator(String kind) throws Exception {
        Stage.play(kind, stage -> {
            Server server = stage.listen(Lines.of(LineFormat.crlf().withMaxBytes(5), LineSessionTest::bracket));
            String refusal = "Line too long: at most 5 bytes.\r\n";
            assertThat(stage.exchange(server, "12345\n123ü\r\n12345")).isEqualTo("<12345>\r\n<123ü>\r\n<12345>\r\n");
            assertThat(stage.exchange(server, "ok\n123456\nnever\n")).isEqualTo("<ok>\r\n" + refusal);
            assertThat(stage.exchange(server, "1234ü\n")).isEqualTo(refusal);
            assertThat(stage.exchange(server, "123456")).isEqualTo(refusal);
            try (Connection client = stage.connect(server)) {
                // Neither the line nor the stream ends; only the limit ends the connection.
                Scene.say(client, "x".repeat(7));
                assertThat(Scene.textToEnd(client)).isEqualTo(refusal);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void idleClient_andUnfinishedLine_areClosedWithAReason(String kind) throws Exception {
        Stage.play(kind, stage -> {
            Limits.Deadlines defaults = Limits.Deadlines.defaults();
            Duration soon = Duration.ofMillis(50);
            Server idle = stage.listen(
                    Lines.of(LineFormat.crlf(), LineSessionTest::bracket),
                    Limits.defaults().withDeadlines(defaults.withIdle(soon)));
            Server slow = stage.listen(
                    Lines.of(LineFormat.crlf(), LineSessionTest::bracket),
                    Limits.defaults().withDeadlines(defaults.withRead(soon)));
            try (Connection client = stage.connect(idle)) {
                assertThat(Scene.textToEnd(client)).isEqualTo("Idle for too long, closing.\r\n");
            }
            try (Connection client = stage.connect(slow)) {
                Scene.say(client, "a\nb");
                assertThat(Scene.textToEnd(client)).isEqualTo("<a>\r\nLine not completed in time, closing.\r\n");
            }
        });
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void faultThatTheConversationHandles_isNotReportedAgain(String kind) throws Exception {
        Stage.play(kind, stage -> {
            Server server = stage.listen(Lines.of(LineFormat.lf().withMaxBytes(3), session -> {
                try {
                    session.writeLine(session.readLine().orElseThrow());
                } catch (LineTooLongException e) {
                    session.writeLine("sorry");
                }
            }));
            assertThat(stage.exchange(server, "long\n")).isEqualTo("sorry\n");
        });
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void faultOfAnotherConnection_isNotReportedToThisClient(String kind) throws Exception {
        Stage.play(kind, stage -> {
            Server server = stage.listen(Lines.of(LineFormat.lf(), session -> {
                session.writeLine("using another connection");
                throw session.readLine().orElse("").equals("slow")
                        ? new DeadlineException(DeadlineException.Kind.READ, Duration.ofSeconds(1))
                        : new LineTooLongException(7);
            }));
            assertThat(stage.exchange(server, "slow\n")).isEqualTo("using another connection\n");
            assertThat(stage.exchange(server, "long\n")).isEqualTo("using another connection\n");
        });
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void conversationThatThrows_endsItsConnectionOnly(String kind) throws Exception {
        Stage.play(kind, stage -> {
            Server server = stage.listen(Lines.of(LineFormat.lf(), session -> {
                session.writeLine("before");
                if (session.readLine().orElse("").equals("fail")) {
                    throw new IllegalStateException("broken on purpose; this stack is expected");
                }
                session.writeLine("after");
            }));
            assertThat(stage.exchange(server, "fail\n")).isEqualTo("before\n");
            assertThat(stage.exchange(server, "go on\n")).isEqualTo("before\nafter\n");
        });
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void conversation_servesAllClients_eachWithItsOwnSession(String kind) throws Exception {
        List<LineSession> sessions = new CopyOnWriteArrayList<>();
        Stage.play(kind, stage -> {
            Server server = stage.listen(Lines.of(LineFormat.lf(), session -> {
                sessions.add(session);
                bracket(session);
            }));
            try (Connection one = stage.connect(server);
                    Connection other = stage.connect(server)) {
                Scene.say(one, "1\n");
                Scene.say(other, "2\n");
                assertThat(other.reader().readLine(100)).hasValue("<2>");
                assertThat(one.reader().readLine(100)).hasValue("<1>");
            }
        });
        assertThat(sessions).hasSize(2).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void client_beyondTheLimit_isRefusedWithAReason(String kind) throws Exception {
        Stage.play(kind, stage -> {
            Server server = stage.listen(
                    Lines.of(LineFormat.crlf(), LineSessionTest::bracket),
                    Limits.defaults().withMaxConnections(1));
            try (Connection first = stage.connect(server)) {
                Scene.say(first, "a\n");
                assertThat(first.reader().readLine(100)).hasValue("<a>");
                try (Connection second = stage.connect(server)) {
                    assertThat(Scene.textToEnd(second)).isEqualTo("Server busy, try again later.\r\n");
                }
            }
        });
    }

    @Test
    void refusals_areLines() {
        ConnectionHandler handler = Lines.of(LineFormat.crlf(), session -> {});
        InetSocketAddress peer = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        assertThat(handler.refusal(Refusal.NO_WORKER, peer)).asString().isEqualTo("Server busy, try again later.\r\n");
        assertThat(handler.refusal(Refusal.SERVER_FULL, peer))
                .asString()
                .isEqualTo("Server busy, try again later.\r\n");
        assertThat(handler.refusal(Refusal.PEER_LIMIT, peer))
                .asString()
                .isEqualTo("Too many connections from your address.\r\n");
        assertThat(handler.refusal(Refusal.DRAINING, peer)).asString().isEqualTo("Server is shutting down.\r\n");
    }
}
