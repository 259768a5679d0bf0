package dev.thrum.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.app.cli.PortChoice;
import dev.thrum.app.cli.TimeSpan;
import dev.thrum.engine.Limits;
import dev.thrum.events.EventOptions;
import dev.thrum.events.TransportKind;
import dev.thrum.http.server.TrustedProxies;
import dev.thrum.log.LogFormat;
import dev.thrum.log.Rotation;
import dev.thrum.log.WhenFull;
import dev.thrum.services.web.WebConfig;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.tls.TlsProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every service over TLS on every kind of engine, with clients of the JDK. */
@Timeout(120)
@ExtendWith(LeakCheck.class)
final class EncryptedServicesTest {
    private static final Set<Service> ALL = EnumSet.complementOf(EnumSet.of(Service.UDP_ECHO, Service.UDP_TIME));

    @TempDir
    private static Path folder;

    private static TestCertificates keys;

    @BeforeAll
    static void make() throws IOException {
        keys = new TestCertificates(folder)
                .authority("foreign-ca")
                .server("server")
                .client("ann", "ca")
                .client("expired", "ca", "-startdate", "-20d", "-validity", "10")
                .client("stranger", "foreign-ca");
    }

    private static Services open(EngineKind kind, Set<Service> encrypted, Optional<Path> clientAuthorities)
            throws Exception {
        Map<Service, PortChoice> ports = new EnumMap<>(Service.class);
        for (Service service : Service.values()) {
            ports.put(service, new PortChoice(service.usesDatagrams() ? OptionalInt.empty() : OptionalInt.of(0)));
        }
        CertificateConfig certificates = new CertificateConfig(
                List.of(new CertificateConfig.Pair(keys.chain("server"), keys.key("server"))),
                Optional.empty(),
                Optional.empty(),
                clientAuthorities,
                List.of(),
                TlsProvider.JDK);
        Duration minute = Duration.ofMinutes(1);
        return Services.open(
                new ServeConfig(
                        InetAddress.getLoopbackAddress(),
                        ports,
                        new EngineConfig(kind, 16, 16, new EventOptions(TransportKind.NIO, 1, Duration.ofSeconds(10))),
                        Limits.defaults(),
                        new WebConfig(
                                List.of(),
                                TrustedProxies.none(),
                                WebConfig.pace(minute, minute, minute),
                                Optional.empty(),
                                Optional.empty()),
                        Optional.empty(),
                        Optional.of(new LogConfig(
                                Optional.of(folder.resolve(kind + ".log")),
                                LogFormat.JSON,
                                WhenFull.WAIT,
                                new Rotation(0, false, 0),
                                64)),
                        new ServeConfig.Encryption(encrypted, certificates),
                        50,
                        TimeSpan.of("5s")),
                ZoneOffset.UTC);
    }

    private static int port(Services services, Service service) {
        return Objects.requireNonNull(services.addresses().get(service)).getPort();
    }

    @ParameterizedTest
    @EnumSource(EngineKind.class)
    void everyService_answersOverTls(EngineKind kind) throws Exception {
        SSLContext tls = keys.client();
        try (Services services = open(kind, ALL, Optional.empty())) {
            try (Peer peer = new Peer(port(services, Service.CONSOLE), tls)) {
                assertThat(peer.line()).isEqualTo("Welcome! You are client number 1");
                peer.send("count\nquit\n");
                assertThat(peer.line()).isEqualTo("Current client count: 1");
                assertThat(peer.line()).isEqualTo("Goodbye!");
                assertThat(peer.line()).isNull();
            }
            try (Peer peer = new Peer(port(services, Service.ECHO), tls)) {
                assertThat(peer.line()).isEqualTo("Welcome to the Thrum echo server!");
                peer.send("x".repeat(16_000) + "\r\n");
                assertThat(peer.line()).isEqualTo("Echo: " + "x".repeat(16_000));
            }
            try (Peer peer = new Peer(port(services, Service.GREETER), tls)) {
                peer.send("Zack");
                assertThat(peer.read()).isEqualTo('-');
            }
            try (Peer peer = new Peer(port(services, Service.CHAT), tls);
                    Peer other = new Peer(port(services, Service.CHAT), tls)) {
                assertThat(peer.line()).startsWith("Welcome! You are guest-");
                assertThat(other.line()).startsWith("Welcome! You are guest-");
                peer.send("join lobby\n");
                assertThat(peer.line()).isEqualTo("You joined lobby (1 here).");
                other.send("nick Bob\njoin lobby\nHi\n");
                assertThat(peer.line()).isEqualTo("* Bob joined");
                assertThat(peer.line()).isEqualTo("Bob: Hi");
                assertThat(get(services, Service.ADMIN, "/debug/connections"))
                        .contains("\"tls\":{\"protocol\":\"TLSv1.3\",\"cipherSuite\":\"TLS_AES_")
                        .contains("\"waitingFor\":")
                        .doesNotContain("null,\"tls\"");
            }
            assertThat(get(services, Service.WEB, "/echo?message=Hi")).startsWith("{\"echo\":\"Hi\",");
            assertThat(get(services, Service.ADMIN, "/metrics"))
                    .contains(
                            "thrum_tls_handshakes_total{outcome=\"done\",protocol=\"TLSv1.2\"} 0.0\n",
                            "thrum_tls_handshakes_total{outcome=\"failed\",protocol=\"none\"} 0.0\n",
                            "thrum_tls_handshake_seconds_sum ",
                            "thrum_tls_certificate_expires_days{name=\"localhost\"} 89.9")
                    .containsPattern("thrum_tls_handshakes_total\\{outcome=\"done\",protocol=\"TLSv1.3\"} [1-9]")
                    .containsPattern("thrum_tls_handshake_seconds_count [1-9]");
            assertThat(services.drain(Duration.ofSeconds(10))).isTrue();
        }
        assertThat(Files.readString(folder.resolve(kind + ".log")))
                .contains("\"target\":\"/echo?message=Hi\"")
                .contains(",\"scheme\":\"https\",\"tls\":\"TLSv1.3\"}\n");
    }

    private static String get(Services services, Service service, String target) throws Exception {
        URI uri = URI.create("https://localhost:" + port(services, service) + target);
        try (HttpClient client =
                HttpClient.newBuilder().sslContext(keys.client()).build()) {
            HttpResponse<String> response =
                    client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
            return response.body();
        }
    }

    @Test
    void serviceThatIsNotNamed_speaksClearText_andOneThatIs_doesNot() throws Exception {
        try (Services services = open(EngineKind.VIRTUAL, Set.of(Service.WEB), Optional.empty())) {
            try (Peer peer = new Peer(port(services, Service.ECHO))) {
                assertThat(peer.line()).isEqualTo("Welcome to the Thrum echo server!");
            }
            try (Peer peer = new Peer(port(services, Service.WEB))) {
                peer.send("GET /time HTTP/1.1\r\nHost: localhost\r\n\r\n");
                assertThat(peer.line()).isEqualTo("HTTP/1.1 400 Bad Request");
            }
            int web = port(services, Service.WEB);
            try (Peer peer = new Peer(web, keys.client())) {
                peer.send("GET https://localhost:" + web + "/time HTTP/1.1\r\nHost: localhost:" + web
                        + "\r\nConnection: close\r\n\r\n");
                assertThat(peer.line()).isEqualTo("HTTP/1.1 200 OK");
            }
        }
    }

    @Test
    void pageOfAnEncryptedService_showsItsScheme() throws Exception {
        try (Services services = open(EngineKind.VIRTUAL, Set.of(Service.WEB, Service.ADMIN), Optional.empty())) {
            for (Service service : List.of(Service.WEB, Service.ADMIN)) {
                int port = port(services, service);
                try (Peer peer = new Peer(port, keys.client())) {
                    peer.send("GET / HTTP/1.1\r\nHost: localhost:" + port
                            + "\r\nAccept: text/html\r\nConnection: close\r\n\r\n");
                    StringBuilder page = new StringBuilder();
                    for (String line = peer.line(); line != null; line = peer.line()) {
                        page.append(line);
                    }
                    assertThat(page).contains(">curl https://localhost:" + port).doesNotContain("curl http://");
                }
            }
        }
    }

    @Test
    void client_isServed_onlyWithACertificateOfTheAuthority() throws Exception {
        Optional<Path> authority = Optional.of(keys.chain("ca"));
        try (Services services = open(EngineKind.VIRTUAL, ALL, authority)) {
            int port = port(services, Service.ECHO);
            try (Peer peer = new Peer(port, keys.clientWith("ann"))) {
                assertThat(peer.line()).isEqualTo("Welcome to the Thrum echo server!");
            }
            for (SSLContext refused : List.of(keys.client(), keys.clientWith("expired"), keys.clientWith("stranger"))) {
                assertThatThrownBy(() -> {
                            try (Peer peer = new Peer(port, refused)) {
                                assertThat(peer.line()).isNull();
                                throw new SSLException("the end");
                            }
                        })
                        .isInstanceOf(IOException.class);
            }
        }
    }
}
