package dev.thrum.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code thrum talk} as a real process, with a real server. */
@Timeout(180)
final class TalkIT {
    @Test
    void threeScriptedClients_eachPrintWhatTheyReceive() throws IOException {
        try (Child server = Child.serve();
                Child talk = Child.thrum(
                        "talk", address(server, "console"), "--send", "Hello,time,count,quit", "--clients", "3")) {
            assertThat(talk.awaitExit()).isZero();
            assertThat(talk.err()).isEmpty();
            for (String client : List.of("Client 0 received: ", "Client 1 received: ", "Client 2 received: ")) {
                List<String> received = talk.out().stream()
                        .filter(line -> line.startsWith(client))
                        .map(line -> line.substring(client.length()))
                        .toList();
                assertThat(received).hasSize(5);
                assertThat(received.get(0)).matches("Welcome! You are client number [123]");
                assertThat(received.get(1)).isEqualTo("Echo: Hello");
                assertThat(received.get(2)).startsWith("Current time: ").hasSize(14 + 24);
                assertThat(received.get(3)).matches("Current client count: [123]");
                assertThat(received.get(4)).isEqualTo("Goodbye!");
            }
        }
    }

    @Test
    void greeter_repliesToEachMessageWithADash_whenSentWithoutNewlines() throws IOException {
        try (Child server = Child.serve();
                Child talk = Child.thrum(
                        "talk", address(server, "greeter"), "--no-newline", "--send", "Zack", "--goodbye=--quit--")) {
            assertThat(talk.awaitExit()).isZero();
            assertThat(talk.out()).containsExactly("Client 0 received: -");
            assertThat(server.awaitErr("ZACK")).endsWith("Hello ZACK");
            assertThat(server.awaitErr("QUIT")).endsWith("Hello --QUIT--");
        }
    }

    @Test
    void pipedInput_whenItEnds_halfCloses_andTheRestIsShown() throws IOException {
        try (Child server = Child.serve();
                Child talk = Child.thrum("talk", address(server, "console"))) {
            talk.type("Hello\nGr\u00fc\u00dfe");
            assertThat(talk.awaitExit()).isZero();
            assertThat(talk.out())
                    .containsExactly("Welcome! You are client number 1", "Echo: Hello", "Echo: Gr\u00fc\u00dfe");
            assertThat(talk.err()).isEmpty();
        }
    }

    @Test
    void failedConnect_isReportedInOneLine() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        String line = "thrum: cannot connect to 127.0.0.1:" + port
                + ": no program listens there; start the server or check the port";
        for (String[] mode : new String[][] {{}, {"--send", "Hello", "--clients", "3"}}) {
            String[] arguments = new String[mode.length + 2];
            arguments[0] = "talk";
            arguments[1] = "127.0.0.1:" + port;
            System.arraycopy(mode, 0, arguments, 2, mode.length);
            try (Child talk = Child.thrum(arguments)) {
                assertThat(talk.awaitExit()).isEqualTo(1);
                assertThat(talk.err()).containsExactly(line);
            }
        }
    }

    @Test
    void silentServer_isGivenUpAtTheDeadline() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                Child scripted = Child.thrum(
                        "talk", "127.0.0.1:" + silent.getLocalPort(), "--send", "Hello", "--deadline", "500ms");
                Child typing = Child.thrum("talk", "127.0.0.1:" + silent.getLocalPort(), "--deadline", "500ms")) {
            assertThat(scripted.awaitExit()).isEqualTo(1);
            assertThat(scripted.err())
                    .singleElement()
                    .asString()
                    .startsWith("thrum: Client 0: ")
                    .contains("--deadline");
            typing.type("quit\n");
            assertThat(typing.awaitExit()).isEqualTo(1);
            assertThat(typing.err())
                    .containsExactly("thrum: expected the server to close the connection but it was silent for 500 ms;"
                            + " wait longer with --deadline TIME");
        }
    }

    private static String address(Child server, String service) {
        return "127.0.0.1:" + server.port(service);
    }

    /** Otherwise the first file that the JVM opens would become the standard input and be sent to the server. */
    @Test
    void closedInput_countsAsEmpty() throws IOException {
        try (Child server = Child.serve();
                Child talk = Child.start(
                        Map.of(),
                        List.of(
                                "bash",
                                "-c",
                                "exec \"$0\" talk localhost:" + server.port("console") + " <&-",
                                Child.command().getFirst()))) {
            assertThat(talk.awaitExit()).isZero();
            assertThat(talk.out()).containsExactly("Welcome! You are client number 1");
        }
    }

    @Test
    void unknownTerminalType_isUsedWithoutAStackTrace() throws IOException {
        Needs.command("script");
        try (Child server = Child.serve()) {
            String talk = "'" + Child.command().getFirst() + "' talk " + address(server, "console") + " 2>&1";
            List<String> command = List.of("script", "-qec", "TERM=nonsense " + talk, "/dev/null");
            try (Child terminal = Child.start(Map.of(), command)) {
                terminal.type("quit\n");
                assertThat(terminal.awaitExit()).isZero();
                assertThat(terminal.out())
                        .anyMatch(line -> line.contains("Goodbye!"))
                        .noneMatch(line -> line.contains("Exception") || line.contains("WARN"));
            }
        }
    }

    @Test
    void closeByTheServer_whileALineIsTyped_isReportedOnItsOwnLine() throws IOException {
        Needs.command("script");
        try (Child server = Child.serve("--idle", "2s")) {
            String talk = "stty cols 80 rows 24; TERM=xterm-256color '"
                    + Child.command().getFirst() + "' talk " + address(server, "console") + "; echo status $?; stty -a";
            try (Child terminal = Child.start(Map.of(), List.of("script", "-qec", talk, "/dev/null"))) {
                String _ = terminal.awaitOut("Welcome!");
                terminal.type("half typed");
                assertThat(terminal.awaitExit()).isZero();
                String screen = String.join("\n", terminal.out());
                assertThat(screen).contains("> half typed").contains("Idle for too long, closing.");
                assertThat(screen)
                        .matches("(?s).*(\n|\033\\[\\?2004l)The server closed the connection\\.\nstatus 0\n.*");
                // Bracketed paste is off again, and no query was sent to which the terminal could reply later.
                assertThat(screen.lastIndexOf("\033[?2004l")).isGreaterThan(screen.lastIndexOf("\033[?2004h"));
                assertThat(screen).contains(" icanon", " echo ").doesNotContain("\033[c", "\033[6n", "$p");
            }
        }
    }

    @Test
    void closeByTheServer_whileThePipedInputIsOpen_isReported() throws IOException {
        try (Child server = Child.serve("--idle", "500ms");
                Child talk = Child.thrum("talk", address(server, "console"))) {
            assertThat(talk.awaitExit()).isZero();
            assertThat(talk.out()).containsExactly("Welcome! You are client number 1", "Idle for too long, closing.");
            assertThat(talk.err()).containsExactly("The server closed the connection.");
        }
    }
}
