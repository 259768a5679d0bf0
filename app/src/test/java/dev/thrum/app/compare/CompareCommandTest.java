package dev.thrum.app.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.app.Ran;
import dev.thrum.app.cli.FlaggedCommand;
import dev.thrum.app.cli.Program;
import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.http.HttpHandler;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.measure.compare.Arm;
import dev.thrum.measure.compare.Comparison;
import dev.thrum.measure.compare.ComparisonJson;
import dev.thrum.measure.compare.run.ComparePlan.Times;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code thrum compare}, with times so short that no verdict is possible: what it prints, keeps and refuses. */
@EnabledOnOs(OS.LINUX)
@Timeout(180)
final class CompareCommandTest {
    private static final Times SHORT =
            new Times(Duration.ofMillis(400), 3, Duration.ofMillis(200), Duration.ofMillis(100), 1);

    @TempDir
    private Path folder;

    @Command(name = "thrum")
    private static final class Thrum {}

    /** An HTTP handler. */
    public static final class Greeting implements HttpHandler {
        @Override
        public Response handle(Request request) {
            return Response.text("Hello, " + request.path());
        }
    }

    /** One that always fails. */
    public static final class Failing implements HttpHandler {
        @Override
        public Response handle(Request request) {
            throw new IllegalStateException("it can't");
        }
    }

    /** One that can't be made. */
    public static final class Unmade implements ConnectionHandler {
        public Unmade() {
            throw new IllegalStateException("no such luck");
        }

        @Override
        public void handle(Connection connection) {}
    }

    private Path data() {
        return folder.resolve("data.json");
    }

    private Ran compare(String... arguments) {
        return compareTo(data(), "virtual", arguments);
    }

    private static Ran compareTo(Path data, String engines, String... arguments) {
        List<String> words = new ArrayList<>(List.of("compare", "--engines", engines, "--save", data.toString()));
        words.addAll(List.of(arguments));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine root = new CommandLine(new Thrum())
                .addSubcommand(FlaggedCommand.line(new CompareCommand(new CompareFlags(1, SHORT))));
        int status = new Program(root, Map.of())
                .run(words.toArray(String[]::new), new PrintWriter(out), new PrintWriter(err));
        return new Ran(status, out.toString(), err.toString());
    }

    @Test
    void workload_isMeasured_reported_andKept() throws IOException {
        Path html = folder.resolve("report.html");
        Ran ran = compareTo(data(), "virtual,events", "echo", "--html", html.toString());

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.out())
                .contains("virtual", "events", "only 1 of 1 rounds")
                .doesNotContain("null");
        assertThat(ran.err())
                .contains(
                        "echo: sends each line back",
                        "accept queue: 1,024",
                        "heap: 256 MB",
                        "round 1 of 1, virtual again")
                .contains("data: " + data());
        assertThat(Files.readString(html)).startsWith("<!doctype html>").contains("thrum compare");
        Comparison kept = ComparisonJson.read(data());
        assertThat(kept.arms()).extracting(Arm::name).containsExactly("virtual", "events", "virtual again");
        assertThat(kept.rounds()).hasSize(1);
        assertThat(kept.setup().command()).startsWith("thrum compare ");
    }

    @Test
    void json_isTheDataThatIsKept() throws IOException {
        Ran ran = compare("slow-clients", "--json");

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.out().strip()).isEqualTo(Files.readString(data()).strip());
    }

    @Test
    void baseline_ofAnotherWorkload_isRefused_beforeAnythingIsMeasured() {
        Ran first = compare("echo");
        Ran second = compareTo(folder.resolve("new.json"), "virtual", "files", "--baseline", data().toString());

        assertThat(first.status()).isZero();
        assertThat(second.status()).isEqualTo(2);
        assertThat(second.err())
                .contains("expected a baseline with the same workload")
                .hasLineCount(1);
        assertThat(folder.resolve("new.json")).doesNotExist();
    }

    @Test
    void baseline_hasTheLoads() throws IOException {
        Ran _ = compare("echo");
        Comparison first = ComparisonJson.read(data());
        Ran second = compareTo(folder.resolve("new.json"), "virtual", "echo", "--baseline", data().toString());

        assertThat(second.status()).as(second.err()).isZero();
        assertThat(ComparisonJson.read(folder.resolve("new.json")).points()).isEqualTo(first.points());
    }

    @Test
    void ownHandler_isMeasured() throws IOException {
        Ran ran = compare("--handler", Greeting.class.getName(), "--path", "/you");

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ComparisonJson.read(data()).rounds().getFirst().cells())
                .allSatisfy(cell -> assertThat(cell.failure()).isNull());
    }

    @Test
    void ownHandler_inAJar_isMeasured() throws IOException {
        Ran ran = compare("--handler", "com.example.Twice", "--jar", jar().toString(), "--send", "a");

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ComparisonJson.read(data()).setup().workload()).isEqualTo("com.example.Twice");
    }

    private Path jar() throws IOException {
        Path source = Files.createDirectories(folder.resolve("com/example")).resolve("Twice.java");
        Files.writeString(source, """
                package com.example;

                public final class Twice implements dev.thrum.line.LineConversation {
                    public void converse(dev.thrum.line.LineSession session) throws java.io.IOException {
                        for (var line = session.readLine(); line.isPresent(); line = session.readLine()) {
                            session.writeLine(line.get() + line.get());
                        }
                    }
                }
                """);
        int status = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-cp", System.getProperty("java.class.path"), source.toString());
        assertThat(status).isZero();
        Path jar = folder.resolve("twice.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> classes = Files.list(source.getParent())) {
            for (Path each :
                    classes.filter(path -> path.toString().endsWith(".class")).toList()) {
                out.putNextEntry(new JarEntry("com/example/" + each.getFileName()));
                Files.copy(each, out);
            }
        }
        return jar;
    }

    @Test
    void handler_whoseConstructorThrows_isRefused() {
        Ran ran = compare("--handler", Unmade.class.getName());

        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.err())
                .startsWith("thrum compare: expected the constructor of " + Unmade.class.getName()
                        + " to return but it threw java.lang.IllegalStateException: no such luck")
                .hasLineCount(1);
    }

    @Test
    void handler_thatFails_isReported_andNothingIsKept() {
        Ran ran = compare("--handler", Failing.class.getName());

        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.err())
                .containsPattern(
                        "thrum compare: expected the handler to answer but of \\d+ requests to virtual \\d+ failed:"
                                + " status 500");
        assertThat(data()).doesNotExist();
    }

    @Test
    void port_thatIsInUse_isRefused() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Ran ran = compare("echo", "--server-port", Integer.toString(taken.getLocalPort()));

            assertThat(ran.status()).isEqualTo(2);
            assertThat(ran.err())
                    .isEqualTo("thrum compare: expected a free port but " + taken.getLocalPort()
                            + " is in use: name another, or leave --server-port out (see thrum compare --help)"
                            + System.lineSeparator());
        }
    }

    @Test
    void fullDisk_isReported_afterTheReport() {
        if (!Files.exists(Path.of("/dev/full"))) {
            return;
        }
        Ran ran = compare("echo", "--html", "/dev/full");

        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.out()).contains("virtual");
        assertThat(ran.err()).contains("thrum compare: expected to write /dev/full but could not");
        assertThat(data()).isNotEmptyFile();
    }

    @Test
    void classicTable_hasAllWays_andWhy() {
        Ran ran = compare("classic", "--scale", "0.02");

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.out())
                .startsWith("The tasks only wait:")
                .contains(
                        "one after the other",
                        "on a pool of threads",
                        "on virtual threads",
                        "on an event loop",
                        "on an event loop that the tasks block");
    }

    @Test
    void classicTable_isJsonToo() {
        JsonNode json = JsonMapper.shared()
                .readTree(compare("classic", "--scale", "0.01", "--json").out());

        assertThat(json.get("ways")).hasSize(5);
        assertThat(json.get("ways").get(0).get("way").asString()).isEqualTo("in_turn");
        assertThat(json.get("ways").get(0).get("seconds").asDouble()).isPositive();
    }
}
