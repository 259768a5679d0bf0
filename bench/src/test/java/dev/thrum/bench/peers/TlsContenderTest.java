package dev.thrum.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.thrum.bench.load.Greeting;
import dev.thrum.bench.load.H2Load;
import dev.thrum.bench.load.HttpSample;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every contender speaks HTTP, over TLS 1.3 with the same certificate or in clear text. */
final class TlsContenderTest {
    private static final int TIMEOUT_MILLIS = 20_000;

    @TempDir
    private static Path folder;

    private static SSLContext clients;

    @BeforeAll
    static void makeCertificate() throws Exception {
        Certificate certificate = Certificate.create(folder, Certificate.Kind.P256);
        System.setProperty("thrum.bench.certificates", folder.toString());
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (InputStream in = new FileInputStream(certificate.chain().toFile())) {
            trusted.setCertificateEntry(
                    "server", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        clients = SSLContext.getInstance("TLS");
        clients.init(null, trust.getTrustManagers(), null);
    }

    @AfterAll
    static void forgetCertificate() {
        System.clearProperty("thrum.bench.certificates");
    }

    @ParameterizedTest
    @MethodSource("contenders")
    void contender_answersBothPaths_onOneConnection(Contender contender) throws Exception {
        try (Endpoint server = start(contender);
                Socket client = connect(contender, server)) {
            assertThat(ask(client, Greeting.TEXT_PATH, Greeting.TEXT).text()).startsWith("HTTP/1.1 200");
            String bulk = new String(Greeting.bulk(), StandardCharsets.US_ASCII);
            assertThat(bulk).hasSize(100 * 1_024);
            assertThat(ask(client, Greeting.BULK_PATH, bulk).text()).endsWith(bulk);
            if (client instanceof SSLSocket secure) {
                assertThat(secure.getSession().getProtocol()).isEqualTo("TLSv1.3");
                assertThat(secure.getSession().getCipherSuite()).isEqualTo(H2Load.SUITE);
            }
        }
    }

    private static List<Contender> contenders() {
        return TlsContenders.all();
    }

    private static Endpoint start(Contender contender) throws Exception {
        try {
            return contender.starter().start(2);
        } catch (UnsupportedOperationException e) {
            return abort(contender.name() + ": " + e.getMessage());
        }
    }

    private static Socket connect(Contender contender, Endpoint server) throws IOException {
        Socket client = TlsContenders.scheme(contender).equals("https")
                ? clients.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), server.port())
                : new Socket(InetAddress.getLoopbackAddress(), server.port());
        client.setSoTimeout(TIMEOUT_MILLIS);
        if (client instanceof SSLSocket secure) {
            secure.setEnabledCipherSuites(new String[] {H2Load.SUITE});
        }
        return client;
    }

    private static HttpSample ask(Socket client, String path, String body) throws IOException {
        String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
        client.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return HttpSample.read(client.getInputStream(), body);
    }
}
