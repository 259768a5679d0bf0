package dev.thrum.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.Principal;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which certificate a client gets, for its server name and for the key types that it supports. */
final class ServerKeysTest {
    private static final TestAuthority ROOT = TestAuthority.root("Test root");
    private static final CertifiedKey FIRST_RSA = rsa("first.example");
    private static final CertifiedKey BOTH_EC = ROOT.server("both.example", "*.both.example");
    private static final CertifiedKey BOTH_RSA = rsa("both.example", "*.both.example");
    private static final CertifiedKey EXACT_RSA = rsa("www.wild.example");
    private static final CertifiedKey WILD_EC = ROOT.server("*.wild.example");
    private static final CertifiedKey ONLY_EC = ROOT.server("ec.example");

    /** All names, with RSA first. */
    private static final ServerKeys KEYS =
            new ServerKeys(List.of(FIRST_RSA, BOTH_EC, BOTH_RSA, EXACT_RSA, WILD_EC, ONLY_EC));

    private static CertifiedKey rsa(String... names) {
        return new TestAuthority.Order(names).kind(SelfSigned.Kind.RSA).issue(ROOT);
    }

    @ParameterizedTest
    @CsvSource({
        "both.example, both.example EC",
        "BOTH.Example, both.example EC",
        "a.both.example, both.example EC",
        "a.b.both.example, first.example RSA",
        "www.wild.example, www.wild.example RSA",
        "other.wild.example, *.wild.example EC",
        "wild.example, first.example RSA",
        "ec.example, ec.example EC",
        "unknown.example, first.example RSA",
        ", first.example RSA"
    })
    void exactNameThenWildcardThenFirst_inBothVersions(@Nullable String host, String expected) throws SSLException {
        assertThat(chosen(KEYS, host, "TLSv1.3")).isEqualTo(expected);
        assertThat(chosen(KEYS, host, "TLSv1.2")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "both.example, both.example RSA",
        "a.both.example, both.example RSA",
        "other.wild.example, first.example RSA",
        "ec.example, first.example RSA"
    })
    void clientThatSupportsOnlyRsa_getsAnRsaKeyOrTheFirst(String host, String expected) throws SSLException {
        for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
            SSLEngine client = client(host, protocol);
            setSchemes(client, "rsa_pss_rsae_sha256", "rsa_pkcs1_sha256");
            assertThat(chosen(KEYS, client)).as(protocol).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void clientThatSupportsOnlyEcdsa_getsTheFirstEcKey_ifItsNameHasNone(String protocol) throws SSLException {
        SSLEngine client = client("www.wild.example", protocol);
        setSchemes(client, "ecdsa_secp256r1_sha256");
        assertThat(chosen(KEYS, client)).isEqualTo("*.wild.example EC");

        SSLEngine unknown = client("unknown.example", protocol);
        setSchemes(unknown, "ecdsa_secp256r1_sha256");
        assertThat(chosen(KEYS, unknown)).isEqualTo("both.example EC");
    }

    @Test
    void clientWithOnlyRsaSuites_getsAnRsaKey_evenIfItSupportsEcdsaSignatures() throws SSLException {
        SSLEngine client = client("ec.example", "TLSv1.2");
        client.setEnabledCipherSuites(new String[] {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"});
        assertThat(chosen(KEYS, client)).isEqualTo("first.example RSA");
    }

    @Test
    void noUsableKey_failsTheHandshake() {
        SSLEngine client = client("ec.example", "TLSv1.3");
        setSchemes(client, "ed25519");
        assertThatThrownBy(() -> chosen(KEYS, client)).isInstanceOf(SSLHandshakeException.class);
    }

    @Test
    void edwardsKeyIsUsed_inBothVersions() throws SSLException {
        ServerKeys keys = new ServerKeys(List.of(new TestAuthority.Order("ed.example")
                .kind(SelfSigned.Kind.ED25519)
                .issue(ROOT)));
        assertThat(chosen(keys, "ed.example", "TLSv1.3")).isEqualTo("ed.example EdDSA");
        assertThat(chosen(keys, "ed.example", "TLSv1.2")).isEqualTo("ed.example EdDSA");
    }

    @Test
    void signaturesOfTheClientDecide_asIfTheJdkAsked() {
        ServerKeys keys = new ServerKeys(List.of(ONLY_EC, FIRST_RSA));
        assertThat(keys.choose("EC", null, Set.of(), true)).isEqualTo("0");
        assertThat(keys.choose("RSA", null, Set.of(), true)).isNull();
        assertThat(keys.choose("RSA", "first.example", Set.of(), true)).isEqualTo("1");
        assertThat(keys.choose("EC", "first.example", Set.of(), true)).isNull();
        assertThat(keys.choose("EC", null, Set.of("SHA384withECDSA"), true)).isNull();
        assertThat(keys.choose("EC", null, Set.of("SHA384withECDSA"), false)).isEqualTo("0");
        assertThat(keys.choose("RSA", null, Set.of("SHA384withECDSA", "RSASSA-PSS"), true))
                .isEqualTo("1");
        assertThat(keys.choose("RSA", null, Set.of("SHA256withRSA"), true)).isNull();
        assertThat(keys.choose("RSA", null, Set.of("SHA256withRSA"), false)).isEqualTo("1");
        assertThat(keys.choose("EdDSA", null, Set.of("Ed25519"), true)).isNull();
    }

    @Test
    void chainAndKeyAreThoseOfTheAlias() {
        ServerKeys keys = new ServerKeys(List.of(ONLY_EC, FIRST_RSA));
        assertThat(keys.getCertificateChain("1")).containsExactlyElementsOf(FIRST_RSA.chain());
        assertThat(keys.getPrivateKey("1")).isSameAs(FIRST_RSA.key());
        for (String unknown : new String[] {"2", "-1", "x", ""}) {
            assertThat(keys.getCertificateChain(unknown)).isNull();
            assertThat(keys.getPrivateKey(unknown)).isNull();
        }
        assertThat(keys.getServerAliases("RSA", null)).containsExactly("1");
        assertThat(keys.getServerAliases("DSA", null)).isNull();
    }

    @Test
    void clientChoosesACertificateOfAWantedIssuer() {
        TestAuthority other = TestAuthority.root("Other root");
        CertifiedKey below = other.intermediate("Below").client("alice");
        ServerKeys keys = new ServerKeys(List.of(ROOT.client("bob"), below));
        Principal[] wanted = {other.certificate().getSubjectX500Principal()};

        assertThat(keys.chooseEngineClientAlias(new String[] {"RSA", "EC"}, wanted, null))
                .isEqualTo("1");
        assertThat(keys.chooseEngineClientAlias(new String[] {"EC"}, null, null))
                .isEqualTo("0");
        assertThat(keys.chooseEngineClientAlias(new String[] {"EC"}, new Principal[0], null))
                .isEqualTo("0");
        assertThat(keys.chooseEngineClientAlias(new String[] {"RSA"}, null, null))
                .isNull();
        Principal[] foreign = {TestAuthority.root("Foreign").certificate().getSubjectX500Principal()};
        assertThat(keys.chooseEngineClientAlias(new String[] {"EC"}, foreign, null))
                .isNull();
    }

    @Test
    void noCertificate_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ServerKeys(List.of()));
    }

    private static SSLEngine client(@Nullable String host, String protocol) {
        return MemoryHandshake.client(MemoryHandshake.context(null, PeerChecks.none()), host, protocol);
    }

    private static void setSchemes(SSLEngine client, String... schemes) {
        SSLParameters parameters = client.getSSLParameters();
        parameters.setSignatureSchemes(schemes);
        client.setSSLParameters(parameters);
    }

    private static String chosen(ServerKeys keys, @Nullable String host, String protocol) throws SSLException {
        return chosen(keys, client(host, protocol));
    }

    private static String chosen(ServerKeys keys, SSLEngine client) throws SSLException {
        new MemoryHandshake(client, MemoryHandshake.server(MemoryHandshake.context(keys, null))).run();
        X509Certificate sent = (X509Certificate) client.getSession().getPeerCertificates()[0];
        return CertifiedKey.title(sent) + " " + sent.getPublicKey().getAlgorithm();
    }
}
