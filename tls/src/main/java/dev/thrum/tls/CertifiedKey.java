package dev.thrum.tls;

import dev.thrum.base.AddressText;
import dev.thrum.base.HostLookups;
import dev.thrum.base.Plural;
import dev.thrum.base.Printable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A private key and the certificates that vouch for it, the key's own first. The constructor proves that they belong
 * together: it signs with the key and verifies with the certificate.
 *
 * @param key the key, decrypted
 * @param chain the key's certificate, then that of its issuer, and so on; the root may be left out
 */
record CertifiedKey(PrivateKey key, List<X509Certificate> chain) {
    private static final String COMMON_NAME = "2.5.4.3";

    /** From how many days before its end a certificate is worth a warning. */
    private static final int WARNING_DAYS = 14;

    /** The longest RSA key with which a signature takes about 2 ms or less. */
    private static final int FAST_RSA_BITS = 3_072;

    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    /** @throws IllegalArgumentException if the key is not that of the first certificate */
    CertifiedKey {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("expected at least one certificate but there is none");
        }
        String wanted = chain.getFirst().getPublicKey().getAlgorithm();
        if (!key.getAlgorithm().equals(wanted)) {
            throw new IllegalArgumentException("expected a key of type " + wanted + ", like that of the certificate of "
                    + title(chain.getFirst()) + ", but was " + key.getAlgorithm());
        }
        if (!isPair(key, chain.getFirst())) {
            throw new IllegalArgumentException("expected the private key of the certificate of "
                    + title(chain.getFirst()) + " but was that of another one");
        }
    }

    X509Certificate leaf() {
        return chain.getFirst();
    }

    /** The type of the key as the JDK calls it: RSA, RSASSA-PSS, EC or EdDSA. */
    String type() {
        return key.getAlgorithm();
    }

    /** Whether the JDK's provider needs several milliseconds for a signature with this key: 5 with 4,096 bits of RSA. */
    boolean isSlow() {
        return key instanceof RSAKey rsa && rsa.getModulus().bitLength() > FAST_RSA_BITS;
    }

    List<String> names() {
        return names(leaf());
    }

    /** The SHA-256 of the certificate, as browsers and openssl show it: {@code 3F:09:...}. */
    String fingerprint() {
        return fingerprint(leaf());
    }

    /** The last instant at which all certificates of the chain are valid. */
    Instant expires() {
        return chain.stream()
                .map(certificate -> certificate.getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElseThrow();
    }

    /** The first instant at which all certificates of the chain are valid. */
    Instant validFrom() {
        return chain.stream()
                .map(certificate -> certificate.getNotBefore().toInstant())
                .max(Instant::compareTo)
                .orElseThrow();
    }

    /** What an operator must know at this time: that it is expired, expires soon or is not yet valid; else empty. */
    Optional<String> warning(Instant now) {
        String which = "the certificate of " + title(leaf());
        Instant until = expires();
        if (now.isAfter(until)) {
            return Optional.of(which + " expired on " + date(until) + "; renew it, clients refuse it");
        }
        if (now.isBefore(validFrom())) {
            return Optional.of(which + " is valid only from " + date(validFrom()) + "; check this machine's clock");
        }
        long days = Duration.between(now, until).toDays();
        return days < WARNING_DAYS
                ? Optional.of(which + " expires on " + date(until) + ", in " + Plural.of(days, "day") + "; renew it")
                : Optional.empty();
    }

    /** The day of an instant in UTC, such as {@code 2026-01-02}. */
    static LocalDate date(Instant instant) {
        return LocalDate.ofInstant(instant, ZoneOffset.UTC);
    }

    /**
     * The host names, in lower case, and the addresses that a certificate is for: its subject alternative names; if it has
     * no such extension, its common name. Empty if they can't be read.
     */
    static List<String> names(X509Certificate certificate) {
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            return alternatives == null
                    ? commonNames(certificate).stream()
                            .map(name -> name.toLowerCase(Locale.ROOT))
                            .toList()
                    : names(alternatives);
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }

    private static List<String> names(Collection<List<?>> alternatives) {
        List<String> names = new ArrayList<>();
        for (List<?> alternative : alternatives) {
            // The kind of name (RFC 5280, section 4.2.1.6), then the name.
            if (alternative.get(1) instanceof String name) {
                if (alternative.getFirst().equals(DNS_NAME)) {
                    names.add(name.toLowerCase(Locale.ROOT));
                } else if (alternative.getFirst().equals(IP_ADDRESS)) {
                    names.add(HostLookups.literal(name).map(AddressText::of).orElse(name));
                }
            }
        }
        return List.copyOf(names);
    }

    private static List<String> commonNames(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            DerReader parts =
                    new DerReader(certificate.getSubjectX500Principal().getEncoded()).enter(Der.SEQUENCE);
            while (parts.hasMore()) {
                DerReader attributes = parts.enter(Der.SET);
                while (attributes.hasMore()) {
                    DerReader attribute = attributes.enter(Der.SEQUENCE);
                    if (attribute.oid().equals(COMMON_NAME) && !attribute.isAt(Der.BMP_STRING)) {
                        names.add(new String(attribute.content(), StandardCharsets.UTF_8));
                    }
                }
            }
        } catch (IOException e) {
            // Then it has no name that could be compared with another.
            return List.of();
        }
        return List.copyOf(names);
    }

    /** What messages call a certificate: the first of its names, for an authority its common name; without these its subject. */
    static String title(X509Certificate certificate) {
        List<String> names = certificate.getBasicConstraints() < 0 ? names(certificate) : commonNames(certificate);
        return shown(names.isEmpty() ? certificate.getSubjectX500Principal().getName() : names.getFirst());
    }

    /** A name from a certificate for one line of a log: printable, and not longer than a host name. */
    static String shown(String name) {
        int most = 253;
        return name.isEmpty() ? "(no name)" : Printable.of(name.length() > most ? name.substring(0, most) + "…" : name);
    }

    static String fingerprint(X509Certificate certificate) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest);
        } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
            // Every JDK has SHA-256, and a certificate that was read has its encoding.
            throw new IllegalStateException(e);
        }
    }

    private static boolean isPair(PrivateKey key, X509Certificate certificate) {
        byte[] message = "Do this key and this certificate belong together?".getBytes(StandardCharsets.US_ASCII);
        try {
            Signature signing = signature(key);
            signing.initSign(key);
            signing.update(message);
            byte[] signed = signing.sign();
            Signature verifying = signature(key);
            // Not initVerify(certificate), which asks for its key usage: a pair is a pair.
            verifying.initVerify(certificate.getPublicKey());
            verifying.update(message);
            return verifying.verify(signed);
        } catch (GeneralSecurityException e) {
            // Signatures of another length, other parameters, or another curve.
            return false;
        }
    }

    private static Signature signature(PrivateKey key) throws GeneralSecurityException {
        return switch (key.getAlgorithm()) {
            case "RSA" -> Signature.getInstance("SHA256withRSA");
            case "EC" -> Signature.getInstance("SHA256withECDSA");
            case "RSASSA-PSS" -> {
                Signature signature = Signature.getInstance("RSASSA-PSS");
                AlgorithmParameterSpec own = key instanceof RSAKey rsa ? rsa.getParams() : null;
                signature.setParameter(
                        own == null ? new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1) : own);
                yield signature;
            }
            default -> Signature.getInstance(key.getAlgorithm());
        };
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "CertifiedKey[" + type() + ", " + names() + ", expires " + expires() + "]";
    }
}
