package dev.thrum.tls;

import dev.thrum.base.AddressText;
import dev.thrum.base.Clock;
import dev.thrum.base.HostLookups;
import dev.thrum.base.Printable;
import java.net.IDN;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes self-signed certificates for servers, for tests and for networks without an authority. */
final class SelfSigned {
    /** How long a certificate is valid. */
    static final Duration LIFETIME = Duration.ofDays(90);

    /** How long a certificate has been valid when it is made: clocks of clients may be slow. */
    private static final Duration SLACK = Duration.ofHours(1);

    /** A host name of letters, digits, hyphens and underscores, possibly with {@code *} as its first label. */
    private static final Pattern HOST =
            Pattern.compile("(\\*\\.)?[a-z0-9_]([a-z0-9_-]{0,62})(\\.[a-z0-9_][a-z0-9_-]{0,62})*");

    private static final int LONGEST_HOST = 253;

    /** The longest common name (RFC 5280, appendix A.1, ub-common-name). */
    private static final int LONGEST_COMMON_NAME = 64;

    /** The kind of a new key. */
    enum Kind {
        /** ECDSA on P-256, which every client supports and which is fast. Its signatures vary in length. */
        P256("EC", new ECGenParameterSpec("secp256r1")),
        /** RSA of 2048 bits. */
        RSA("RSA", new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F4)),
        /** Ed25519, which browsers don't support. */
        ED25519("Ed25519", NamedParameterSpec.ED25519);

        private final String algorithm;

        @SuppressWarnings("ImmutableEnumChecker") // The JDK's specifications have no setters.
        private final AlgorithmParameterSpec parameters;

        Kind(String algorithm, AlgorithmParameterSpec parameters) {
            this.algorithm = algorithm;
            this.parameters = parameters;
        }

        KeyPair generate(SecureRandom random) {
            try {
                KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
                generator.initialize(parameters, random);
                return generator.generateKeyPair();
            } catch (GeneralSecurityException e) {
                // Every JDK has these.
                throw new IllegalStateException("can't make a key of type " + algorithm, e);
            }
        }
    }

    private SelfSigned() {}

    /**
     * Makes a key and its certificate, valid from now on for {@link #LIFETIME}.
     *
     * @param names host names, with {@code *} for a first label, and addresses; the first becomes the subject
     * @throws IllegalArgumentException if there is no name, or one is neither a host name nor an address
     */
    static CertifiedKey create(List<String> names, Kind kind, SecureRandom random, Clock clock) {
        if (names.isEmpty()) {
            throw new IllegalArgumentException("expected at least one host name or address but there is none");
        }
        List<String> checked =
                names.stream().map(SelfSigned::checked).distinct().toList();
        String first = checked.getFirst();
        KeyPair keys = kind.generate(random);
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        CertificateFields fields = new CertificateFields(
                first.length() <= LONGEST_COMMON_NAME ? first : "self-signed",
                keys.getPublic(),
                checked,
                now.minus(SLACK),
                now.plus(LIFETIME),
                false,
                CertificateFields.DIGITAL_SIGNATURE,
                List.of(CertificateFields.SERVER_AUTHENTICATION));
        CertificateIssuer itself = new CertificateIssuer(
                CertificateIssuer.named(fields.commonName()),
                keys.getPublic(),
                keys.getPrivate(),
                CertificateIssuer.Algorithm.of(keys.getPrivate()));
        X509Certificate certificate = itself.issue(fields, random);
        return new CertifiedKey(keys.getPrivate(), List.of(certificate));
    }

    /**
     * The names under which clients reach a server that listens on this address: for the wildcard address, this machine
     * itself; for loopback, {@code localhost} too.
     *
     * @param ownName the name of this machine, which counts for the wildcard address; null if it has none
     */
    static List<String> namesOf(InetAddress address, @Nullable String ownName) {
        if (address.isAnyLocalAddress()) {
            Set<String> names = new LinkedHashSet<>(List.of("localhost", "127.0.0.1", "::1"));
            if (ownName != null && isName(ownName)) {
                names.add(checked(ownName));
            }
            return List.copyOf(names);
        }
        String text = AddressText.of(address);
        return address.isLoopbackAddress() ? List.of("localhost", text) : List.of(text);
    }

    private static boolean isName(String name) {
        try {
            String _ = checked(name);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String checked(String name) {
        Optional<InetAddress> address = HostLookups.literal(name);
        if (address.isPresent()) {
            return AddressText.of(address.get());
        }
        String host = ascii(name).toLowerCase(Locale.ROOT);
        if (host.length() > LONGEST_HOST || !HOST.matcher(host).matches()) {
            throw refused(name);
        }
        return host;
    }

    private static String ascii(String name) {
        try {
            return IDN.toASCII(name);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw refused(name);
        }
    }

    private static IllegalArgumentException refused(String name) {
        return new IllegalArgumentException(
                "expected a host name, such as example.org or *.example.org, or an address, such"
                        + " as 192.0.2.1 or 2001:db8::1, but was " + Printable.excerpt(name, LONGEST_HOST));
    }
}
