package dev.thrum.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a self-signed certificate says, and who accepts it. */
final class SelfSignedTest {
    private static final List<String> NAMES = List.of("localhost", "*.example.org", "127.0.0.1", "::1", "2001:db8::7");

    private final SetClock clock = new SetClock(Instant.parse("2026-06-15T12:00:00.123Z"));

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void namesAndDates_areThose(SelfSigned.Kind kind) throws Exception {
        CertifiedKey made = SelfSigned.create(NAMES, kind, new SecureRandom(), clock);
        X509Certificate certificate = made.leaf();

        assertThat(made.names()).isEqualTo(NAMES);
        assertThat(made.chain()).hasSize(1);
        assertThat(made.validFrom()).isEqualTo(Instant.parse("2026-06-15T11:00:00Z"));
        assertThat(made.expires()).isEqualTo(Instant.parse("2026-09-13T12:00:00Z"));
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=localhost");
        assertThat(certificate.getIssuerX500Principal()).isEqualTo(certificate.getSubjectX500Principal());
        assertThat(certificate.getVersion()).isEqualTo(3);
        assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
        assertThat(certificate.getKeyUsage()).startsWith(true, false, false, false, false, false);
        assertThat(certificate.getExtendedKeyUsage()).containsExactly(CertificateFields.SERVER_AUTHENTICATION);
        assertThat(certificate.getSerialNumber().signum()).isPositive();
        assertThat(certificate.getSerialNumber().bitLength()).isLessThanOrEqualTo(128);
        certificate.verify(certificate.getPublicKey());
    }

    @ParameterizedTest
    @EnumSource
    void opensslReadsAndVerifiesIt(SelfSigned.Kind kind) {
        CertifiedKey made = SelfSigned.create(NAMES, kind, new SecureRandom(), clock);
        Path file = TestAuthority.write(folder, "own.pem", TestAuthority.pem(made));
        String at = String.valueOf(clock.instant().getEpochSecond());

        assertThat(OpenSslProgram.run(
                        "verify", "-x509_strict", "-attime", at, "-CAfile", file.toString(), file.toString()))
                .contains(": OK");
        assertThat(OpenSslProgram.run("x509", "-in", file.toString(), "-noout", "-text"))
                .contains("DNS:localhost, DNS:*.example.org, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1,")
                .contains("Not After : Sep 13 12:00:00 2026 GMT")
                .contains("TLS Web Server Authentication", "CA:FALSE", "Digital Signature");
        assertThat(OpenSslProgram.run("x509", "-in", file.toString(), "-noout", "-fingerprint", "-sha256"))
                .contains(made.fingerprint());
    }

    @Test
    void fingerprintIsInPairsOfDigits() {
        CertifiedKey made = SelfSigned.create(NAMES, SelfSigned.Kind.P256, new SecureRandom(), clock);
        assertThat(made.fingerprint()).matches("([0-9A-F]{2}:){31}[0-9A-F]{2}");
    }

    @ParameterizedTest
    @EnumSource(names = {"RSA", "ED25519"})
    void sameSeed_givesTheSameCertificate(SelfSigned.Kind kind) throws Exception {
        CertifiedKey one = SelfSigned.create(NAMES, kind, new Seeded(7), clock);
        CertifiedKey two = SelfSigned.create(NAMES, kind, new Seeded(7), clock);
        CertifiedKey other = SelfSigned.create(NAMES, kind, new Seeded(8), clock);
        assertThat(one.leaf()).isEqualTo(two.leaf()).isNotEqualTo(other.leaf());
        assertThat(one.leaf().getSerialNumber()).isNotEqualTo(other.leaf().getSerialNumber());
    }

    /** Random bytes that a seed decides. */
    private static final class Seeded extends SecureRandom {
        private static final long serialVersionUID = 1L;

        private final Random random;

        private Seeded(long seed) {
            random = new Random(seed);
        }

        @Override
        public void nextBytes(byte[] bytes) {
            random.nextBytes(bytes);
        }
    }

    @Test
    void longAndForeignNames() {
        String longest = "a".repeat(63) + "." + "b".repeat(63) + "." + "c".repeat(63) + "." + "d".repeat(61);
        CertifiedKey made =
                SelfSigned.create(List.of(longest, "BÜCHER.example"), SelfSigned.Kind.P256, new SecureRandom(), clock);
        assertThat(made.names()).containsExactly(longest, "xn--bcher-kva.example");
        assertThat(made.leaf().getSubjectX500Principal().getName()).isEqualTo("CN=self-signed");
    }

    @Test
    void manyNames_needLongLengths() {
        List<String> many =
                IntStream.range(0, 3000).mapToObj(i -> "host" + i + ".example").toList();
        assertThat(SelfSigned.create(many, SelfSigned.Kind.P256, new SecureRandom(), clock)
                        .names())
                .isEqualTo(many);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", "a b", "-a", "a..b", ".a", "a.", "a*", "*", "*.", "a.*.b", "::g", "a/b", "a:443", "a\nb",
                "a\0b"
            })
    void otherText_isRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SelfSigned.create(List.of(name), SelfSigned.Kind.P256, new SecureRandom(), clock))
                .withMessageStartingWith("expected a host name, such as example.org or *.example.org, or an address")
                .withMessageNotContaining("\n");
    }

    @Test
    void addressesHaveOneForm() {
        assertThat(SelfSigned.create(
                                List.of("[::1]", "0:0:0:0:0:0:0:1", "FE80::1%9", "::FFFF:192.0.2.1"),
                                SelfSigned.Kind.P256,
                                new SecureRandom(),
                                clock)
                        .names())
                .containsExactly("::1", "fe80::1", "192.0.2.1");
    }

    @Test
    void tooLongAndNoNames_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SelfSigned.create(
                        List.of("a".repeat(64) + ".example"), SelfSigned.Kind.P256, new SecureRandom(), clock));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SelfSigned.create(
                        List.of("abcdefghi.".repeat(25) + "abcd"), SelfSigned.Kind.P256, new SecureRandom(), clock));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SelfSigned.create(List.of(), SelfSigned.Kind.P256, new SecureRandom(), clock));
    }

    @Test
    void boundAddress_givesTheNamesThatClientsUse() {
        assertThat(names("127.0.0.1", "host")).containsExactly("localhost", "127.0.0.1");
        assertThat(names("::1", "host")).containsExactly("localhost", "::1");
        assertThat(names("192.0.2.7", "host")).containsExactly("192.0.2.7");
        assertThat(names("2001:db8::7", "host")).containsExactly("2001:db8::7");
        for (String wildcard : List.of("0.0.0.0", "::")) {
            assertThat(names(wildcard, "Host.example"))
                    .containsExactlyInAnyOrder("localhost", "127.0.0.1", "::1", "host.example");
            assertThat(names(wildcard, "localhost")).containsExactlyInAnyOrder("localhost", "127.0.0.1", "::1");
            assertThat(names(wildcard, "not a host")).containsExactlyInAnyOrder("localhost", "127.0.0.1", "::1");
            assertThat(SelfSigned.namesOf(InetAddress.ofLiteral(wildcard), null))
                    .startsWith("localhost")
                    .containsExactlyInAnyOrder("localhost", "127.0.0.1", "::1");
        }
    }

    private static List<String> names(String address, String ownName) {
        return SelfSigned.namesOf(InetAddress.ofLiteral(address), ownName);
    }

    @Test
    void timesAfter2049_haveFourDigitsForTheYear() {
        clock.set(Instant.parse("2049-12-01T00:00:00Z"));
        CertifiedKey made = SelfSigned.create(NAMES, SelfSigned.Kind.P256, new SecureRandom(), clock);
        assertThat(made.validFrom()).isEqualTo(clock.instant().minus(Duration.ofHours(1)));
        assertThat(made.expires()).isEqualTo(clock.instant().plus(SelfSigned.LIFETIME));
    }
}
