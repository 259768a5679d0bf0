package dev.thrum.app.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.app.Child;
import dev.thrum.app.Needs;
import dev.thrum.app.docs.Documentation.Block;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The examples of docs/operate.md for systemd, containers, nginx and HAProxy, run with the real programs where possible. */
@Timeout(120)
final class OperationIT {
    private static final int CLIENTS = 8;
    private static final int RESTARTS = 4;
    /** Requests to a pair of servers of which one is full; about half of them meet it first. */
    private static final int ASKED = 20;

    @TempDir
    private static Path folder;

    @Test
    void unit_isAcceptedBySystemd() throws IOException {
        Needs.command("systemd-analyze");
        Path unit = folder.resolve("thrum.service");
        Files.writeString(
                unit,
                block("ini")
                        .replace(
                                "/opt/thrum/thrum",
                                Child.dist().resolve("thrum").toString())
                        .replace("=thrum\n", "=root\n"));

        try (Child verify = Child.start(Map.of(), List.of("systemd-analyze", "verify", unit.toString()))) {
            assertThat(verify.awaitExit()).as("%s", verify.err()).isZero();
            assertThat(verify.err()).isEmpty();
        }
    }

    @Test
    void unit_startsThrum() throws IOException {
        Path config = folder.resolve("thrum.conf");
        Files.writeString(
                config,
                block("properties").replace("/var/lib/thrum", Child.newFolder().toString()));
        String start =
                line(block("ini"), "ExecStart=/opt/thrum/thrum (.*)").replace("/etc/thrum.conf", config.toString());
        assertThat(start).contains(config.toString());
        Map<String, String> variables = new HashMap<>(Child.freePorts());
        // The folder must come from the configuration file.
        variables.remove("THRUM_DATA");

        try (Child server = Child.thrum(variables, start.split(" ")).awaitServing()) {
            server.signal(line(block("ini"), "KillSignal=SIG(.*)"));
            assertThat(server.awaitExit()).as("%s", server.err()).isZero();
        }
    }

    @Test
    void container_isHealthy_untilItStops() throws IOException {
        Needs.command("bash");
        String file = block("dockerfile");
        List<String> command = strings(line(file, "CMD \\[(.*)]"));
        command.replaceAll(
                argument -> argument.equals("/data") ? Child.newFolder().toString() : argument);
        List<String> check = strings(line(file, "HEALTHCHECK .*CMD \\[(.*)]"));

        try (Child server =
                Child.thrum(Child.freePorts(), command.toArray(String[]::new)).awaitServing()) {
            check.replaceAll(argument -> argument.replace("/9090", "/" + server.port("admin")));
            assertThat(status(check)).isZero();
            server.signal(line(file, "STOPSIGNAL SIG(.*)"));
            assertThat(server.awaitExit()).as("%s", server.err()).isZero();
            assertThat(status(check)).isNotZero();
        }
    }

    @Test
    void nginx_passesTheAddressAndHostOfTheClient() throws IOException {
        Needs.command("nginx");
        Needs.command("curl");
        String flags = line(block("sh", "--trust-proxy"), "\\./thrum (serve --host .*)");
        List<String> arguments = new ArrayList<>(List.of(flags.split(" ")));
        arguments.addAll(List.of("--access-log", "-"));
        try (Child server =
                Child.thrum(Child.freePorts(), arguments.toArray(String[]::new)).awaitServing()) {
            int port = DocumentationIT.freePort();
            String site = block("nginx")
                    .replace("127.0.0.1:8080", "127.0.0.1:" + server.port("web"))
                    .replace("listen 80;", "listen 127.0.0.1:" + port + ";");
            try (Child _ = nginx(site)) {
                assertThat(curl(port, "www.example.org")).contains("\"echo\":\"Hi\"");
                // Another host is refused, and the client's own claims about its address are ignored.
                assertThat(curl(port, "other.example.org")).contains("error");
            }
            server.signal("TERM");
            assertThat(server.awaitExit()).isZero();
            assertThat(server.out())
                    .filteredOn(line -> line.contains("/echo"))
                    .hasSize(2)
                    .first()
                    .asString()
                    .startsWith("127.0.0.2 ");
        }
    }

    @Test
    void nginx_whileServersAreRestartedInTurn_failsNoRequest() throws Exception {
        try (Balancer nginx = nginxBeforeTwo()) {
            assertNoRequestFails(nginx);
        }
    }

    @Test
    void haproxy_whileServersAreRestartedInTurn_failsNoRequest() throws Exception {
        try (Balancer haproxy = haproxyBeforeTwo()) {
            assertNoRequestFails(haproxy);
        }
    }

    @Test
    void nginx_whenAServerRefusesClients_asksTheOther() throws Exception {
        try (Balancer nginx = nginxBeforeTwo()) {
            assertOtherServerIsAsked(nginx);
        }
    }

    @Test
    void haproxy_whenAServerRefusesClients_asksTheOther() throws Exception {
        try (Balancer haproxy = haproxyBeforeTwo()) {
            assertOtherServerIsAsked(haproxy);
        }
    }

    /** A proxy, its port, and the ports of the two servers behind it, which don't run yet. */
    private record Balancer(Child proxy, int port, List<Integer> webs) implements AutoCloseable {
        @Override
        public void close() {
            proxy.close();
        }
    }

    /** Two servers of this machine in the place of those of the example. */
    private static String beforeTwo(String example, List<Integer> webs) {
        return example.replace("10.0.0.11:8080", "127.0.0.1:" + webs.get(0))
                .replace("10.0.0.12:8080", "127.0.0.1:" + webs.get(1));
    }

    private static Balancer nginxBeforeTwo() throws IOException {
        Needs.command("nginx");
        int port = DocumentationIT.freePort();
        List<Integer> webs = List.of(DocumentationIT.freePort(), DocumentationIT.freePort());
        String site = beforeTwo(block("nginx", "non_idempotent"), webs)
                .replace("listen 80;", "listen 127.0.0.1:" + port + ";");
        return new Balancer(nginx(site), port, webs);
    }

    private static Balancer haproxyBeforeTwo() throws IOException {
        Needs.command("haproxy");
        int port = DocumentationIT.freePort();
        List<Integer> webs = List.of(DocumentationIT.freePort(), DocumentationIT.freePort());
        String config = beforeTwo(block("haproxy"), webs)
                .replace("10.0.0.1", "127.0.0.1")
                .replace("bind :80\n", "bind 127.0.0.1:" + port + "\n")
                .replace("bind :7777\n", "bind 127.0.0.1:" + DocumentationIT.freePort() + "\n");
        Path file = Files.writeString(folder.resolve("haproxy.cfg"), config);
        List<String> check = List.of("haproxy", "-c", "-q", "-f", file.toString());
        try (Child checked = Child.start(Map.of(), check)) {
            assertThat(checked.awaitExit()).as("%s", checked.err()).isZero();
            assertThat(checked.err()).isEmpty();
        }
        return new Balancer(Child.start(Map.of(), List.of("haproxy", "-db", "-f", file.toString())), port, webs);
    }

    /** Restarts the servers behind a proxy in turn while clients send it requests. */
    private static void assertNoRequestFails(Balancer balancer) throws Exception {
        List<Child> servers = new ArrayList<>();
        AtomicBoolean over = new AtomicBoolean();
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
                AutoCloseable _ = () -> over.set(true)) {
            for (int web : balancer.webs()) {
                servers.add(behindProxy(web));
            }
            awaitAnswer(balancer);
            List<Future<Integer>> loads = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                loads.add(clients.submit(() -> load(balancer.port(), over)));
            }
            for (int i = 0; i < RESTARTS; i++) {
                Child stopped = servers.get(i % 2);
                stopped.signal("TERM");
                assertThat(stopped.awaitExit()).as("%s", stopped.err()).isZero();
                servers.set(i % 2, behindProxy(balancer.webs().get(i % 2)));
            }
            over.set(true);
            for (Future<Integer> load : loads) {
                assertThat(load.get()).isPositive();
            }
        } finally {
            servers.forEach(Child::close);
        }
    }

    /**
     * One of two servers is full, so it refuses each client, as one does that begins to stop. Then both are, and the
     * client hears it from them.
     */
    private static void assertOtherServerIsAsked(Balancer balancer) throws Exception {
        try (Child _ = behindProxy(balancer.webs().get(0), "--max-connections", "1");
                Socket _ = new Socket(
                        InetAddress.getLoopbackAddress(), balancer.webs().get(0));
                HttpClient client = HttpClient.newHttpClient()) {
            try (Child _ = behindProxy(balancer.webs().get(1))) {
                awaitAnswer(balancer);
                for (int i = 0; i < ASKED; i++) {
                    send(client, balancer.port(), i);
                }
            }
            try (Child _ = behindProxy(balancer.webs().get(1), "--max-connections", "1");
                    Socket _ = new Socket(
                            InetAddress.getLoopbackAddress(), balancer.webs().get(1))) {
                HttpResponse<String> refused =
                        client.send(through(balancer.port(), "/time").build(), BodyHandlers.ofString());
                assertThat(refused.statusCode()).isEqualTo(503);
                assertThat(refused.body()).contains("Server busy, try again later");
            }
        }
    }

    private static Child behindProxy(int web, String... flags) throws IOException {
        List<String> command =
                new ArrayList<>(List.of("serve", "--web", String.valueOf(web), "--db", "none", "--drain", "2s"));
        command.addAll(List.of(flags));
        return Child.thrum(Child.freePorts(), command.toArray(String[]::new)).awaitServing();
    }

    private static HttpRequest.Builder through(int port, String target) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + target))
                .timeout(Duration.ofSeconds(60));
    }

    /** Waits until the proxy listens, and has a server. */
    private static void awaitAnswer(Balancer balancer) throws Exception {
        boolean answered = false;
        while (!answered) {
            assertThat(balancer.proxy().isRunning())
                    .as("%s", balancer.proxy().err())
                    .isTrue();
            try (HttpClient client = HttpClient.newHttpClient()) {
                answered = client.send(through(balancer.port(), "/time").build(), BodyHandlers.discarding())
                                .statusCode()
                        == 200;
            } catch (ConnectException e) {
                Thread.onSpinWait();
            }
        }
    }

    /** Sends requests until it is over; returns how many. Each must succeed. */
    private static int load(int port, AtomicBoolean over) throws Exception {
        int sent = 0;
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (!over.get()) {
                send(client, port, sent++);
            }
        }
        return sent;
    }

    /** Sends a GET or a POST in turn, which must succeed. */
    private static void send(HttpClient client, int port, int number) throws Exception {
        HttpRequest.Builder request = through(port, "/echo?message=" + number);
        if (number % 2 == 1) {
            request.header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{\"message\":\"" + number + "\"}"));
        }
        HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
        assertThat(response.statusCode()).as("%s", response.body()).isEqualTo(200);
    }

    private static String curl(int port, String host) throws IOException {
        List<String> command = List.of(
                "curl",
                "--silent",
                "--retry",
                "20",
                "--retry-connrefused",
                "--retry-delay",
                "1",
                "--interface",
                "127.0.0.2",
                "--header",
                "Host: " + host,
                "--header",
                "X-Forwarded-For: 192.0.2.1",
                "--header",
                "Forwarded: for=192.0.2.1",
                "http://127.0.0.1:" + port + "/echo?message=Hi");
        try (Child curl = Child.start(Map.of(), command)) {
            assertThat(curl.awaitExit()).as("%s", curl.err()).isZero();
            return String.join("\n", curl.out());
        }
    }

    private static Child nginx(String site) throws IOException {
        Path place = Files.createDirectories(folder.resolve("nginx"));
        Files.writeString(place.resolve("site.conf"), site);
        Path main = place.resolve("nginx.conf");
        Files.writeString(main, """
                daemon off;
                master_process off;
                pid nginx.pid;
                error_log stderr;
                events {}
                http {
                    access_log off;
                    client_body_temp_path body;
                    proxy_temp_path proxy;
                    fastcgi_temp_path fastcgi;
                    uwsgi_temp_path uwsgi;
                    scgi_temp_path scgi;
                    include site.conf;
                }
                """);
        List<String> command = List.of("nginx", "-e", "stderr", "-p", place.toString(), "-c", main.toString());
        return Child.start(Map.of(), command);
    }

    private static int status(List<String> command) throws IOException {
        try (Child child = Child.start(Map.of(), command)) {
            return child.awaitExit();
        }
    }

    private static String block(String language) {
        return block(language, "");
    }

    private static String block(String language, String part) {
        return Documentation.blocks().stream()
                .filter(block -> block.document().equals("docs/operate.md"))
                .filter(block -> block.language().equals(language))
                .map(Block::text)
                .filter(text -> text.contains(part))
                .findFirst()
                .orElseThrow();
    }

    /** The first group of the pattern in the line that matches it. */
    private static String line(String text, String pattern) {
        Matcher line = Pattern.compile("(?m)^" + pattern + "$").matcher(text);
        assertThat(line.find()).as("%s in %s", pattern, text).isTrue();
        return line.group(1);
    }

    /** The strings of a JSON array. */
    private static List<String> strings(String array) {
        return new ArrayList<>(Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"")
                .matcher(array)
                .results()
                .map((MatchResult found) -> found.group(1).replace("\\\\", "\\"))
                .toList());
    }
}
