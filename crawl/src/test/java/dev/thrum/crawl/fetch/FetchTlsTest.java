package dev.thrum.crawl.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.base.Clock;
import dev.thrum.crawl.fetch.FetchNetwork.Trust;
import dev.thrum.crawl.fetch.FetchResult.Failed;
import dev.thrum.crawl.fetch.FetchResult.Saved;
import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.engine.spi.Wire;
import dev.thrum.http.client.url.Url;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.scripted.FileServer;
import dev.thrum.testkit.scripted.HandClock;
import dev.thrum.testkit.scripted.ServedFile;
import dev.thrum.tls.Tls;
import dev.thrum.tls.TlsClient;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Encrypted downloads: whom they trust, and where their files end. */
@ExtendWith(LeakCheck.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class FetchTlsTest {
    private static final InetSocketAddress LOOPBACK = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @TempDir
    private Path temporary;

    private final FileServer files =
            new FileServer().put("/a.txt", ServedFile.of("text").withEtag("\"1\""));
    private Engine engine;
    private Surroundings around;

    @BeforeEach
    void open() throws IOException {
        engine = Engine.virtual();
        around = Surroundings.in(temporary);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private Server serve(ConnectionHandler handler, Tls tls) throws IOException {
        return engine.listen(LOOPBACK, handler, Limits.defaults(), tls);
    }

    private FetchResult fetch(TlsClient tls, int port) throws Exception {
        return fetch(tls, port, FetchLimits.defaults());
    }

    private FetchResult fetch(TlsClient tls, int port, FetchLimits limits) throws Exception {
        try (FetchNetwork network = FetchNetwork.over(engine, limits, new Trust(false, tls));
                DownloadFolder folder = DownloadFolder.open(around.out())) {
            Url url = Url.parse("https://localhost:" + port + "/a.txt");
            return new Fetcher(network, folder, Clock.system()).fetch(FetchRequest.of(url), FetchWatch.NONE);
        } finally {
            around.assertUnharmed();
        }
    }

    /** Trusts the certificate that this server shows. */
    private TlsClient trusting(Server server) throws Exception {
        X509Certificate shown;
        TlsClient any = TlsClient.builder().insecure().to("localhost");
        try (Connection connection = engine.connect(server.address(), any, Duration.ofSeconds(10))) {
            shown = connection.tls().orElseThrow().peerCertificates().getFirst();
        }
        Path file = temporary.resolve("ca.pem");
        Files.writeString(
                file,
                "-----BEGIN CERTIFICATE-----\n" + Base64.getMimeEncoder().encodeToString(shown.getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
        return TlsClient.builder().authorities(file).build();
    }

    private void assertRefused(FetchResult result, String... reasons) throws IOException {
        assertThat(result).isInstanceOfSatisfying(Failed.class, failed -> {
            assertThat(failed.mayRetry()).isFalse();
            assertThat(failed.reason()).contains(reasons).doesNotContain("\n");
        });
        assertThat(around.names()).isEmpty();
    }

    @Test
    void trustedServer_isFetchedFrom() throws Exception {
        Server server = serve(files, Tls.selfSigned("localhost"));
        assertThat(fetch(trusting(server), server.address().getPort())).isInstanceOf(Saved.class);
        assertThat(around.names()).containsExactly("a.txt");
    }

    @Test
    void selfSignedCertificate_isRefused_andNotRetried() throws Exception {
        Server server = serve(files, Tls.selfSigned("localhost"));
        assertRefused(fetch(TlsClient.ofSystem(), server.address().getPort()), "localhost");
        assertThat(files.requests()).isEmpty();
    }

    @Test
    void certificateForAnotherHost_isRefused_andNotRetried() throws Exception {
        Server server = serve(files, Tls.selfSigned("example.org"));
        assertRefused(fetch(trusting(server), server.address().getPort()), "localhost", "example.org");
    }

    @Test
    void expiredCertificate_isRefused_andNotRetried() throws Exception {
        HandClock then = new HandClock(Instant.parse("2026-01-01T00:00:00Z"));
        Tls tls = Tls.server()
                .deterministic(new SecureRandom(), then)
                .selfSigned(List.of("localhost"))
                .build();
        Server server = serve(files, tls);
        assertRefused(fetch(trusting(server), server.address().getPort()), "expired");
    }

    @Test
    void insecureTrust_acceptsAll() throws Exception {
        Server server = serve(files, Tls.selfSigned("example.org"));
        TlsClient insecure = TlsClient.builder().insecure().build();
        assertThat(fetch(insecure, server.address().getPort())).isInstanceOf(Saved.class);
    }

    @Test
    void handshakeThatStalls_isRetried_afterTheTimeout() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            FetchLimits limits = FetchLimits.defaults().withTimeout(Duration.ofMillis(300));
            assertThat(fetch(TlsClient.ofSystem(), silent.getLocalPort(), limits))
                    .isInstanceOfSatisfying(Failed.class, failed -> {
                        assertThat(failed.mayRetry()).isTrue();
                        assertThat(failed.reason()).contains("TLS handshake");
                    });
        }
    }

    /** A body that lasts up to the end of the connection, whose end somebody on the way may have sent. */
    @Test
    void endWithoutCloseNotify_isAFailure() throws Exception {
        for (String head : List.of("", "Content-Length: 100\r\nETag: \"1\"\r\n")) {
            Server server = serve(
                    connection -> {
                        connection.reader().readLine(1_000);
                        connection.writer().write("HTTP/1.1 200 OK\r\n" + head + "Connection: close\r\n\r\npart");
                        connection.writer().flush();
                        endBelow(connection);
                    },
                    Tls.selfSigned("localhost"));
            TlsClient insecure = TlsClient.builder().insecure().build();
            assertThat(fetch(insecure, server.address().getPort()))
                    .isInstanceOfSatisfying(
                            Failed.class,
                            failed -> assertThat(failed.mayRetry()).isTrue());
            assertThat(around.names()).isEmpty();
        }
    }

    /** Ends the stream below an encrypted connection, as somebody on the way can. */
    private static void endBelow(Connection connection) throws IOException {
        try {
            Method wire = Connection.class.getDeclaredMethod("wire");
            wire.setAccessible(true);
            ((Wire) wire.invoke(connection)).base().shutdownOutput();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("expected a connection with a wire", e);
        }
    }
}
