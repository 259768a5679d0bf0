package dev.thrum.tls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A certificate authority for tests: a root or an intermediate one, which issues certificates for servers and clients with
 * any validity and usage. They are valid around {@link #NOW}, not around the system's time.
 */
final class TestAuthority {
    /** The time at which the tests' certificates are valid. */
    static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");

    private static final Duration LIFETIME = Duration.ofDays(30);

    private final SecureRandom random = new SecureRandom();
    private final CertificateIssuer issuer;
    private final X509Certificate certificate;

    /** The certificates of the issuers of this one, without the root. */
    private final List<X509Certificate> above;

    private TestAuthority(CertificateIssuer issuer, X509Certificate certificate, List<X509Certificate> above) {
        this.issuer = issuer;
        this.certificate = certificate;
        this.above = List.copyOf(above);
    }

    /** A self-signed authority. */
    static TestAuthority root(String name, SelfSigned.Kind kind) {
        SecureRandom random = new SecureRandom();
        KeyPair keys = kind.generate(random);
        CertificateIssuer issuer = issuer(name, keys);
        return new TestAuthority(
                issuer,
                issuer.issue(authorityFields(name, keys, NOW.plus(LIFETIME.multipliedBy(10))), random),
                List.of());
    }

    static TestAuthority root(String name) {
        return root(name, SelfSigned.Kind.P256);
    }

    /** An authority that this one has issued a certificate for. */
    TestAuthority intermediate(String name) {
        return intermediate(name, NOW.plus(LIFETIME.multipliedBy(5)));
    }

    TestAuthority intermediate(String name, Instant until) {
        KeyPair keys = SelfSigned.Kind.P256.generate(random);
        X509Certificate issued = issuer.issue(authorityFields(name, keys, until), random);
        List<X509Certificate> chain = new ArrayList<>(List.of(issued));
        chain.addAll(above);
        return new TestAuthority(issuer(name, keys), issued, chain);
    }

    private static CertificateIssuer issuer(String name, KeyPair keys) {
        return new CertificateIssuer(
                CertificateIssuer.named(name),
                keys.getPublic(),
                keys.getPrivate(),
                CertificateIssuer.Algorithm.of(keys.getPrivate()));
    }

    private static CertificateFields authorityFields(String name, KeyPair keys, Instant until) {
        return new CertificateFields(
                name,
                keys.getPublic(),
                List.of(),
                NOW.minus(LIFETIME.multipliedBy(10)),
                until,
                true,
                CertificateFields.SIGNS_CERTIFICATES,
                List.of());
    }

    X509Certificate certificate() {
        return certificate;
    }

    /** A certificate for a server that is valid now. */
    CertifiedKey server(String... names) {
        return new Order(names).issue(this);
    }

    /** A certificate for a client that is valid now. */
    CertifiedKey client(String name) {
        return new Order(name).purpose(CertificateFields.CLIENT_AUTHENTICATION).issue(this);
    }

    /** What a certificate is to be like. */
    static final class Order {
        private final List<String> names;
        private SelfSigned.Kind kind = SelfSigned.Kind.P256;
        private Instant from = NOW.minus(LIFETIME);
        private Instant until = NOW.plus(LIFETIME);
        private int usage = CertificateFields.DIGITAL_SIGNATURE;
        private List<String> purposes = List.of(CertificateFields.SERVER_AUTHENTICATION);
        private CertificateIssuer.@Nullable Algorithm algorithm;
        private @Nullable String commonName;
        private @Nullable KeyPair keys;

        Order(String... names) {
            this.names = List.of(names);
        }

        Order kind(SelfSigned.Kind wanted) {
            kind = wanted;
            return this;
        }

        Order valid(Instant begin, Instant end) {
            from = begin;
            until = end;
            return this;
        }

        Order usage(int bits) {
            usage = bits;
            return this;
        }

        Order purpose(String... wanted) {
            purposes = List.of(wanted);
            return this;
        }

        Order commonName(String name) {
            commonName = name;
            return this;
        }

        Order algorithm(String name, String oid) {
            algorithm = new CertificateIssuer.Algorithm(name, oid, true);
            return this;
        }

        Order keys(KeyPair pair) {
            keys = pair;
            return this;
        }

        CertifiedKey issue(TestAuthority authority) {
            KeyPair pair = keys == null ? kind.generate(authority.random) : keys;
            String name = commonName != null ? commonName : names.isEmpty() ? "nobody" : names.getFirst();
            CertificateFields fields =
                    new CertificateFields(name, pair.getPublic(), names, from, until, false, usage, purposes);
            CertificateIssuer by = authority.issuer;
            if (algorithm != null) {
                by = new CertificateIssuer(by.name(), by.key(), by.privateKey(), algorithm);
            }
            List<X509Certificate> chain = new ArrayList<>(List.of(by.issue(fields, authority.random)));
            chain.addAll(authority.above);
            return new CertifiedKey(pair.getPrivate(), chain);
        }
    }

    /** The certificates and then the key in PEM. */
    static String pem(CertifiedKey certified) {
        return pem(certified.chain()) + pem(certified.key());
    }

    static String pem(List<X509Certificate> chain) {
        StringBuilder text = new StringBuilder();
        for (X509Certificate each : chain) {
            try {
                text.append(block("CERTIFICATE", each.getEncoded()));
            } catch (CertificateEncodingException e) {
                throw new IllegalStateException(e);
            }
        }
        return text.toString();
    }

    static String pem(PrivateKey key) {
        return block("PRIVATE KEY", key.getEncoded());
    }

    static String block(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + label + "-----\n";
    }

    /** Writes a file in this folder; returns its path. */
    static Path write(Path folder, String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
