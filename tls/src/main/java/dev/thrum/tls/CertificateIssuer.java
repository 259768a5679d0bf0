package dev.thrum.tls;

import dev.thrum.base.HostLookups;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.security.auth.x500.X500Principal;

/**
 * The name and the key that sign new certificates (RFC 5280). The JDK reads certificates but has no public interface that
 * writes them.
 *
 * @param name the issuer in the certificates
 * @param key the key that verifies them
 * @param privateKey the key that signs them
 * @param algorithm how it signs
 */
record CertificateIssuer(X500Principal name, PublicKey key, PrivateKey privateKey, Algorithm algorithm) {
    private static final String COMMON_NAME = "2.5.4.3";
    private static final String KEY_IDENTIFIER = "2.5.29.14";
    private static final String KEY_USAGE = "2.5.29.15";
    private static final String ALTERNATIVE_NAMES = "2.5.29.17";
    private static final String BASIC_CONSTRAINTS = "2.5.29.19";
    private static final String AUTHORITY_KEY_IDENTIFIER = "2.5.29.35";
    private static final String EXTENDED_KEY_USAGE = "2.5.29.37";

    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;
    private static final int SERIAL_BYTES = 16;
    private static final int KEY_IDENTIFIER_BYTES = 20;

    /**
     * A way to sign.
     *
     * @param name the JDK's name of it
     * @param oid its object identifier
     * @param hasNull whether its parameters are a NULL, as RSA's are, and not missing
     */
    record Algorithm(String name, String oid, boolean hasNull) {
        /** The way for a key. */
        static Algorithm of(PrivateKey key) {
            return switch (key.getAlgorithm()) {
                case "RSA" -> new Algorithm("SHA256withRSA", "1.2.840.113549.1.1.11", true);
                case "EC" -> new Algorithm("SHA256withECDSA", "1.2.840.10045.4.3.2", false);
                case "EdDSA" -> new Algorithm("Ed25519", "1.3.101.112", false);
                default ->
                    throw new IllegalArgumentException(
                            "expected a key of type RSA, EC or EdDSA but was " + key.getAlgorithm());
            };
        }

        private byte[] encoded() {
            return hasNull ? Der.sequence(Der.oid(oid), Der.none()) : Der.sequence(Der.oid(oid));
        }
    }

    /** The subject of a certificate with only this common name. */
    static X500Principal named(String commonName) {
        return new X500Principal(Der.sequence(Der.set(Der.sequence(Der.oid(COMMON_NAME), Der.text(commonName)))));
    }

    /** Issues a certificate with a random serial number. */
    X509Certificate issue(CertificateFields fields, SecureRandom random) {
        byte[] serial = new byte[SERIAL_BYTES];
        random.nextBytes(serial);
        byte[] content = Der.sequence(
                Der.explicit(0, Der.integer(BigInteger.TWO)),
                // Positive and not 0 (section 4.1.2.2).
                Der.integer(new BigInteger(1, serial).max(BigInteger.ONE)),
                algorithm.encoded(),
                name.getEncoded(),
                Der.sequence(Der.time(fields.from()), Der.time(fields.until())),
                named(fields.commonName()).getEncoded(),
                fields.key().getEncoded(),
                Der.explicit(3, Der.sequence(extensions(fields))));
        try {
            Signature signature = Signature.getInstance(algorithm.name());
            signature.initSign(privateKey, random);
            signature.update(content);
            byte[] whole = Der.sequence(content, algorithm.encoded(), Der.bits(signature.sign()));
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(whole));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("can't issue a certificate for " + fields.commonName(), e);
        }
    }

    private byte[][] extensions(CertificateFields fields) {
        List<byte[]> all = new ArrayList<>();
        all.add(extension(
                BASIC_CONSTRAINTS, true, fields.isAuthority() ? Der.sequence(Der.bool(true)) : Der.sequence()));
        if (fields.usage() != 0) {
            all.add(extension(KEY_USAGE, true, Der.namedBits(fields.usage())));
        }
        if (!fields.purposes().isEmpty()) {
            byte[][] purposes = fields.purposes().stream().map(Der::oid).toArray(byte[][]::new);
            all.add(extension(EXTENDED_KEY_USAGE, false, Der.sequence(purposes)));
        }
        if (!fields.names().isEmpty()) {
            byte[][] names = fields.names().stream()
                    .map(CertificateIssuer::alternativeName)
                    .toArray(byte[][]::new);
            all.add(extension(ALTERNATIVE_NAMES, false, Der.sequence(names)));
        }
        all.add(extension(KEY_IDENTIFIER, false, Der.octets(identifier(fields.key()))));
        all.add(extension(AUTHORITY_KEY_IDENTIFIER, false, Der.sequence(Der.implicit(0, identifier(key)))));
        return all.toArray(byte[][]::new);
    }

    private static byte[] extension(String oid, boolean isCritical, byte[] content) {
        return isCritical
                ? Der.sequence(Der.oid(oid), Der.bool(true), Der.octets(content))
                : Der.sequence(Der.oid(oid), Der.octets(content));
    }

    private static byte[] alternativeName(String name) {
        return HostLookups.literal(name)
                .map(address -> Der.implicit(IP_ADDRESS, address.getAddress()))
                .orElseGet(() -> Der.implicit(DNS_NAME, name.getBytes(StandardCharsets.US_ASCII)));
    }

    /** The beginning of the key's SHA-256 (RFC 7093, section 2, method 1). */
    private static byte[] identifier(PublicKey key) {
        try {
            DerReader info = new DerReader(key.getEncoded()).enter(Der.SEQUENCE);
            byte[] _ = info.any();
            byte[] bits = info.bytes(Der.BIT_STRING);
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            // The first byte counts unused bits; there are none.
            digest.update(bits, 1, bits.length - 1);
            return Arrays.copyOf(digest.digest(), KEY_IDENTIFIER_BYTES);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("can't read a public key of type " + key.getAlgorithm(), e);
        }
    }
}
