package dev.thrum.app;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --tls} of the packaged program, with clients that others wrote. */
@Timeout(180)
final class TlsIT {
    private static final String ALL = "console,echo,greeter,web,chat,admin";

    @TempDir
    private Path folder;

    private static List<String> run(String script) throws IOException {
        try (Child child = Child.start(Map.of(), List.of("bash", "-c", script))) {
            child.type("");
            assertThat(child.awaitExit()).as("%s: %s", script, child.err()).isZero();
            return child.out();
        }
    }

    private static String fingerprint(Child server) {
        Optional<String> line =
                server.out().stream().filter(it -> it.startsWith("TLS ")).findFirst();
        assertThat(line).isPresent();
        return line.get().replaceFirst(".*; SHA-256 ", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"virtual", "threads", "events"})
    void selfSignedServices_areUsed_onceTheirCertificateIsFetchedAndCompared(String engine) throws IOException {
        Needs.command("openssl");
        Needs.command("curl");
        try (Child server = Child.serve("--engine", engine, "--tls", ALL)) {
            assertThat(server.out()).anyMatch(line -> line.startsWith("web       https://127.0.0.1:"));
            String pem = folder.resolve("server.pem").toString();
            assertThat(run("openssl s_client -connect localhost:" + server.port("echo")
                            + " -showcerts </dev/null 2>&1 |" + " openssl x509 >" + pem
                            + "; openssl x509 -noout -fingerprint -sha256 -in " + pem))
                    .last()
                    .asString()
                    .endsWith("=" + fingerprint(server));
            assertThat(run("curl --silent --show-error --cacert " + pem + " https://localhost:" + server.port("web")
                            + "/echo?message=Hi"))
                    .singleElement()
                    .asString()
                    .startsWith("{\"echo\":\"Hi\"");
            for (String version : List.of("-tls1_2", "-tls1_3")) {
                assertThat(run("printf 'Hi\\nquit\\n' | openssl s_client -quiet -ign_eof -verify_return_error "
                                + version + " -CAfile " + pem + " -connect localhost:" + server.port("console")
                                + " 2>&1"))
                        .as(version)
                        .contains("Echo: Hi", "Goodbye!");
            }
            try (Child talk = Child.thrum(
                    "talk",
                    "localhost:" + server.port("echo"),
                    "--tls",
                    "--ca",
                    pem,
                    "--send",
                    "Hi",
                    "--goodbye",
                    "quit")) {
                assertThat(talk.awaitExit()).as("%s", talk.err()).isZero();
                assertThat(talk.out()).contains("Client 0 received: Echo: Hi");
            }
            assertThat(run("curl --silent --show-error --cacert " + pem + " https://localhost:" + server.port("admin")
                            + "/metrics"))
                    .anyMatch(line ->
                            line.startsWith("thrum_tls_handshakes_total{outcome=\"done\",protocol=\"TLSv1.2\"} 1"));
            server.signal("TERM");
            assertThat(server.awaitExit()).isZero();
        }
    }

    @Test
    void renewedFiles_takeEffect_withoutARestart() throws IOException {
        Needs.command("openssl");
        TestCertificates keys = new TestCertificates(folder).server("one").server("two");
        Path chain = Files.copy(keys.chain("one"), folder.resolve("chain.pem"));
        Path key = Files.copy(keys.key("one"), folder.resolve("key.pem"));
        try (Child server = Child.thrum(
                        Child.freePorts(), "files", ".", "--tls-cert", chain.toString(), "--tls-key", key.toString())
                .awaitServing()) {
            Files.copy(keys.chain("two"), chain, REPLACE_EXISTING);
            Files.copy(keys.key("two"), key, REPLACE_EXISTING);
            server.awaitErr("the certificate files have changed: new connections get the new certificates");
            assertThat(run("openssl s_client -connect localhost:" + server.port("files") + " </dev/null 2>&1"))
                    .anyMatch(line -> line.matches(".*subject=CN ?= ?two"));
        }
    }
}
