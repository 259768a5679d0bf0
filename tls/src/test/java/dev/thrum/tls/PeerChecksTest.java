package dev.thrum.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.assertj.core.api.AbstractStringAssert;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whether certificates of servers and clients are refused, and with which line. */
final class PeerChecksTest {
    private static final Instant NOW = TestAuthority.NOW;
    private static final String HOST = "www.example";
    private static final TestAuthority ROOT = TestAuthority.root("Known root");
    private static final TestAuthority FOREIGN = TestAuthority.root("Foreign root");

    private final SetClock clock = new SetClock(NOW);
    private final PeerChecks checks = PeerChecks.of(List.of(ROOT.certificate()), clock);

    @Test
    void certificateForTheHost_isAccepted_directlyAndBelowAnIntermediate() {
        for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
            assertThat(failure(ROOT.server(HOST), HOST, protocol)).isNull();
            assertThat(failure(ROOT.intermediate("Below").server("*.example"), HOST, protocol))
                    .isNull();
            assertThat(failure(ROOT.server("192.0.2.1", "2001:db8::1"), "192.0.2.1", protocol))
                    .isNull();
            assertThat(failure(ROOT.server("192.0.2.1", "2001:db8::1"), "2001:db8::1", protocol))
                    .isNull();
        }
    }

    @Test
    void rootThatIsSentToo_makesNoDifference() {
        CertifiedKey server = ROOT.server(HOST);
        CertifiedKey whole = new CertifiedKey(server.key(), List.of(server.leaf(), ROOT.certificate()));
        assertThat(failure(whole, HOST, "TLSv1.3")).isNull();
    }

    @Test
    void expired() {
        CertifiedKey server = new TestAuthority.Order(HOST)
                .valid(NOW.minus(Duration.ofDays(60)), Instant.parse("2026-06-01T10:00:00Z"))
                .issue(ROOT);
        refused(server, HOST)
                .isEqualTo("certificate of www.example refused: it expired on 2026-06-01 (checked for www.example)");
        assertThat(cause(server, HOST))
                .isInstanceOfSatisfying(
                        CertPathValidatorException.class,
                        e -> assertThat(e.getReason()).isEqualTo(CertPathValidatorException.BasicReason.EXPIRED));
    }

    @Test
    void notYetValid() {
        CertifiedKey server = new TestAuthority.Order(HOST)
                .valid(Instant.parse("2026-07-01T00:00:00Z"), Instant.parse("2026-08-01T00:00:00Z"))
                .issue(ROOT);
        refused(server, HOST)
                .isEqualTo("certificate of www.example refused: it is not valid before 2026-07-01; check the clock"
                        + " (checked for www.example, valid until 2026-08-01)");
    }

    @Test
    void clockDecides_soTimeThatPassesExpiresACertificate() {
        CertifiedKey server = ROOT.server(HOST);
        assertThat(failure(server, HOST, "TLSv1.3")).isNull();
        clock.advance(Duration.ofDays(30));
        assertThat(failure(server, HOST, "TLSv1.3")).isNull();
        clock.advance(Duration.ofSeconds(1));
        // The date of the JDK's checks is up to a minute old.
        clock.advance(Duration.ofMinutes(1));
        refused(server, HOST).contains("it expired on 2026-07-15");
        clock.set(NOW);
        assertThat(failure(server, HOST, "TLSv1.3")).isNull();
    }

    @Test
    void otherHost() {
        refused(ROOT.server("a.example", "b.example"), HOST)
                .isEqualTo("certificate of a.example refused: it is for a.example, b.example, not for www.example"
                        + " (checked for www.example, valid until 2026-07-15)");
        refused(ROOT.server("a.example", "b.example", "c.example", "d.example", "192.0.2.1"), "192.0.2.2")
                .contains("it is for a.example, b.example, c.example and 2 more, not for 192.0.2.2");
        refused(ROOT.server("*.example"), "a.b.example").contains("it is for *.example, not for a.b.example");
        refused(ROOT.server("192.0.2.1"), HOST).contains("it is for 192.0.2.1, not for www.example");
        refused(ROOT.server("::1"), "2001:db8::1").contains("it is for ::1, not for 2001:db8::1");
    }

    @Test
    void nameThatEndsTheLineIsEscaped() {
        CertifiedKey server = new TestAuthority.Order("a.example\nforged line").issue(ROOT);
        refused(server, HOST)
                .contains("it is for a.example\\nforged line, not for")
                .doesNotContain("\n");
    }

    @Test
    void unknownAuthority_whetherItsCertificateIsSentOrNot() {
        refused(FOREIGN.server(HOST), HOST)
                .isEqualTo("certificate of www.example refused: its authority \"CN=Foreign root\" is unknown and its"
                        + " certificate was not sent; trust this authority if that is intended, or have the peer send"
                        + " its whole chain (checked for www.example, valid until 2026-07-15)");
        CertifiedKey server = FOREIGN.server(HOST);
        refused(new CertifiedKey(server.key(), List.of(server.leaf(), FOREIGN.certificate())), HOST)
                .contains("refused: its authority \"CN=Foreign root\" is unknown; trust this authority if");
    }

    @Test
    void missingIntermediate() {
        CertifiedKey server = ROOT.intermediate("Below").server(HOST);
        refused(new CertifiedKey(server.key(), List.of(server.leaf())), HOST)
                .contains("its authority \"CN=Below\" is unknown and its certificate was not sent");
    }

    @Test
    void authorityOfTheSameNameWithAnotherKey() {
        refused(TestAuthority.root("Known root").server(HOST), HOST)
                .contains("its authority \"CN=Known root\" is unknown");
        CertifiedKey own = ROOT.server(HOST);
        CertificateIssuer forger = new CertificateIssuer(
                ROOT.certificate().getSubjectX500Principal(),
                ROOT.certificate().getPublicKey(),
                own.key(),
                CertificateIssuer.Algorithm.of(own.key()));
        refused(below(forger, own), HOST)
                .contains("it has a signature that is not from the authority it names (checked");
    }

    @Test
    void selfSigned_unlessItIsTrustedItself() throws SSLException {
        CertifiedKey server = SelfSigned.create(List.of(HOST), SelfSigned.Kind.P256, new SecureRandom(), clock);
        refused(server, HOST)
                .contains("refused: it is self-signed; trust this certificate if its SHA-256 is really "
                        + server.fingerprint() + " (checked for www.example, valid until 2026-09-13)");

        PeerChecks trusting = PeerChecks.of(List.of(server.leaf()), clock);
        handshake(server, HOST, "TLSv1.3", trusting);
        clock.advance(SelfSigned.LIFETIME.plusSeconds(1));
        assertThatThrownBy(() -> handshake(server, HOST, "TLSv1.3", trusting))
                .hasMessageContaining("it expired on 2026-09-13");
    }

    @Test
    void expiredIntermediate() {
        CertifiedKey server = ROOT.intermediate("Below", Instant.parse("2026-06-02T00:00:00Z"))
                .server(HOST);
        refused(server, HOST)
                .isEqualTo("certificate of www.example refused: the certificate of its authority Below expired on"
                        + " 2026-06-02 (checked for www.example, valid until 2026-07-15)");
    }

    @Test
    void wrongUsage() {
        refused(
                        new TestAuthority.Order(HOST)
                                .purpose(CertificateFields.CLIENT_AUTHENTICATION)
                                .issue(ROOT),
                        HOST)
                .contains("refused: its key usage does not allow the authentication of a server (checked");
        refused(new TestAuthority.Order(HOST).usage(0x20).issue(ROOT), HOST)
                .contains("refused: its key usage does not allow the authentication of a server (checked");
    }

    @Test
    void certificateOfAServerMayNotIssueOthers() {
        String which = "the certificate of its authority middle.example ";
        CertifiedKey middle = ROOT.server("middle.example");
        CertifiedKey leaf = below(issuer(middle), middle);
        refused(new CertifiedKey(leaf.key(), List.of(leaf.leaf(), middle.leaf())), HOST)
                .contains(which + "has a key usage that does not allow to issue certificates (checked");

        CertifiedKey signing = new TestAuthority.Order("middle.example")
                .usage(CertificateFields.DIGITAL_SIGNATURE | CertificateFields.SIGNS_CERTIFICATES)
                .issue(ROOT);
        CertifiedKey second = below(issuer(signing), signing);
        refused(new CertifiedKey(second.key(), List.of(second.leaf(), signing.leaf())), HOST)
                .contains(which + "may not issue certificates, but has issued another of the chain (checked");
    }

    private static CertificateIssuer issuer(CertifiedKey from) {
        return new CertificateIssuer(
                from.leaf().getSubjectX500Principal(),
                from.leaf().getPublicKey(),
                from.key(),
                CertificateIssuer.Algorithm.of(from.key()));
    }

    /** A certificate for the host with the key of another one. */
    private static CertifiedKey below(CertificateIssuer issuer, CertifiedKey sameKey) {
        CertificateFields fields = new CertificateFields(
                HOST,
                sameKey.leaf().getPublicKey(),
                List.of(HOST),
                NOW,
                NOW.plusSeconds(1),
                false,
                CertificateFields.DIGITAL_SIGNATURE,
                List.of());
        return new CertifiedKey(sameKey.key(), List.of(issuer.issue(fields, new SecureRandom())));
    }

    @Test
    void weakSignature() {
        TestAuthority root = TestAuthority.root("Known root", SelfSigned.Kind.RSA);
        CertifiedKey server = new TestAuthority.Order(HOST)
                .algorithm("MD5withRSA", "1.2.840.113549.1.1.4")
                .issue(root);
        PeerChecks trusting = PeerChecks.of(List.of(root.certificate()), clock);
        assertThatThrownBy(() -> handshake(server, HOST, "TLSv1.2", trusting))
                .hasMessageContaining(
                        "certificate of www.example refused: it uses a weak algorithm: expected a signature"
                                + " with SHA-256 or better but was MD5withRSA (checked for www.example");
    }

    @Test
    void hostThatIsNotChecked_isRefused() {
        SSLEngine client = MemoryHandshake.client(MemoryHandshake.context(null, checks), HOST, "TLSv1.3");
        SSLParameters parameters = client.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("");
        client.setSSLParameters(parameters);
        SSLEngine server =
                MemoryHandshake.server(MemoryHandshake.context(new ServerKeys(List.of(ROOT.server(HOST))), null));
        assertThatThrownBy(() -> new MemoryHandshake(client, server).run())
                .hasMessageContaining("no host name is known that it could be checked for");
    }

    @Test
    void withoutAnEngine_nothingIsAccepted() {
        X509Certificate[] chain = {ROOT.server(HOST).leaf()};
        assertThatThrownBy(() -> checks.checkServerTrusted(chain, "EC")).isInstanceOf(CertificateException.class);
        assertThatThrownBy(() -> checks.checkClientTrusted(chain, "EC")).isInstanceOf(CertificateException.class);
    }

    @Test
    void noChecks_acceptAll() throws SSLException {
        CertifiedKey server = new TestAuthority.Order("other.example")
                .valid(NOW.minusSeconds(2), NOW.minusSeconds(1))
                .issue(FOREIGN);
        handshake(server, HOST, "TLSv1.3", PeerChecks.none());
        handshake(server, HOST, "TLSv1.2", PeerChecks.none());
    }

    @Test
    void systemTrustsItsAuthoritiesAndTheAddedOnes() throws Exception {
        PeerChecks alone = PeerChecks.ofSystem(List.of(), clock);
        assertThat(alone.getAcceptedIssuers()).isNotEmpty();
        PeerChecks more = PeerChecks.ofSystem(List.of(ROOT.certificate()), clock);
        assertThat(more.getAcceptedIssuers())
                .contains(ROOT.certificate())
                .hasSize(alone.getAcceptedIssuers().length + 1);
        handshake(ROOT.server(HOST), HOST, "TLSv1.3", more);
        assertThatThrownBy(() -> handshake(ROOT.server(HOST), HOST, "TLSv1.3", alone))
                .hasMessageContaining("its authority \"CN=Known root\" is unknown");
    }

    @Test
    void noAuthority_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> PeerChecks.of(List.of(), clock));
    }

    @Test
    void clientCertificates() {
        assertThat(clientFailure(ROOT.client("alice"))).isNull();
        clientRefused(FOREIGN.client("alice"))
                .startsWith("client certificate of alice refused: its authority \"CN=Foreign root\" is unknown")
                .endsWith(" (valid until 2026-07-15)");
        clientRefused(new TestAuthority.Order("alice")
                        .purpose(CertificateFields.CLIENT_AUTHENTICATION)
                        .valid(NOW.minus(Duration.ofDays(2)), NOW.minus(Duration.ofDays(1)))
                        .issue(ROOT))
                .isEqualTo("client certificate of alice refused: it expired on 2026-06-14");
        clientRefused(ROOT.server("alice")).contains("its key usage does not allow the authentication of a client");
        assertThat(clientFailure(null)).isNotNull();
    }

    @Test
    void bothSidesHaveCertificates() throws Exception {
        CertifiedKey alice = ROOT.intermediate("Below").client("alice");
        for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
            SSLEngine from = MemoryHandshake.client(
                    MemoryHandshake.context(new ServerKeys(List.of(FOREIGN.client("bob"), alice)), checks),
                    HOST,
                    protocol);
            SSLEngine to =
                    MemoryHandshake.server(MemoryHandshake.context(new ServerKeys(List.of(ROOT.server(HOST))), checks));
            to.setNeedClientAuth(true);
            new MemoryHandshake(from, to).run();
            assertThat(to.getSession().getPeerCertificates()).containsExactlyElementsOf(alice.chain());
        }
    }

    private AbstractStringAssert<?> clientRefused(CertifiedKey client) {
        return Assertions.assertThat(message(clientFailure(client)));
    }

    /** What a server says to a client with this certificate; null if it accepts it. */
    private @Nullable Throwable clientFailure(@Nullable CertifiedKey client) {
        X509ExtendedKeyManager keys = client == null ? null : new Stubborn(client);
        SSLEngine from = MemoryHandshake.client(MemoryHandshake.context(keys, PeerChecks.none()), HOST, "TLSv1.2");
        SSLEngine to =
                MemoryHandshake.server(MemoryHandshake.context(new ServerKeys(List.of(ROOT.server(HOST))), checks));
        to.setNeedClientAuth(true);
        return catchThrowable(() -> new MemoryHandshake(from, to).run());
    }

    private AbstractStringAssert<?> refused(CertifiedKey server, String host) {
        String message = message(failure(server, host, "TLSv1.3"));
        assertThat(message(failure(server, host, "TLSv1.2"))).isEqualTo(message);
        return Assertions.assertThat(message);
    }

    private @Nullable Throwable cause(CertifiedKey server, String host) {
        Throwable thrown = failure(server, host, "TLSv1.3");
        return thrown == null || thrown.getCause() == null
                ? null
                : thrown.getCause().getCause();
    }

    /** The message without the word that the JDK puts before it. */
    private static String message(@Nullable Throwable thrown) {
        return thrown == null ? "accepted" : String.valueOf(thrown.getMessage()).replaceFirst("^\\([a-z_]+\\) ", "");
    }

    private @Nullable Throwable failure(CertifiedKey server, String host, String protocol) {
        return catchThrowable(() -> handshake(server, host, protocol, checks));
    }

    private static void handshake(CertifiedKey server, String host, String protocol, X509ExtendedTrustManager trust)
            throws SSLException {
        SSLEngine from = MemoryHandshake.client(MemoryHandshake.context(null, trust), host, protocol);
        new MemoryHandshake(
                        from, MemoryHandshake.server(MemoryHandshake.context(new ServerKeys(List.of(server)), null)))
                .run();
    }

    /** A client that sends its certificate whichever authorities the server has named. */
    private static final class Stubborn extends X509ExtendedKeyManager {
        private final CertifiedKey certified;

        private Stubborn(CertifiedKey certified) {
            this.certified = certified;
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return new String[] {"0"};
        }

        @Override
        public String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
            return "0";
        }

        @Override
        public String chooseEngineClientAlias(String[] keyType, Principal[] issuers, SSLEngine engine) {
            return "0";
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return new String[0];
        }

        @Override
        public @Nullable String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return null;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return certified.chain().toArray(X509Certificate[]::new);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return certified.key();
        }
    }
}
