package dev.thrum.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every command and the program of README.md, as a newcomer types them: in a checkout that has been built, which is a
 * copy, since this one is locked by the test that runs.
 */
@Timeout(180)
final class ReadmeIT {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)\\n(.*?)^```$");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private static Path folder;

    @Test
    void readme_always_namesTheTwoCommands() throws IOException {
        assertThat(commands()).startsWith("./thrum serve", "./thrum test").hasSizeGreaterThan(8);
    }

    @TestFactory
    Stream<DynamicTest> command_whenTyped_works() throws IOException {
        Path checkout = builtCheckout();
        // The test suite is what runs this test.
        return commands().stream()
                .filter(command -> !command.equals("./thrum test"))
                .map(command -> DynamicTest.dynamicTest(command, () -> run(checkout, command)));
    }

    @Test
    void program_whenRunFromItsSource_serves() throws IOException {
        String program = blocks("java").getFirst();
        assertThat(program.lines().filter(line -> !line.isBlank() && !line.startsWith("import")))
                .hasSizeLessThanOrEqualTo(10);
        int port = freePort();
        Path source = folder.resolve("Shout.java");
        Files.writeString(source, program.replace("7000", Integer.toString(port)));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String libraries = Child.dist().resolve("lib") + "/*";
        try (Child server = Child.start(Map.of(), List.of(java, "-cp", libraries, source.toString()));
                Peer peer = awaitPeer(server, port)) {
            peer.send("hello\n");
            assertThat(peer.line()).isEqualTo("HELLO");
        }
    }

    private static void run(Path checkout, String command) throws IOException {
        if (command.startsWith("curl ")) {
            Needs.command("curl");
            try (Child server = Child.serve();
                    Child curl = shell(
                            checkout,
                            command.replace("curl ", "curl --fail --silent --show-error ")
                                    .replace("localhost:8080", "localhost:" + server.port("web"))
                                    .replace("localhost:9090", "localhost:" + server.port("admin")))) {
                assertThat(curl.awaitExit()).as("%s", curl.err()).isZero();
                assertThat(curl.out()).isNotEmpty();
            }
        } else if (command.contains("./thrum talk")) {
            try (Child server = Child.serve()) {
                String own = command.replace("localhost:8888", "localhost:" + server.port("console"))
                        .replace("localhost:8000", "localhost:" + server.port("greeter"));
                assertThat(own).as("a port the services of README have").isNotEqualTo(command);
                try (Child talk = shell(checkout, own)) {
                    talk.type("time\nquit\n");
                    assertThat(talk.awaitExit()).as("%s", talk.err()).isZero();
                    assertThat(talk.out()).isNotEmpty();
                }
            }
        } else if (command.matches(".*\\./thrum (serve|files).*") && !command.endsWith("--help")) {
            try (Child server = shell(checkout, command).awaitServing()) {
                server.signal("TERM");
                assertThat(server.awaitExit()).as("%s", server.err()).isZero();
            }
        } else if (command.matches("\\./thrum (users|ledger|backup).*")) {
            Map<String, String> variables = Child.freePorts();
            try (Child _ = Child.thrum(variables, "serve").awaitServing();
                    Child beside = shell(checkout, command, variables)) {
                assertThat(beside.awaitExit()).as("%s", beside.err()).isZero();
                assertThat(beside.out()).isNotEmpty();
            }
        } else {
            try (Child child = shell(checkout, command)) {
                assertThat(child.awaitExit()).as("%s", child.err()).isZero();
                assertThat(child.out()).isNotEmpty();
            }
        }
    }

    /** Runs a line of README in the checkout; services whose port it does not name get a free one. */
    private static Child shell(Path checkout, String command) throws IOException {
        return shell(checkout, command, Child.freePorts());
    }

    private static Child shell(Path checkout, String command, Map<String, String> variables) throws IOException {
        String script = "cd \"$0\" && exec env "
                + command.replace("/tmp/thrum", folder.resolve("packaged").toString());
        return Child.start(variables, List.of("bash", "-c", script, checkout.toString()));
    }

    private static Path builtCheckout() throws IOException {
        Path root = Checkout.in(folder).root();
        Path dist = Files.createDirectories(root.resolve("app/target")).resolve("dist");
        try (Stream<Path> files = Files.walk(Child.dist())) {
            for (Path file : files.toList()) {
                Files.copy(
                        file,
                        dist.resolve(Child.dist().relativize(file)),
                        StandardCopyOption.COPY_ATTRIBUTES,
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.deleteIfExists(dist.resolve(".built"));
        Files.createFile(dist.resolve(".built"));
        return root;
    }

    private static List<String> commands() throws IOException {
        List<String> commands = new ArrayList<>();
        blocks("sh").forEach(block -> block.lines().forEach(commands::add));
        return commands;
    }

    private static List<String> blocks(String language) throws IOException {
        Matcher block = BLOCK.matcher(Files.readString(Path.of(System.getProperty("thrum.root"), "README.md")));
        return block.results()
                .filter(found -> found.group(1).equals(language))
                .map(found -> found.group(2))
                .toList();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Looks until the server listens; it says nothing that could be waited for. */
    private static Peer awaitPeer(Child server, int port) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return new Peer(port);
            } catch (ConnectException e) {
                if (!server.isRunning() || System.nanoTime() - end >= 0) {
                    throw new AssertionError("expected the program to listen on " + port + "; err " + server.err(), e);
                }
                LockSupport.parkNanos(10_000_000);
            }
        }
    }
}
