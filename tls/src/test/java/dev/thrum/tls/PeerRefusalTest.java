package dev.thrum.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.CertPath;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertPathValidatorException.Reason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXReason;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The lines for failures of the JDK that are hard to provoke in a handshake. */
final class PeerRefusalTest {
    private static final TestAuthority MIDDLE = TestAuthority.root("Root").intermediate("Middle");
    private static final CertifiedKey SERVER = MIDDLE.server("www.example");

    private final PeerRefusal refusal = new PeerRefusal(SERVER.chain(), true, "www.example", TestAuthority.NOW);

    @Test
    void revoked() throws Exception {
        assertThat(reason(BasicReason.REVOKED, 0)).isEqualTo("it was revoked");
        assertThat(reason(BasicReason.REVOKED, 1)).isEqualTo("the certificate of its authority Middle was revoked");
        assertThat(reason(BasicReason.UNDETERMINED_REVOCATION_STATUS, 0))
                .isEqualTo("nobody says whether it was revoked");
        assertThat(reason(BasicReason.REVOKED, -1)).isEqualTo("it was revoked");
    }

    @Test
    void limitsOfTheAuthority() throws Exception {
        assertThat(reason(PKIXReason.PATH_TOO_LONG, 1))
                .isEqualTo(
                        "the certificate of its authority Middle may not issue certificates, but has issued another of"
                                + " the chain");
        assertThat(reason(PKIXReason.INVALID_NAME, 0))
                .isEqualTo("it has a name that its authority may not issue certificates for");
        assertThat(reason(PKIXReason.UNRECOGNIZED_CRIT_EXT, 0))
                .isEqualTo("it has a critical extension that is unknown here");
    }

    @Test
    void theOuterReasonCounts_unlessItIsNone() throws Exception {
        CertPathValidatorException inner = failure(BasicReason.REVOKED, 0);
        assertThat(refusal.reason(wrapped(new CertPathBuilderException("no path", inner))))
                .isEqualTo("it was revoked");
        assertThat(refusal.reason(wrapped(new CertPathValidatorException("unspecified", inner))))
                .isEqualTo("it was revoked");
    }

    @Test
    void anyOtherFailure_isTheJdksWords_inOneLine() {
        assertThat(refusal.reason(
                        new CertificateException("anchored by\na distrusted root", new IllegalStateException())))
                .isEqualTo("it failed the check: anchored by\\na distrusted root");
    }

    @Test
    void unknownCircle_ends() {
        Throwable first = new IllegalStateException("first");
        first.initCause(new IllegalStateException("second", first));
        assertThat(PeerRefusal.pathFailure(wrapped(first))).isNull();
    }

    @Test
    void lineOfAClient_namesNoHost() {
        CertificateException thrown =
                new PeerRefusal(SERVER.chain(), false, null, TestAuthority.NOW).exception("it was revoked", null);
        assertThat(thrown)
                .hasMessage("client certificate of www.example refused: it was revoked (valid until 2026-07-15)");
    }

    private String reason(Reason reason, int index) throws Exception {
        return refusal.reason(wrapped(failure(reason, index)));
    }

    private static CertPathValidatorException failure(Reason reason, int index) throws Exception {
        CertPath path = CertificateFactory.getInstance("X.509").generateCertPath(List.copyOf(SERVER.chain()));
        return new CertPathValidatorException("failed", null, path, index, reason);
    }

    private static CertificateException wrapped(@Nullable Throwable cause) {
        return new CertificateException("PKIX path validation failed", cause);
    }
}
