package dev.thrum.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.testkit.LeakCheck;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A signature with a long RSA key takes milliseconds, which must not hold the thread of other connections. */
@ExtendWith(LeakCheck.class)
final class SlowKeyTest {
    private static final int PATIENCE_MILLIS = 30_000;

    private static CertifiedKey keyOf(int bits) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits);
        KeyPair pair = generator.generateKeyPair();
        return new TestAuthority.Order("localhost").keys(pair).issue(TestAuthority.root("Root"));
    }

    private static boolean computes() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().startsWith("offload-compute-"));
    }

    @ParameterizedTest
    @CsvSource({
        "EPOLL, 2048, TLSv1.3, false",
        "EPOLL, 3104, TLSv1.3, true",
        "EPOLL, 3104, TLSv1.2, true",
        "IO_URING, 3104, TLSv1.3, true",
        "NIO, 3104, TLSv1.3, true",
        "VIRTUAL, 3104, TLSv1.3, true",
        "THREADS, 3104, TLSv1.3, false"
    })
    void signature_isComputedElsewhere_ifItsKeyIsLong(Kind kind, int bits, String protocol, boolean elsewhere)
            throws Exception {
        ConnectionHandler echo = connection -> {
            connection.writer().write(line(connection));
            connection.writer().flush();
        };
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (Engine engine = kind.open()) {
            Tls tls = Tls.server().certificate(keyOf(bits)).build();
            try (Server server = engine.listen(any, echo, Limits.defaults(), tls);
                    SSLSocket socket = connect(server, protocol)) {
                assertThat(computes()).isFalse();
                socket.getOutputStream().write("hello\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                        .isEqualTo("hello");
                assertThat(computes()).isEqualTo(elsewhere);
            }
        }
    }

    private static String line(Connection connection) throws Exception {
        return connection.reader().readLine(100).orElse("");
    }

    private static SSLSocket connect(Server server, String protocol) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {PeerChecks.none()}, new SecureRandom());
        SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(server.address().getAddress(), server.address().getPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setEnabledProtocols(new String[] {protocol});
        return socket;
    }
}
