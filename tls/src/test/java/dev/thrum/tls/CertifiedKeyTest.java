package dev.thrum.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A key and its certificates: whether they belong together, for which names, and until when. */
final class CertifiedKeyTest {
    private static final TestAuthority ROOT = TestAuthority.root("Root");

    @ParameterizedTest
    @EnumSource
    void keyOfAnotherCertificate_isRefused(SelfSigned.Kind kind) {
        CertifiedKey one = new TestAuthority.Order("one.example").kind(kind).issue(ROOT);
        CertifiedKey two = new TestAuthority.Order("two.example").kind(kind).issue(ROOT);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CertifiedKey(one.key(), two.chain()))
                .withMessage("expected the private key of the certificate of two.example but was that of another one");
    }

    @Test
    void keyOfAnotherType_andNoCertificate_areRefused() {
        CertifiedKey edwards = new TestAuthority.Order("ed.example")
                .kind(SelfSigned.Kind.ED25519)
                .issue(ROOT);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CertifiedKey(
                        edwards.key(), ROOT.server("ec.example").chain()))
                .withMessage("expected a key of type EC, like that of the certificate of ec.example, but was EdDSA");
        assertThatIllegalArgumentException().isThrownBy(() -> new CertifiedKey(edwards.key(), List.of()));
    }

    @Test
    void namesAreTheAlternatives_elseTheCommonName() {
        assertThat(new TestAuthority.Order("WWW.Example", "2001:DB8:0::1", "192.0.2.1")
                        .commonName("unused.example")
                        .issue(ROOT)
                        .names())
                .containsExactly("www.example", "2001:db8::1", "192.0.2.1");
        assertThat(new TestAuthority.Order()
                        .commonName("Common.Example")
                        .issue(ROOT)
                        .names())
                .containsExactly("common.example");
    }

    @Test
    void chainExpiresWithItsFirstMember() {
        Instant soon = TestAuthority.NOW.plus(Duration.ofDays(3));
        CertifiedKey server = ROOT.intermediate("Below", soon).server("one.example");
        assertThat(server.expires()).isEqualTo(soon);
        assertThat(server.validFrom()).isEqualTo(server.leaf().getNotBefore().toInstant());
    }

    @Test
    void warningsBeginFourteenDaysBefore() {
        Instant from = Instant.parse("2026-06-01T00:00:00Z");
        Instant until = Instant.parse("2026-07-01T00:00:00Z");
        CertifiedKey server =
                new TestAuthority.Order("one.example").valid(from, until).issue(ROOT);
        String which = "the certificate of one.example ";

        assertThat(server.warning(from.minusSeconds(1)))
                .contains(which + "is valid only from 2026-06-01; check this machine's clock");
        assertThat(server.warning(from)).isEmpty();
        assertThat(server.warning(until.minus(Duration.ofDays(14)))).isEmpty();
        assertThat(server.warning(until.minus(Duration.ofDays(14)).plusSeconds(1)))
                .contains(which + "expires on 2026-07-01, in 13 days; renew it");
        assertThat(server.warning(until)).contains(which + "expires on 2026-07-01, in 0 days; renew it");
        assertThat(server.warning(until.plusSeconds(1)))
                .contains(which + "expired on 2026-07-01; renew it, clients refuse it");
    }

    @Test
    void keyIsNotShown() {
        CertifiedKey server = ROOT.server("one.example");
        assertThat(server.toString()).isEqualTo("CertifiedKey[EC, [one.example], expires " + server.expires() + "]");
    }

    @Test
    void titlesAreOneShortLine() {
        CertifiedKey hostile = new TestAuthority.Order("a\u202e\n" + "x".repeat(300))
                .commonName("c")
                .issue(ROOT);
        assertThat(CertifiedKey.title(hostile.leaf()))
                .startsWith("a")
                .doesNotContain("\n", "\u202e")
                .hasSizeLessThan(300)
                .endsWith("…");
        X509Certificate root = TestAuthority.root("Some Root").certificate();
        assertThat(CertifiedKey.title(root)).isEqualTo("Some Root");
        assertThat(CertifiedKey.names(root)).containsExactly("some root");
    }
}
