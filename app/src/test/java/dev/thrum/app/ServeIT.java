package dev.thrum.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code thrum serve} as a real process. */
@Timeout(180)
final class ServeIT {
    @ParameterizedTest
    @ValueSource(strings = {"virtual", "threads", "events"})
    void everyService_answers(String engine) throws IOException {
        try (Child server = Child.serve("--engine", engine)) {
            assertThat(server.out())
                    .last()
                    .asString()
                    .matches("Thrum \\S+ serves on engine " + engine + "; stop with Ctrl-C");
            try (Peer peer = new Peer(server.port("console"))) {
                assertThat(peer.line()).isEqualTo("Welcome! You are client number 1");
                peer.send("count\nquit\n");
                assertThat(peer.line()).isEqualTo("Current client count: 1");
                assertThat(peer.line()).isEqualTo("Goodbye!");
                assertThat(peer.line()).isNull();
            }
            try (Peer peer = new Peer(server.port("echo"))) {
                assertThat(peer.line()).isEqualTo("Welcome to the Thrum echo server!");
                peer.send("Hi\r\n");
                assertThat(peer.line()).isEqualTo("Echo: Hi");
            }
            try (Peer peer = new Peer(server.port("greeter"))) {
                peer.send("Zack");
                assertThat(peer.read()).isEqualTo('-');
            }
            try (Peer peer = new Peer(server.port("chat"))) {
                assertThat(peer.line()).isEqualTo("Welcome! You are guest-1.");
                peer.send("join lobby\n");
                assertThat(peer.line()).isEqualTo("You joined lobby (1 here).");
                try (Peer other = new Peer(server.port("chat"))) {
                    other.send("join lobby\nHi\nquit\n");
                    assertThat(peer.line()).isEqualTo("* guest-2 joined");
                    assertThat(peer.line()).isEqualTo("guest-2: Hi");
                    assertThat(peer.line()).isEqualTo("* guest-2 left");
                }
            }
            assertThat(ask(server.port("udp-echo"), "Hi")).isEqualTo("Hi");
            assertThat(ask(server.port("udp-time"), "?")).hasSize(25).endsWith("\n");
        }
    }

    private static String ask(int port, String question) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(60_000);
            byte[] bytes = question.getBytes(StandardCharsets.UTF_8);
            socket.send(new DatagramPacket(bytes, bytes.length, InetAddress.getLoopbackAddress(), port));
            DatagramPacket answer = new DatagramPacket(new byte[512], 512);
            socket.receive(answer);
            return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"virtual", "threads", "events"})
    void connectionsAndLines_whenVerbose_areLogged(String engine) throws IOException {
        try (Child server = Child.serve("--engine", engine, "--verbose", "--max-per-peer", "1");
                Peer peer = new Peer(server.port("console"))) {
            assertThat(peer.line()).startsWith("Welcome!");
            server.awaitErr("connection 1: 127.0.0.1:" + peer.localPort() + " connected to 127.0.0.1:"
                    + server.port("console"));
            try (Peer second = new Peer(server.port("echo"))) {
                assertThat(second.line()).isEqualTo("Too many connections from your address.");
                assertThat(server.awaitErr("refused")).endsWith(": more than 1 connections from its address");
            }
            peer.send("a\u001b[31m\n" + "x".repeat(300) + "\nquit\n");
            assertThat(server.awaitErr("received")).endsWith("connection 1: received \"a\\u001b[31m\"");
            assertThat(server.awaitErr("received")).endsWith("x".repeat(200) + "…\" (300 characters)");
            assertThat(server.awaitErr("received")).endsWith("received \"quit\"");
            assertThat(server.awaitErr("disconnected")).endsWith(": its handler ended");
        }
    }

    @Test
    void log_atLevelWarn_isEmptyInNormalOperation() throws IOException {
        try (Child server = Child.serve("--log-level", "warn")) {
            server.signal("TERM");
            assertThat(server.awaitExit()).isZero();
            assertThat(server.err()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT", "HUP"})
    void runningConversation_whenSignalled_isServedToItsEnd(String signal) throws IOException {
        Needs.signal(signal);
        try (Child server = Child.serve("--drain", "60s");
                Peer peer = new Peer(server.port("console"))) {
            assertThat(peer.line()).startsWith("Welcome!");
            server.signal(signal);
            assertThat(server.awaitErr("draining"))
                    .endsWith("draining: 1 conversations, at most 60s; signal again to end at once");
            peer.send("Still here?\nquit\n");
            assertThat(peer.line()).isEqualTo("Echo: Still here?");
            assertThat(peer.line()).isEqualTo("Goodbye!");
            assertThat(peer.line()).isNull();
            assertThat(server.awaitExit()).isZero();
            assertThat(server.err()).noneMatch(line -> line.contains("were aborted"));
        }
    }

    @Test
    void endlessConversation_whenSignalled_isAbortedAfterTheDrainTime() throws IOException {
        try (Child server = Child.serve("--drain", "300ms");
                Peer peer = new Peer(server.port("console"))) {
            assertThat(peer.line()).startsWith("Welcome!");
            server.signal("TERM");
            assertThat(server.awaitErr("were aborted")).contains("not finished after 300ms");
            assertThat(server.awaitExit()).isZero();
        }
    }

    /** The log goes to a pipe that is full and not read. */
    @Test
    void clientsAndSignals_whenTheLogIsStalled_areServedNevertheless() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(Child.command("serve", "--drain", "1s"));
        builder.environment().putAll(Child.freePorts());
        Process server = builder.start();
        try (BufferedReader out = server.inputReader(StandardCharsets.UTF_8)) {
            Optional<String> greeter =
                    out.lines().filter(line -> line.startsWith("greeter")).findFirst();
            int port = Integer.parseInt(greeter.orElseThrow().replaceFirst(".*?:(\\d+) .*", "$1"));
            try (Peer peer = new Peer(port)) {
                for (int i = 0; i < 100; i++) {
                    peer.send("x".repeat(5_000));
                    assertThat(peer.read()).isEqualTo('-');
                }
            }
            server.destroy();
            assertThat(server.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(server.exitValue()).isZero();
        } finally {
            server.destroyForcibly();
        }
    }

    @Test
    void secondSignal_whenDraining_endsAtOnce() throws IOException {
        try (Child server = Child.serve("--drain", "1h");
                Peer peer = new Peer(server.port("console"))) {
            assertThat(peer.line()).startsWith("Welcome!");
            server.signal("TERM");
            assertThat(server.awaitErr("draining")).contains("1 conversations");
            server.signal("TERM");
            assertThat(server.awaitExit()).isEqualTo(128 + 15);
        }
    }

    /** An operator who restarts a server checks which others use the database; those that have ended must not be listed. */
    @Test
    void programsThatHaveEnded_areNotListedAsOtherPrograms() throws Exception {
        Map<String, String> shared = Child.freePorts();
        try (Child watcher = Child.thrum(shared, "serve").awaitServing()) {
            try (Child drained = Child.thrum(shared, "serve").awaitServing()) {
                awaitPrograms(watcher, 2);
                drained.signal("TERM");
                assertThat(drained.awaitExit()).isZero();
                assertThat(programs(watcher)).as("after a drain").isEqualTo(1);
            }
            try (Child halted = Child.thrum(shared, "serve", "--drain", "1h").awaitServing();
                    Peer peer = new Peer(halted.port("console"))) {
                assertThat(peer.line()).startsWith("Welcome!");
                awaitPrograms(watcher, 2);
                halted.signal("TERM");
                assertThat(halted.awaitErr("draining")).contains("1 conversations");
                halted.signal("TERM");
                assertThat(halted.awaitExit()).isEqualTo(128 + 15);
                assertThat(programs(watcher)).as("after a second signal").isEqualTo(1);
            }
            String taken = Integer.toString(watcher.port("admin"));
            try (Child failed = Child.thrum(shared, "serve", "--admin", taken)) {
                assertThat(failed.awaitExit()).isEqualTo(1);
                assertThat(programs(watcher)).as("after a failed start").isEqualTo(1);
            }
        }
    }

    private static long programs(Child server) throws Exception {
        URI servers = URI.create("http://127.0.0.1:" + server.port("admin") + "/debug/servers");
        try (HttpClient client = HttpClient.newHttpClient()) {
            String body = client.send(HttpRequest.newBuilder(servers).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
            return Pattern.compile("\"name\":").matcher(body).results().count();
        }
    }

    /** Waits until this many programs are listed; a program registers itself soon after its start. */
    private static void awaitPrograms(Child server, long expected) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (programs(server) != expected) {
            assertThat(System.nanoTime() - end)
                    .as("nanoseconds after the deadline for %d programs", expected)
                    .isNegative();
            LockSupport.parkNanos(10_000_000);
        }
    }

    @Test
    void busyPort_isReportedInOneLine_withTheRemedy() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Child server =
                        Child.thrum(Child.freePorts(), "serve", "--console", Integer.toString(taken.getLocalPort()))) {
            assertThat(server.awaitExit()).isEqualTo(1);
            assertThat(server.out()).isEmpty();
            assertThat(server.err())
                    .containsExactly("thrum: cannot listen on 127.0.0.1:" + taken.getLocalPort()
                            + " (console): the port is in use; stop the other program or choose another with"
                            + " --console PORT");
        }
    }

    @Test
    void variables_setFlags_butTheCommandLineOverridesThem() throws IOException {
        Map<String, String> variables = new HashMap<>(Child.freePorts());
        variables.put("THRUM_ECHO", "off");
        variables.put("THRUM_ENGINE", "threads");
        try (Child server = Child.thrum(variables, "serve", "--engine=virtual").awaitServing()) {
            assertThat(server.out()).noneMatch(line -> line.startsWith("echo "));
            assertThat(server.out()).last().asString().contains("serves on engine virtual");
        }
    }

    @Test
    void database_withDbNone_isNotCreated_andTheRestIsServed(@TempDir Path folder) throws Exception {
        Path data = folder.resolve("data");
        try (Child server = Child.serve("--db", "none", "--data", data.toString());
                HttpClient client = HttpClient.newHttpClient()) {
            assertThat(status(client, server.port("web"), "/time")).isEqualTo(200);
            assertThat(status(client, server.port("web"), "/users")).isEqualTo(404);
            assertThat(status(client, server.port("admin"), "/health/ready")).isEqualTo(200);
            assertThat(data.resolve("thrum.db")).doesNotExist();
        }
    }

    private static int status(HttpClient client, int port, String path) throws IOException, InterruptedException {
        URI address = URI.create("http://127.0.0.1:" + port + path);
        HttpRequest request =
                HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(10)).build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    @Test
    void ipv6_whenBound_isServed() throws IOException {
        Needs.ipv6();
        try (Child server = Child.serve("--bind", "::1")) {
            assertThat(server.out()).first().asString().startsWith("console   [::1]:");
            try (Child talk = Child.thrum("talk", "[::1]:" + server.port("console"), "--send", "quit")) {
                assertThat(talk.awaitExit()).isZero();
                assertThat(talk.out()).last().isEqualTo("Client 0 received: Goodbye!");
            }
        }
    }

    @Test
    void tooFewDescriptors_areWarnedAboutAtStart() throws IOException {
        List<String> command = List.of(
                "bash",
                "-c",
                "ulimit -n 500; exec \"$0\" serve --max-connections 501",
                Child.command().getFirst());
        try (Child server = Child.start(Child.freePorts(), command)) {
            assertThat(server.awaitErr("open files"))
                    .contains("WARN")
                    .contains("allowed 501 open files")
                    .contains("the limit is 500: raise it (ulimit -n) or lower --max-connections");
        }
    }

    @Test
    void messageWithLineEnds_whenLogged_cannotForgeAnEntry() throws IOException {
        try (Child server = Child.serve();
                Peer peer = new Peer(server.port("greeter"))) {
            peer.send("zack\n2026-11-20 08:00:00.000 ERROR [main] forged\u001b[2J");
            assertThat(peer.read()).isEqualTo('-');
            assertThat(server.awaitErr("ZACK"))
                    .endsWith("Hello ZACK\\n2026-11-20 08:00:00.000 ERROR [MAIN] FORGED\\u001b[2J");
        }
    }
}
