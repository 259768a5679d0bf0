package dev.thrum.app.docs;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.app.Checkout;
import dev.thrum.app.Child;
import dev.thrum.app.Needs;
import dev.thrum.app.Peer;
import dev.thrum.app.docs.Documentation.Block;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every command and program of README.md and docs/, as a newcomer types them, in a checkout that has been built. It is a
 * copy, because the running test locks the original.
 *
 * <p>Ports are replaced by free ones, {@code /tmp} and {@code /srv} by folders of this test. Commands that talk to a service
 * share one server. A program is started by its {@code java} command and ends with its block.
 */
@Timeout(240)
final class DocumentationIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String MARKER = "not-run";

    /** Commands that are not run here, each with its reason. Blocks with the marker contain only such commands. */
    private static final Map<String, String> NOT_RUN = Map.ofEntries(
            entry("./thrum test", "it runs this test"),
            entry(
                    "./thrum install",
                    "it writes to the user's Maven repository; LauncherIT runs it there, OtherProjectIT elsewhere"),
            entry("mvn compile exec:exec -Dprogram=Notes", "OtherProjectIT runs it with a repository of its own"),
            entry(
                    "PGPASSWORD=secret ./thrum serve --db postgresql://shop@db.example.org/shop",
                    "PostgresIT does this with a server of its own"),
            entry(
                    "./thrum crawl https://example.org/ --host '*.example.org' --queue kafka://broker:9092/example --out part",
                    "CrawlOnKafkaTest does this with a broker and a site of its own"),
            entry(
                    "./thrum serve --chat 7777 --db postgresql://shop@db.example.org/shop",
                    "PostgresIT does this with a server of its own"),
            entry(
                    "./thrum serve --bind 10.0.0.11 --chat 7777 --db postgresql://shop@db.example.org/shop --host"
                            + " www.example.org --trust-proxy 10.0.0.5/32",
                    "it needs such a machine; OperationIT restarts two servers behind nginx"),
            entry(
                    "for machine in one two; do ssh $machine 'systemctl restart thrum && until curl --fail"
                            + " http://localhost:9090/health/ready; do sleep 1; done'; done",
                    "it needs such machines; OperationIT does the same"),
            entry("pg_dump --format=custom --file=thrum.dump thrum", "it belongs to PostgreSQL"),
            entry("pg_restore --dbname=restored thrum.dump", "it belongs to PostgreSQL"),
            entry(
                    "useradd --system --home-dir /var/lib/thrum --shell /usr/sbin/nologin thrum",
                    "it changes the machine"),
            entry("systemctl daemon-reload", "it changes the machine; OperationIT checks the unit"),
            entry("systemctl enable --now thrum", "it changes the machine; OperationIT runs the unit's command"),
            entry("podman build --format docker --tag thrum .", "it needs an image registry"),
            entry(
                    "podman run --detach --name thrum --memory 1g --env JDK_JAVA_OPTIONS=-Xmx512m --volume thrum:/data"
                            + " --publish 8080:8080 --read-only --tmpfs /tmp --stop-timeout 30 thrum",
                    "it needs such an image; OperationIT runs the container's command and health check"),
            entry(
                    "./thrum serve --bind 0.0.0.0 --web 443 --host www.example.org --tls web --tls-cert"
                            + " /etc/letsencrypt/live/www.example.org/fullchain.pem --tls-key"
                            + " /etc/letsencrypt/live/www.example.org/privkey.pem",
                    "it needs such a certificate; EncryptedServicesTest and TlsIT do this with their own"),
            entry(
                    "./thrum fetch https://example.org/a.iso https://example.org/b.iso --out downloads",
                    "there are no such files; FetchIT fetches its own"),
            entry("./thrum fetch -i urls.txt --parallel 64 --json", "the same"),
            entry(
                    "./thrum fetch https://example.org/a.iso --sum"
                            + " sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                    "the same"),
            entry(
                    "./thrum crawl https://example.org/ --out example",
                    "others' sites are not for tests; CrawledWebTest crawls one of its own"),
            entry("./thrum crawl https://example.org/ --out example --host '*.example.org' --depth 5", "the same"),
            entry("./thrum crawl --resume example", "the same"),
            entry("./thrum crawl --refresh example", "the same"),
            entry(
                    "./thrum crawl merge machine1 machine2 machine3 --out all",
                    "it needs crawls; CrawlMergeTest and MergeCommandTest do this"),
            entry("./thrum search --index all quick brown fox", "the same"),
            entry("./thrum lab cluster", "it runs until Ctrl-C; LocalClusterTest does this"),
            entry(
                    "./thrum load http://localhost:8080/time --rate 500",
                    "its status depends on what else the machine does; LoadCommandTest does this"),
            entry(
                    "./thrum load tcp://localhost:8888 --send time,count --rate 100 --duration 1m --hgrm console.hgrm",
                    "the same"),
            entry("./thrum load http://localhost:8080/time --closed --connections 64 --json", "the same"),
            entry("./thrum compare echo", "it takes minutes; CompareCommandTest does this in short"),
            entry("./thrum compare io --full --slo p99=50ms --html io.html", "the same"),
            entry(
                    "./thrum compare --handler com.example.Orders --jar orders.jar --path /orders/1",
                    "it needs a jar; CompareCommandTest has one"),
            entry("./thrum compare classic --scale 0.1", "it takes seconds; CompareCommandTest does this in short"),
            entry("./thrum search --index DIR quick brown fox", "it needs a crawl; SearchCommandTest does this"),
            entry("./thrum search --index DIR '\"brown fox\" -dog site:example.org' --page 2", "the same"),
            entry("./thrum search --index DIR title:fox --json", "the same"),
            entry("./thrum serve --index DIR", "it needs a crawl; SearchRoutesTest does this"),
            entry("./thrum talk chat.example.org:7777 --tls", "there is no such server; TalkTlsTest has one"),
            entry("./thrum talk localhost:9000 --tls --ca /tmp/server.pem", "TalkTlsTest does this"),
            entry("./thrum talk localhost:9000 --tls --insecure", "TalkTlsTest does this"),
            entry("openssl s_client -connect localhost:9000 -servername localhost", "TlsIT does this"),
            entry("curl --cacert /tmp/server.pem https://localhost:8080/time", "TlsIT does this"),
            entry(
                    "openssl s_client -connect localhost:9000 -showcerts </dev/null | openssl x509 >/tmp/server.pem",
                    "TlsIT does this"),
            entry("openssl x509 -noout -fingerprint -sha256 -in /tmp/server.pem", "TlsIT does this"));

    /** The file of an example, and the port that ends the command. */
    private static final Pattern EXAMPLE = Pattern.compile("(examples/\\S+\\.java) .*?(\\d+)$");

    private static final Map<Integer, String> SERVICES =
            Map.of(8888, "console", 9000, "echo", 8000, "greeter", 7777, "chat", 8080, "web", 9090, "admin");

    @TempDir
    private static Path folder;

    private static Path checkout = Path.of("");
    private static Map<String, String> variables = Map.of();
    private static Child services;

    @BeforeAll
    static void startServices() throws IOException {
        checkout = builtCheckout();
        Files.createDirectories(folder.resolve("tmp"));
        Files.writeString(Files.createDirectories(folder.resolve("srv/www")).resolve("index.html"), "<p>Hello\n");
        variables = Child.freePorts();
        services = Child.thrum(variables, "serve").awaitServing();
    }

    @AfterAll
    static void stopServices() {
        services.close();
    }

    @Test
    void readme_always_beginsWithTheTwoCommands() {
        assertThat(commands(blocks().getFirst())).containsExactly("./thrum serve", "./thrum test");
    }

    @Test
    void notRunCommand_always_isInADocument() {
        assertThat(blocks()).flatMap(DocumentationIT::commands).containsAll(NOT_RUN.keySet());
    }

    @Test
    void program_always_isStartedAndUsed() {
        assertThat(programs())
                .isNotEmpty()
                .allSatisfy((name, program) -> assertThat(blocks())
                        .as("a block with the java command of %s and one that talks to it", name)
                        .anySatisfy(block -> assertThat(block.text())
                                .contains(" " + name)
                                .contains("localhost:" + portOf(program.text()))));
    }

    @TestFactory
    Stream<DynamicTest> commands_whenTyped_work() {
        return blocks().stream()
                .map(block -> DynamicTest.dynamicTest(
                        block.place() + " " + block.text().lines().findFirst().orElse(""), () -> run(block)));
    }

    private static List<Block> blocks() {
        return Documentation.blocks().stream()
                .filter(block -> block.language().equals("sh"))
                .toList();
    }

    private static Map<String, Block> programs() {
        Map<String, Block> programs = new HashMap<>();
        Documentation.blocks().stream()
                .filter(Block::isProgram)
                .forEach(block -> programs.put(block.fileName(), block));
        return programs;
    }

    private static List<String> commands(Block block) {
        return block.text().lines().filter(line -> !line.isBlank()).toList();
    }

    private static void run(Block block) throws IOException {
        assertThat(block.marker()).isIn("", MARKER);
        Map<Integer, Integer> ports = new HashMap<>();
        List<Child> programs = new ArrayList<>();
        List<String> out = List.of();
        try {
            for (String command : commands(block)) {
                if (NOT_RUN.containsKey(command)) {
                    continue;
                }
                assertThat(block.marker()).as("%s is one of NOT_RUN", command).isEmpty();
                if (command.startsWith("java ")) {
                    programs.add(start(command, ports));
                } else {
                    out = run(command, ports);
                }
            }
        } finally {
            programs.forEach(Child::close);
        }
        if (block.output().isPresent()) {
            assertThat(out)
                    .containsExactlyElementsOf(block.output().get().lines().toList());
        }
    }

    /** Starts a program of the documentation or an example, on a free port. */
    private static Child start(String command, Map<Integer, Integer> ports) throws IOException {
        Matcher example = EXAMPLE.matcher(command);
        if (example.find()) {
            int port = freePort();
            String own = withPorts(command.substring(0, example.start(2)), ports) + port;
            ports.put(Integer.parseInt(example.group(2)), port);
            return startJava(own.replace(example.group(1), "\"$ROOT/\"" + example.group(1)), port);
        }
        String name = command.substring(command.lastIndexOf(' ') + 1);
        Block program = Optional.ofNullable(programs().get(name))
                .orElseThrow(() -> new AssertionError("expected a program " + name + " for " + command));
        int documented = portOf(program.text());
        int port = freePort();
        ports.put(documented, port);
        Files.writeString(
                folder.resolve(name), program.text().replace(Integer.toString(documented), Integer.toString(port)));
        return startJava(command, port);
    }

    private static Child startJava(String command, int port) throws IOException {
        String own = command.replaceFirst("java", "\"\\$JAVA_HOME/bin/java\"")
                .replace("'/tmp/thrum/lib/*'", "\"$LIBRARIES\"");
        Map<String, String> folders =
                Map.of("LIBRARIES", Child.dist().resolve("lib") + "/*", "ROOT", Documentation.ROOT.toString());
        Child child = shell(folder, own, folders);
        awaitListening(child, port);
        return child;
    }

    /** The port on which a program listens. */
    static int portOf(String program) {
        Matcher port = Pattern.compile("\"localhost\", (\\d+)\\)").matcher(program);
        assertThat(port.find()).as("a port in %s", program).isTrue();
        return Integer.parseInt(port.group(1));
    }

    /** Runs one command; returns what it prints. */
    private static List<String> run(String command, Map<Integer, Integer> ports) throws IOException {
        if (command.startsWith("curl ")) {
            Needs.command("curl");
        }
        if (command.matches("(\\w+=\\S+ )*\\./thrum (serve|files)\\b.*") && !command.contains("--help")) {
            try (Child server = shell(checkout, command, Child.freePorts()).awaitServing()) {
                server.signal("TERM");
                assertThat(server.awaitExit())
                        .as("%s: %s", command, server.err())
                        .isZero();
                return server.out();
            }
        }
        String own = withPorts(command, ports).replaceFirst("^curl ", "curl --fail --silent --show-error ");
        try (Child child = shell(checkout, own, variables)) {
            // Input for the prompt of talk; other commands read nothing.
            child.type("time\nquit\n");
            assertThat(child.awaitExit()).as("%s: %s", command, child.err()).isZero();
            assertThat(child.out()).as(command).isNotEmpty();
            return child.out();
        }
    }

    /** The same command with the real ports of services and programs. */
    private static String withPorts(String command, Map<Integer, Integer> ports) {
        return Pattern.compile("localhost:(\\d+)").matcher(command).replaceAll((MatchResult found) -> {
            int port = Integer.parseInt(found.group(1));
            String service = SERVICES.get(port);
            return "localhost:" + (service == null ? ports.get(port) : Integer.valueOf(services.port(service)));
        });
    }

    private static Child shell(Path where, String command, Map<String, String> environment) throws IOException {
        String script = "cd \"$0\" && exec env "
                + command.replaceAll("(?<![\\w/])/(tmp|srv)/", Matcher.quoteReplacement(folder + "/") + "$1/");
        return Child.start(environment, List.of("bash", "-c", script, where.toString()));
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
        // Commands count their words.
        for (Path document : Documentation.documents()) {
            copy(document, root);
        }
        copy(Documentation.ROOT.resolve("LICENSE"), root);
        Files.deleteIfExists(dist.resolve(".built"));
        Files.createFile(dist.resolve(".built"));
        return root;
    }

    private static void copy(Path file, Path root) throws IOException {
        Path target = root.resolve(Documentation.ROOT.relativize(file));
        Files.createDirectories(target.resolveSibling("."));
        Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Waits until the program accepts a connection; programs need not print that they listen. */
    static void awaitListening(Child program, int port) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try (Peer _ = new Peer(port)) {
                return;
            } catch (ConnectException e) {
                if (!program.isRunning() || System.nanoTime() - end >= 0) {
                    throw new AssertionError("expected the program to listen on " + port + "; err " + program.err(), e);
                }
                LockSupport.parkNanos(10_000_000);
            }
        }
    }
}
