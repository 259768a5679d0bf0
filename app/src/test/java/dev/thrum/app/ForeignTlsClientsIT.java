package dev.thrum.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code thrum serve --tls} as real processes, with the clients that other people have written. */
@Timeout(180)
final class ForeignTlsClientsIT {
    enum On {
        THREADS,
        VIRTUAL,
        EVENTS;

        String flag() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @TempDir
    private static Path folder;

    private static final Map<On, Child> servers = new EnumMap<>(On.class);
    private static TestCertificates certificates;
    private static String authority;

    @TempDir
    private Path own;

    @BeforeAll
    static void start() throws IOException {
        certificates = new TestCertificates(folder).server("server");
        authority = certificates.chain("ca").toString();
        String chain = certificates.chain("server").toString();
        String key = certificates.key("server").toString();
        for (On engine : On.values()) {
            servers.put(
                    engine,
                    Child.serve("--engine", engine.flag(), "--tls", "web,echo", "--tls-cert", chain, "--tls-key", key));
        }
    }

    /** Each server has served bad and good clients, and said nothing that an operator would have to look into. */
    @AfterAll
    static void stop() throws IOException {
        for (Child server : servers.values()) {
            try (server) {
                server.signal("TERM");
                assertThat(server.awaitExit()).as("%s", server.err()).isZero();
                assertThat(server.err()).noneMatch(line -> line.contains("Exception") || line.contains("SEVERE"));
            }
        }
    }

    private static String port(On engine, String service) {
        return Integer.toString(Objects.requireNonNull(servers.get(engine)).port(service));
    }

    private static String web(On engine) {
        return "https://localhost:" + port(engine, "web") + "/";
    }

    /** Starts a client with a home folder of its own, so that no settings of a user matter. */
    private Child client(String... command) throws IOException {
        return Child.start(Map.of("HOME", own.toString()), List.of(command));
    }

    private List<String> run(String... command) throws IOException {
        return exitsWith(0, command);
    }

    /** Runs a client that must end with this status; returns what it printed, errors last. */
    private List<String> exitsWith(int status, String... command) throws IOException {
        try (Child child = client(command)) {
            child.type("");
            assertThat(child.awaitExit()).as("%s %s", child.out(), child.err()).isEqualTo(status);
            List<String> all = new ArrayList<>(child.out());
            all.addAll(child.err());
            return all;
        }
    }

    @ParameterizedTest
    @CsvSource({"THREADS,1.2", "THREADS,1.3", "VIRTUAL,1.2", "VIRTUAL,1.3", "EVENTS,1.2", "EVENTS,1.3"})
    void curl_speaksEachVersion(On engine, String version) throws IOException {
        Needs.command("curl");
        List<String> printed = run(
                "curl",
                "--disable",
                "-sSv",
                "--tlsv" + version,
                "--tls-max",
                version,
                "--cacert",
                authority,
                "-w",
                "%{http_code} %{http_version} %{num_connects}\n",
                web(engine),
                web(engine) + "time");
        assertThat(printed).anyMatch(line -> line.contains("SSL connection using TLSv" + version));
        assertThat(printed).anyMatch(line -> line.contains("ALPN") && line.contains("accepted http/1.1"));
        assertThat(printed).anyMatch(line -> line.endsWith("200 1.1 1"));
        assertThat(printed)
                .as("the connection is kept: session tickets do not spoil it")
                .anyMatch(line -> line.endsWith("200 1.1 0"));
    }

    @ParameterizedTest
    @EnumSource
    void curl_isToldWhatIsWrong(On engine) throws IOException {
        Needs.command("curl");
        // 60: a certificate of an authority that curl does not know; 35: a failed handshake.
        exitsWith(60, "curl", "--disable", "-sS", web(engine));
        List<String> old = exitsWith(
                35, "curl", "--disable", "-sS", "-k", "--tls-max", "1.1", "--ciphers", "ALL@SECLEVEL=0", web(engine));
        assertThat(old).anyMatch(line -> line.contains("alert protocol version"));
        List<String> clear = run("curl", "--disable", "-sS", web(engine).replace("https:", "http:"));
        assertThat(clear).anyMatch(line -> line.contains("This port speaks HTTPS"));
    }

    private Child openssl(On engine, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "openssl",
                "s_client",
                "-connect",
                "localhost:" + port(engine, "echo"),
                "-servername",
                "localhost",
                "-CAfile",
                authority,
                "-verify_return_error"));
        command.addAll(List.of(more));
        return client(command.toArray(String[]::new));
    }

    private static void echoed(Child client, String line) throws IOException {
        client.send(line + "\n");
        client.awaitOut("Echo: " + line);
    }

    @ParameterizedTest
    @CsvSource({"THREADS,1_2", "THREADS,1_3", "VIRTUAL,1_2", "VIRTUAL,1_3", "EVENTS,1_2", "EVENTS,1_3"})
    void openssl_resumesItsSession(On engine, String version) throws IOException {
        Needs.command("openssl");
        String session = own.resolve("session.pem").toString();
        String name = "TLSv" + version.replace('_', '.');
        try (Child first = openssl(engine, "-tls" + version, "-sess_out", session)) {
            echoed(first, "hello");
            first.type("");
            assertThat(first.awaitExit()).isZero();
            assertThat(first.out()).anyMatch(line -> line.startsWith("New, " + name));
        }
        try (Child second = openssl(engine, "-tls" + version, "-sess_in", session)) {
            echoed(second, "hello again");
            second.type("");
            assertThat(second.awaitExit()).isZero();
            assertThat(second.out()).anyMatch(line -> line.startsWith("Reused, " + name));
        }
    }

    @ParameterizedTest
    @EnumSource
    void openssl_changesKeys(On engine) throws IOException {
        Needs.command("openssl");
        try (Child client = openssl(engine, "-tls1_3")) {
            echoed(client, "0");
            for (int i = 1; i <= 8; i++) {
                // K asks that the server changes its keys, too.
                client.send(i % 2 == 0 ? "k\n" : "K\n");
                client.awaitErr("KEYUPDATE");
                echoed(client, Integer.toString(i));
            }
            client.type("quit\n");
            assertThat(client.awaitExit()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void openssl_cannotRenegotiate(On engine) throws IOException {
        Needs.command("openssl");
        try (Child client = openssl(engine, "-tls1_2", "-msg")) {
            echoed(client, "before");
            client.send("R\n");
            client.awaitErr("RENEGOTIATING");
            client.awaitExit();
            assertThat(client.out())
                    .filteredOn(line -> line.startsWith("<<<") && line.endsWith(" ServerHello"))
                    .as("only the first handshake is answered")
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"THREADS,1.2", "THREADS,1.3", "VIRTUAL,1.2", "VIRTUAL,1.3", "EVENTS,1.2", "EVENTS,1.3"})
    void gnutls_resumesAndChangesKeys(On engine, String version) throws IOException {
        Needs.command("gnutls-cli");
        String priority = "NORMAL:-VERS-ALL:+VERS-TLS" + version;
        String port = port(engine, "echo");
        assertThat(run("gnutls-cli", "-r", "--priority", priority, "--x509cafile", authority, "-p", port, "localhost"))
                .contains("- Status: The certificate is trusted. ", "*** This is a resumed session");
        if (version.equals("1.3")) {
            try (Child client =
                    client("gnutls-cli", "--inline-commands", "--x509cafile", authority, "-p", port, "localhost")) {
                echoed(client, "before");
                client.send("^rekey^\n");
                client.awaitOut("Rekey was completed");
                echoed(client, "after");
                client.send("quit\n");
                client.awaitOut("Peer has closed the GnuTLS connection");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void chromium_showsThePage_withAnAuthorityItTrusts(On engine) throws IOException {
        Needs.command("chromium");
        Needs.command("certutil");
        Path database = Files.createDirectories(own.resolve(".pki/nssdb"));
        String name = "sql:" + database;
        run("certutil", "-d", name, "-N", "--empty-password");
        run("certutil", "-d", name, "-A", "-t", "C,,", "-n", "test", "-i", authority);
        assertThat(chromium(engine)).anyMatch(line -> line.contains("Welcome to the Thrum API"));
        run("certutil", "-d", name, "-D", "-n", "test");
        assertThat(chromium(engine))
                .anyMatch(line -> line.contains("net_error -202"))
                .noneMatch(line -> line.contains("Welcome to the Thrum API"));
    }

    private List<String> chromium(On engine) throws IOException {
        try (Child browser = client(
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--enable-logging=stderr",
                "--user-data-dir=" + Files.createTempDirectory(own, "profile"),
                "--dump-dom",
                web(engine))) {
            browser.awaitExit();
            List<String> all = new ArrayList<>(browser.out());
            all.addAll(browser.err());
            return all;
        }
    }

    @ParameterizedTest
    @EnumSource
    void node_keepsAndResumes(On engine) throws IOException {
        Needs.command("node");
        Path script = Files.writeString(own.resolve("client.js"), """
                const https = require('https'), tls = require('tls');
                const ca = require('fs').readFileSync(process.argv[2]);
                const [web, echo] = process.argv.slice(3);
                const agent = new https.Agent({keepAlive: true, maxSockets: 1, ca});
                const get = () => new Promise((done, failed) => {
                  const request = https.get({host: 'localhost', port: web, agent}, response => {
                    response.resume().on('end', () => done(`${response.statusCode} ${request.reusedSocket}`));
                  }).on('error', failed);
                });
                const talk = (version, session) => new Promise((done, failed) => {
                  let text = '', ticket;
                  const options = {host: 'localhost', port: echo, ca, session, minVersion: version, maxVersion: version};
                  const socket = tls.connect(options, () => socket.write('hello\\r\\nquit\\r\\n'));
                  socket.on('session', s => ticket = s).on('data', d => text += d).on('error', failed).on('end', () => {
                    console.log(version, socket.isSessionReused(), text.includes('Echo: hello'));
                    done(ticket);
                  });
                });
                (async () => {
                  console.log(await get(), await get(), await get());
                  agent.destroy();
                  for (const version of ['TLSv1.2', 'TLSv1.3']) await talk(version, await talk(version));
                })();
                """);
        assertThat(run("node", script.toString(), authority, port(engine, "web"), port(engine, "echo")))
                .containsExactly(
                        "200 false 200 true 200 true",
                        "TLSv1.2 false true",
                        "TLSv1.2 true true",
                        "TLSv1.3 false true",
                        "TLSv1.3 true true");
    }

    @ParameterizedTest
    @CsvSource({
        "THREADS,TLSv1.2",
        "THREADS,TLSv1.3",
        "VIRTUAL,TLSv1.2",
        "VIRTUAL,TLSv1.3",
        "EVENTS,TLSv1.2",
        "EVENTS,TLSv1.3"
    })
    void java_speaksEachVersion(On engine, String version) throws Exception {
        SSLParameters only = new SSLParameters();
        only.setProtocols(new String[] {version});
        try (HttpClient client = HttpClient.newBuilder()
                .sslContext(certificates.client())
                .sslParameters(only)
                .build()) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(web(engine) + "time")).build();
            for (int i = 0; i < 3; i++) {
                HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
                assertThat(response.statusCode()).isEqualTo(200);
                assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
                assertThat(response.sslSession().orElseThrow().getProtocol()).isEqualTo(version);
            }
        }
    }
}
