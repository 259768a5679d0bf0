package dev.thrum.http.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.engine.AddressRefusedException;
import dev.thrum.engine.Connection;
import dev.thrum.engine.DeadlineException;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.events.EventEngine;
import dev.thrum.events.EventOptions;
import dev.thrum.http.Response;
import dev.thrum.http.server.HttpConfig;
import dev.thrum.http.server.HttpServer;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.scripted.HandClock;
import dev.thrum.tls.Tls;
import dev.thrum.tls.TlsClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** The client over TLS: whom it trusts, where it connects to, and how encrypted responses end. */
@ParameterizedClass
@ValueSource(strings = {"virtual", "events"})
@ExtendWith(LeakCheck.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HttpsTest {
    private static final InetSocketAddress LOOPBACK = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final String kind;

    @TempDir
    private Path folder;

    private Engine engine;

    HttpsTest(String kind) {
        this.kind = kind;
    }

    @BeforeEach
    void open() {
        engine = kind.equals("virtual") ? Engine.virtual() : EventEngine.open(EventOptions.defaults());
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private Server serve(Tls tls) throws IOException {
        HttpServer server =
                HttpServer.over(request -> Response.text("hello from " + request.path()), HttpConfig.defaults());
        return engine.listen(LOOPBACK, server, Limits.defaults(), tls);
    }

    private static URI uri(String host, Server server) {
        return URI.create("https://" + host + ":" + server.address().getPort() + "/");
    }

    private String get(HttpClientConfig config, URI uri) throws IOException {
        try (HttpClient client = HttpClient.over(engine, config);
                ClientResponse response = client.send(ClientRequest.get(uri))) {
            return new String(response.body().readAllBytes(), US_ASCII);
        }
    }

    /** Trusts the certificate that this server shows. */
    private HttpClientConfig trusting(Server server) throws IOException {
        X509Certificate shown;
        TlsClient any = TlsClient.builder().insecure().to("localhost");
        try (Connection connection = engine.connect(server.address(), any, Duration.ofSeconds(10))) {
            shown = connection.tls().orElseThrow().peerCertificates().getFirst();
        }
        Path file = folder.resolve("ca.pem");
        try {
            Files.writeString(
                    file,
                    "-----BEGIN CERTIFICATE-----\n" + Base64.getMimeEncoder().encodeToString(shown.getEncoded())
                            + "\n-----END CERTIFICATE-----\n");
        } catch (java.security.cert.CertificateEncodingException e) {
            throw new AssertionError(e);
        }
        return HttpClientConfig.defaults()
                .withTls(TlsClient.builder().authorities(file).build());
    }

    @Test
    void responsesArrive_andConnectionsAreKept() throws Exception {
        Server server = serve(Tls.selfSigned("localhost"));
        try (HttpClient client = HttpClient.over(engine, trusting(server))) {
            long before = engine.stats().accepted();
            for (int i = 0; i < 5; i++) {
                try (ClientResponse response = client.send(ClientRequest.get(uri("localhost", server)))) {
                    assertThat(response.body().readAllBytes()).isEqualTo("hello from /".getBytes(US_ASCII));
                }
            }
            // Session tickets arrive on a kept connection; they are no reason to give it up.
            assertThat(engine.stats().accepted() - before).isEqualTo(1);
        }
    }

    @Test
    void unknownAuthority_isRefused_inOneLine() throws Exception {
        Server server = serve(Tls.selfSigned("localhost"));
        assertThatThrownBy(() -> get(HttpClientConfig.defaults(), uri("localhost", server)))
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageContaining("localhost")
                .hasMessageNotContaining("\n");
    }

    @Test
    void certificateForAnotherHost_isRefused_inOneLine() throws Exception {
        Server server = serve(Tls.selfSigned("example.org"));
        assertThatThrownBy(() -> get(trusting(server), uri("localhost", server)))
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageContaining("localhost")
                .hasMessageContaining("example.org")
                .hasMessageNotContaining("\n");
    }

    @Test
    void expiredCertificate_isRefused_inOneLine() throws Exception {
        HandClock then = new HandClock(Instant.parse("2026-01-01T00:00:00Z"));
        Server server = serve(Tls.server()
                .deterministic(new SecureRandom(), then)
                .selfSigned(List.of("localhost"))
                .build());
        assertThatThrownBy(() -> get(trusting(server), uri("localhost", server)))
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageContaining("expired")
                .hasMessageContaining("2026-04-01")
                .hasMessageNotContaining("\n");
    }

    @Test
    void handshakeThatStalls_endsAtTheDeadline() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            HttpClientConfig config =
                    HttpClientConfig.defaults().withDeadlines(Duration.ofMillis(300), Duration.ofSeconds(30));
            URI uri = URI.create("https://localhost:" + silent.getLocalPort() + "/");
            assertThatThrownBy(() -> get(config, uri))
                    .isInstanceOf(DeadlineException.class)
                    .hasMessageContaining("TLS handshake");
        }
    }

    @Test
    void serverWithoutTls_isNamed() throws Exception {
        Server server = engine.listen(
                LOOPBACK, HttpServer.over(_ -> Response.text(""), HttpConfig.defaults()), Limits.defaults());
        assertThatThrownBy(() -> get(HttpClientConfig.defaults(), uri("localhost", server)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("expected a TLS handshake but the peer has sent an HTTP response in clear text");
    }

    @Test
    void bodyThatLastsToTheEnd_needsAWordOfTheServer() throws Exception {
        for (boolean says : List.of(true, false)) {
            Server server = engine.listen(
                    LOOPBACK,
                    connection -> {
                        connection.reader().readLine(1_000);
                        connection.writer().write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\npart");
                        connection.writer().flush();
                        if (!says) {
                            // As if somebody on the way had ended the stream.
                            EndBelow.of(connection);
                        }
                    },
                    Limits.defaults(),
                    Tls.selfSigned("localhost"));
            HttpClientConfig config = HttpClientConfig.defaults()
                    .withTls(TlsClient.builder().insecure().build());
            if (says) {
                assertThat(get(config, uri("localhost", server))).isEqualTo("part");
            } else {
                assertThatThrownBy(() -> get(config, uri("localhost", server)))
                        .isInstanceOf(ResponseException.class)
                        .hasMessageContaining("close_notify");
            }
        }
    }

    @Test
    void addressIsRefused_beforeAnythingIsConnected() throws Exception {
        Server server = serve(Tls.selfSigned("localhost"));
        HttpClientConfig config =
                HttpClientConfig.defaults().withAddresses(address -> Optional.of("nothing may be connected to"));
        for (String host : List.of("localhost", "127.0.0.1")) {
            assertThatThrownBy(() -> get(config, uri(host, server)))
                    .isInstanceOf(AddressRefusedException.class)
                    .hasMessageContaining("127.0.0.1")
                    .hasMessageContaining("nothing may be connected to");
        }
        assertThat(engine.stats().accepted()).isZero();
    }
}
