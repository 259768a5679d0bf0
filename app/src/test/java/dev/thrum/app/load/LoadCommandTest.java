package dev.thrum.app.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.app.Ran;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.line.LineFormat;
import dev.thrum.line.Lines;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code thrum load}: what it prints, and its status. A busy machine may make every figure invalid, and nothing here depends on it. */
@EnabledOnOs(OS.LINUX)
@Timeout(60)
final class LoadCommandTest {
    private static final Engine ENGINE = Engine.virtual();
    private static Server server;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws IOException {
        server = ENGINE.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Lines.of(LineFormat.lf(), session -> {
                    for (var line = session.readLine(); line.isPresent(); line = session.readLine()) {
                        session.writeLine(line.get());
                    }
                }),
                Limits.defaults());
    }

    @AfterAll
    static void stop() {
        ENGINE.close();
    }

    private static Ran load(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "load", "tcp://localhost:" + port(), "--send", "a,b", "--greeting", "10ms", "--duration", "500ms"));
        arguments.addAll(List.of(more));
        return Ran.of(arguments.toArray(String[]::new));
    }

    private static int port() {
        return server.address().getPort();
    }

    @Test
    void openLoop_hasLatencyAndServiceTime_andWhatTheyMean() {
        Ran ran = load("--rate", "200");

        assertThat(ran.status()).isIn(0, 3);
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out())
                .startsWith("tcp://localhost:" + port() + ": 200 requests a second on a schedule (open loop)")
                .contains("64 connections, measured for 500 ms after 100 ms of ramp and warm-up")
                .containsPattern("latency +service time")
                .containsPattern("p50 +[\\d.,]+ ms +[\\d.,]+ ms")
                .containsPattern("p99.9 +[\\d.,]+ ms +[\\d.,]+ ms")
                .containsPattern("max +[\\d.,]+ ms +[\\d.,]+ ms")
                .contains("Latency counts from when a request was due, service time from its first byte: ")
                .contains("100 due", "100 answered", "errors     0", "timeouts   0", "connects   64, 0 failed")
                .doesNotContain("saturation");
        assertThat(ran.out().contains("INVALID")).isEqualTo(ran.status() == 3);
    }

    @Test
    void closedLoop_hasItsLabel() {
        assertThat(load("--closed", "--connections", "2").out())
                .contains("closed loop, saturation: not what users would feel")
                .contains("while the server stalls nothing is measured");
    }

    @Test
    void json_isOneObject_withTheSameFigures() {
        Ran ran = load("--rate", "200", "--json");
        JsonNode json = JsonMapper.shared().readTree(ran.out());

        assertThat(ran.out()).hasLineCount(1);
        assertThat(json.get("loop").asString()).isEqualTo("open");
        assertThat(json.get("answered").asInt()).isEqualTo(100);
        assertThat(json.get("valid").asBoolean()).isEqualTo(ran.status() == 0);
        assertThat(json.get("invalid").isEmpty()).isEqualTo(ran.status() == 0);
        assertThat(json.get("errors_by_kind").isEmpty()).isTrue();
        assertThat(json.get("failed_connects").isEmpty()).isTrue();
        assertThat(json.get("latency_p50").asDouble())
                .isBetween(0.0, json.get("latency_max").asDouble());
        assertThat(json.get("service_p99.9").asDouble()).isPositive();
        assertThat(json.get("latency_max").asDouble())
                .isGreaterThanOrEqualTo(json.get("service_p50").asDouble());
    }

    @Test
    void json_hasAnObjectForEachReason() {
        // It is no web server.
        JsonNode json = JsonMapper.shared()
                .readTree(Ran.of(
                                "load",
                                "http://localhost:" + port() + "/",
                                "--rate",
                                "200",
                                "--duration",
                                "500ms",
                                "--json")
                        .out());

        List<JsonNode> errors = new ArrayList<>();
        json.get("invalid").forEach(reason -> {
            if (reason.get("name").asString().equals("errors")) {
                errors.add(reason);
            }
        });
        assertThat(errors).singleElement().satisfies(reason -> {
            assertThat(reason.get("value").asDouble()).isEqualTo(1);
            assertThat(reason.get("limit").asDouble()).isEqualTo(0.001);
            assertThat(reason.get("reason").asString()).startsWith("100 of 100 requests failed");
        });
        assertThat(json.get("errors_by_kind").get("malformed response").asInt()).isEqualTo(100);
    }

    @Test
    void threads_shareTheLoad() {
        Ran ran = load("--rate", "200", "--threads", "3", "--connections", "4");

        assertThat(ran.out())
                .contains("4 connections of 3 threads", "100 answered", "errors     0", "connects   4, 0 failed")
                .contains("of a core for its busiest thread");
    }

    @Test
    void hgrm_isWrittenInTheFormatOfHdrHistogram() throws IOException {
        Path file = folder.resolve("x.hgrm");
        Ran ran = load("--rate", "200", "--hgrm", file.toString());

        assertThat(ran.status()).isIn(0, 3);
        assertThat(Files.readString(file))
                .containsPattern("Value +Percentile TotalCount 1/\\(1-Percentile\\)")
                .containsPattern("#\\[Max += +[\\d.]+, Total count += +100]");
    }

    /** The text is printed before the file is written, so the figures are not lost. */
    @Test
    @EnabledIf("hasFullDevice")
    void hgrm_onAFullDisk_isReported_andTheFiguresAreThere() {
        Ran ran = load("--rate", "200", "--hgrm", "/dev/full");

        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.out()).contains("100 answered");
        assertThat(ran.err())
                .isEqualTo(
                        "thrum load: expected to write all percentiles to /dev/full but could not: free some space there,"
                                + " or name another file (see thrum load --help)" + System.lineSeparator());
    }

    static boolean hasFullDevice() {
        return Files.exists(Path.of("/dev/full"));
    }

    @Test
    void server_thatIsNotThere_isOneLine() throws IOException {
        int nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = socket.getLocalPort();
        }
        for (String target : List.of("http://localhost:" + nobody + "/", "tcp://localhost:" + nobody)) {
            List<String> arguments = new ArrayList<>(List.of("load", target, "--rate", "1"));
            arguments.addAll(target.startsWith("tcp") ? List.of("--send", "a") : List.of());

            assertThat(Ran.of(arguments.toArray(String[]::new)))
                    .isEqualTo(new Ran(
                            1,
                            "",
                            "thrum: cannot load " + target
                                    + ": no program listens there; start the server or check the port"
                                    + System.lineSeparator()));
        }
    }

    @Test
    void everyRequestThatFails_isNamed_andTheFiguresAreInvalid() throws IOException {
        // It is no web server: it sends the lines of the request back.
        Ran ran = Ran.of("load", "http://localhost:" + port() + "/", "--rate", "200", "--duration", "500ms");

        assertThat(ran.status()).isEqualTo(3);
        assertThat(ran.out())
                .contains("malformed response ")
                .contains("INVALID    no response was measured")
                .containsPattern("INVALID    100 of 100 requests failed");
    }
}
