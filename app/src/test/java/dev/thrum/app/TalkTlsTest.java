package dev.thrum.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.services.Echo;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.tls.Tls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code thrum talk --tls}, to servers in this JVM. */
@Timeout(120)
@ExtendWith(LeakCheck.class)
final class TalkTlsTest {
    @TempDir
    private static Path folder;

    private static TestCertificates keys;

    private final Engine engine = Engine.virtual();

    @BeforeAll
    static void make() throws IOException {
        keys = new TestCertificates(folder)
                .server("server")
                .server("past", "-startdate", "-20d", "-validity", "10")
                .server("elsewhere", "-ext", "san=dns:www.example.org")
                .client("ann", "ca");
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private int listen(Tls.Builder tls) throws IOException {
        Server server = engine.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Echo.handler(),
                Limits.defaults(),
                tls.build());
        return server.address().getPort();
    }

    private int listen(String certificate) throws IOException {
        return listen(Tls.server().certificate(keys.chain(certificate), keys.key(certificate)));
    }

    private static Ran talk(String hostAndPort, String... flags) {
        List<String> all = new ArrayList<>(List.of("talk", hostAndPort, "--tls", "--send", "Hi", "--goodbye", "quit"));
        all.addAll(List.of(flags));
        return Ran.of(Map.of(), all.toArray(String[]::new));
    }

    private static String ca() throws IOException {
        return keys.chain("ca").toString();
    }

    private static void assertTalked(Ran ran) {
        assertThat(ran.err()).isEmpty();
        assertThat(ran.status()).isZero();
        assertThat(ran.out().lines())
                .containsExactly(
                        "Client 0 received: Welcome to the Thrum echo server!",
                        "Client 0 received: Echo: Hi",
                        "Client 0 received: Echo: quit");
    }

    private static void assertRefused(Ran ran, String message) {
        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err())
                .startsWith("thrum: cannot connect to ")
                .contains(message)
                .hasLineCount(1);
    }

    @Test
    void conversation_isEncrypted_ifTheAuthorityIsTrusted() throws IOException {
        int port = listen("server");
        assertTalked(talk("localhost:" + port, "--ca", ca()));
        assertTalked(talk("127.0.0.1:" + port, "--ca", ca()));
        assertRefused(talk("localhost:" + port), "its authority \"CN=ca\" is unknown");
    }

    @Test
    void certificate_thatIsOnlySelfSigned_isTrustedIfItIsNamed() throws IOException {
        int port = listen("server");
        // The certificate of the server itself, first in its file, and not that of its authority alone.
        assertTalked(talk("localhost:" + port, "--ca", keys.chain("server").toString()));
    }

    @Test
    void certificate_thatIsExpired_orForAnotherHost_isRefused_inOneLine() throws IOException {
        assertRefused(talk("localhost:" + listen("past"), "--ca", ca()), "it expired on 20");
        assertRefused(
                talk("localhost:" + listen("elsewhere"), "--ca", ca()), "it is for www.example.org, not for localhost");
    }

    @Test
    void everyCertificate_isAccepted_ifInsecure_withAWarning() throws IOException {
        Ran ran = talk("localhost:" + listen("past"), "--insecure");
        assertThat(ran.status()).isZero();
        assertThat(ran.out()).contains("Client 0 received: Echo: Hi");
        assertThat(ran.err())
                .startsWith("thrum: warning: --insecure: the certificate of localhost is not checked")
                .hasLineCount(1);
    }

    @Test
    void certificateOfTheClient_isShown_toAServerThatWantsOne() throws IOException {
        int port = listen(Tls.server()
                .certificate(keys.chain("server"), keys.key("server"))
                .clientAuthorities(keys.chain("ca")));
        assertTalked(talk(
                "localhost:" + port,
                "--ca",
                ca(),
                "--cert",
                keys.chain("ann").toString(),
                "--key",
                keys.key("ann").toString()));
        Ran without = talk("localhost:" + port, "--ca", ca());
        assertThat(without.status()).isEqualTo(1);
        assertThat(without.out()).isEmpty();
        assertThat(without.err()).startsWith("thrum: ").hasLineCount(1);
    }

    @Test
    void serverWithoutTls_isReported_inOneLine() throws IOException {
        Server plain = engine.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Echo.handler(), Limits.defaults());
        assertRefused(
                talk("localhost:" + plain.address().getPort(), "--ca", ca()),
                "expected a TLS handshake but the peer has sent other bytes in clear text, which begins with"
                        + " \"Welcome \"; check that the port speaks TLS");
    }

    @Test
    void fileThatCannotBeUsed_isReported_inOneLine() {
        Ran ran = talk("localhost:1", "--ca", folder.resolve("missing").toString());
        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.err()).startsWith("thrum: ").contains("missing").hasLineCount(1);
    }

    @Test
    void flagsOfTls_withoutTls_changeNothing() throws IOException {
        Server plain = engine.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Echo.handler(), Limits.defaults());
        Ran ran = Ran.of(
                "talk", "localhost:" + plain.address().getPort(), "--insecure", "--ca", "missing", "--goodbye", "quit");
        assertThat(ran.status()).isZero();
        assertThat(ran.err()).isEmpty();
    }
}
