package dev.thrum.app;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.base.Clock;
import dev.thrum.testkit.scripted.HandClock;
import dev.thrum.tls.TlsProvider;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The certificates of a running server: how they are described, reported and replaced. */
final class CertificatesTest {
    private static final Certificates.Kinds BOTH = new Certificates.Kinds(true, true);

    @TempDir
    private static Path made;

    private static TestCertificates keys;

    private static Instant now = Instant.EPOCH;

    private final List<String> warnings = new ArrayList<>();

    @TempDir
    private Path folder;

    @BeforeAll
    static void make() throws Exception {
        keys = new TestCertificates(made)
                .server("long", "-validity", "100")
                .server("soon", "-validity", "10")
                .server("past", "-startdate", "-20d", "-validity", "10")
                .server("later", "-startdate", "+2d", "-validity", "100");
        now = Clock.system().instant();
    }

    private Certificates open(HandClock clock, String... names) throws Exception {
        List<CertificateConfig.Pair> pairs = new ArrayList<>();
        for (String name : names) {
            pairs.add(new CertificateConfig.Pair(
                    Files.copy(keys.chain(name), folder.resolve(name + ".pem"), REPLACE_EXISTING),
                    Files.copy(keys.key(name), folder.resolve(name + ".key"), REPLACE_EXISTING)));
        }
        return open(clock, pairs, "127.0.0.1");
    }

    private Certificates open(HandClock clock, List<CertificateConfig.Pair> pairs, String address, String... names)
            throws Exception {
        return Certificates.open(
                new CertificateConfig(
                        pairs, Optional.empty(), Optional.empty(), Optional.empty(), List.of(names), TlsProvider.JDK),
                List.of(InetAddress.ofLiteral(address)),
                BOTH,
                clock,
                warnings::add);
    }

    @Test
    void selfSignedCertificate_isTheSameForAllServices_andDescribedWithItsFingerprint() throws Exception {
        Certificates certificates = open(new HandClock(now), List.of(), "127.0.0.1", "www.example.org", "[::1]");

        assertThat(certificates.lines().certificates())
                .isEqualTo(certificates.http().certificates())
                .singleElement()
                .satisfies(one -> assertThat(one.names())
                        .containsExactlyInAnyOrder("localhost", "127.0.0.1", "www.example.org", "::1"));
        assertThat(certificates.descriptions())
                .singleElement()
                .asString()
                .matches(
                        "localhost, 127\\.0\\.0\\.1, www\\.example\\.org, .*; self-signed; until 20\\d\\d-\\d\\d-\\d\\d;"
                                + " SHA-256 ([0-9A-F]{2}:){31}[0-9A-F]{2}");
        assertThat(warnings).isEmpty();
    }

    @Test
    void selfSignedCertificate_ofTheWildcardAddress_isForThisMachine() throws Exception {
        Certificates certificates = open(new HandClock(now), List.of(), "0.0.0.0");

        assertThat(certificates.lines().certificates().getFirst().names())
                .contains("localhost", "127.0.0.1", "::1")
                .doesNotContain("0.0.0.0");
    }

    @Test
    void certificates_thatAreNotValidForLong_areReportedAtStart() throws Exception {
        Certificates certificates = open(new HandClock(now), "long", "soon", "past", "later");

        assertThat(certificates.descriptions()).hasSize(4);
        assertThat(warnings).hasSize(3);
        assertThat(warnings.get(0))
                .startsWith("the certificate in " + folder.resolve("soon.pem") + " expires on 20")
                .endsWith(", in 9 days; renew it, which takes effect without a restart");
        assertThat(warnings.get(1))
                .startsWith("the certificate in " + folder.resolve("past.pem") + " has expired on 20")
                .contains("so clients refuse it; renew it");
        assertThat(warnings.get(2))
                .startsWith("the certificate in " + folder.resolve("later.pem") + " is not valid before 20")
                .endsWith("so clients refuse it; check the clock");
    }

    @Test
    void certificate_isReportedOnceADay_fromFourteenDaysBeforeItExpires() throws Exception {
        HandClock clock = new HandClock(now);
        Certificates certificates = open(clock, "long");
        for (int day = 0; day < 85; day++) {
            clock.pass(Duration.ofDays(1));
            certificates.check();
            certificates.check();
        }
        assertThat(warnings).isEmpty();
        clock.pass(Duration.ofDays(2));
        certificates.check();
        certificates.check();
        assertThat(warnings).singleElement().asString().contains(", in 12 days; renew it");
        clock.pass(Duration.ofHours(23));
        certificates.check();
        assertThat(warnings).hasSize(1);
        clock.pass(Duration.ofHours(1));
        certificates.check();
        assertThat(warnings).hasSize(2).last().asString().contains(", in 11 days; renew it");
        clock.pass(Duration.ofDays(12));
        certificates.check();
        assertThat(warnings).hasSize(3).last().asString().contains(" has expired on ");
    }

    @Test
    void renewedFiles_takeEffectAtTheNextCheck_andTheNewCertificateIsReported() throws Exception {
        Certificates certificates = open(new HandClock(now), "long");
        List<String> before = certificates.descriptions();
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        certificates.metrics().bindTo(registry);
        certificates.check();
        assertThat(certificates.descriptions()).isEqualTo(before);
        assertThat(days(registry)).isBetween(99.0, 100.0);

        Files.copy(keys.chain("soon"), folder.resolve("long.pem"), REPLACE_EXISTING);
        certificates.check();
        assertThat(certificates.descriptions())
                .as("with the new certificate and the old key")
                .isEqualTo(before);

        Files.copy(keys.key("soon"), folder.resolve("long.key"), REPLACE_EXISTING);
        certificates.check();
        assertThat(certificates.descriptions()).isNotEqualTo(before);
        assertThat(certificates.lines().certificates())
                .isEqualTo(certificates.http().certificates());
        assertThat(warnings).singleElement().asString().contains("long.pem expires on ");
        assertThat(days(registry)).isBetween(9.0, 10.0);
    }

    private static double days(SimpleMeterRegistry registry) {
        return registry.get("thrum.tls.certificate.expires.days")
                .tag("name", "localhost")
                .gauge()
                .value();
    }
}
