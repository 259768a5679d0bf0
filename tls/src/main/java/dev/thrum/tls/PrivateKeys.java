package dev.thrum.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.RSAKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decodes private keys: PKCS#8 (RFC 5208), PKCS#1 for RSA (RFC 8017, appendix A.1.2) and SEC 1 for elliptic curves (RFC
 * 5915). The message of each {@link InvalidKeyException} says what was expected and found.
 */
final class PrivateKeys {
    private static final String RSA = "1.2.840.113549.1.1.1";
    private static final String ELLIPTIC = "1.2.840.10045.2.1";

    /** The JDK's names of the supported types, by the object identifier in PKCS#8. */
    private static final Map<String, String> TYPES = Map.of(
            RSA,
            "RSA",
            "1.2.840.113549.1.1.10",
            "RSASSA-PSS",
            ELLIPTIC,
            "EC",
            "1.3.101.112",
            "Ed25519",
            "1.3.101.113",
            "Ed448");

    /** The curves of TLS that the JDK has too (RFC 8446, section 4.2.3). */
    private static final Map<String, String> CURVES = Map.of(
            "1.2.840.10045.3.1.7", "P-256",
            "1.3.132.0.34", "P-384",
            "1.3.132.0.35", "P-521");

    /** Types and curves that occur but can't be used, for messages. */
    private static final Map<String, String> OTHERS = Map.of(
            "1.2.840.10040.4.1", "DSA",
            "1.2.840.113549.1.3.1", "Diffie-Hellman",
            "1.3.101.110", "X25519",
            "1.3.101.111", "X448",
            "1.3.132.0.10", "secp256k1",
            "1.3.132.0.33", "P-224",
            "1.2.840.10045.3.1.1", "P-192",
            "1.3.36.3.3.2.8.1.1.7", "brainpoolP256r1",
            "1.3.36.3.3.2.8.1.1.11", "brainpoolP384r1",
            "1.3.36.3.3.2.8.1.1.13", "brainpoolP512r1");

    private static final int LEAST_RSA_BITS = 2048;

    /** The tag of the parameters in SEC 1: {@code [0]}. */
    private static final int SEC1_PARAMETERS = 0xa0;

    private PrivateKeys() {}

    static PrivateKey pkcs8(byte[] der) throws InvalidKeyException {
        try {
            DerReader info = new DerReader(der).enter(Der.SEQUENCE);
            int _ = info.number();
            DerReader algorithm = info.enter(Der.SEQUENCE);
            String oid = algorithm.oid();
            String type = TYPES.get(oid);
            if (type == null) {
                throw new InvalidKeyException("expected a key of type RSA, RSASSA-PSS, EC, Ed25519 or Ed448 but was "
                        + OTHERS.getOrDefault(oid, oid) + "; make a new key and have its certificate issued");
            }
            if (oid.equals(ELLIPTIC)) {
                requireCurve(algorithm);
            }
            PrivateKey key = KeyFactory.getInstance(type).generatePrivate(new PKCS8EncodedKeySpec(der));
            requireStrength(key);
            return key;
        } catch (InvalidKeyException e) {
            throw e;
        } catch (IOException | GeneralSecurityException e) {
            throw damaged("PKCS#8", e);
        }
    }

    static PrivateKey pkcs1(byte[] der) throws InvalidKeyException {
        return pkcs8(
                Der.sequence(Der.integer(BigInteger.ZERO), Der.sequence(Der.oid(RSA), Der.none()), Der.octets(der)));
    }

    /** @param parameters the block EC PARAMETERS before the key; null if there is none */
    static PrivateKey sec1(byte[] der, byte @Nullable [] parameters) throws InvalidKeyException {
        try {
            DerReader key = new DerReader(der).enter(Der.SEQUENCE);
            int _ = key.number();
            byte[] _ = key.bytes(Der.OCTET_STRING);
            byte[] curve =
                    key.isAt(SEC1_PARAMETERS) ? key.enter(SEC1_PARAMETERS).any() : parameters;
            if (curve == null) {
                throw new InvalidKeyException("expected a key that names its curve but it has no parameters; put the"
                        + " block EC PARAMETERS before it");
            }
            return pkcs8(Der.sequence(
                    Der.integer(BigInteger.ZERO), Der.sequence(Der.oid(ELLIPTIC), curve), Der.octets(der)));
        } catch (IOException e) {
            throw damaged("SEC 1", e);
        }
    }

    private static void requireCurve(DerReader algorithm) throws IOException, InvalidKeyException {
        String known = "expected a key on the curve P-256, P-384 or P-521 but was ";
        if (!algorithm.isAt(Der.OBJECT_IDENTIFIER)) {
            throw new InvalidKeyException(known + "on one without a name; make a new key with a named curve");
        }
        String curve = algorithm.oid();
        if (!CURVES.containsKey(curve)) {
            throw new InvalidKeyException(known + "on " + OTHERS.getOrDefault(curve, curve)
                    + "; make a new key and have its certificate issued");
        }
    }

    private static void requireStrength(PrivateKey key) throws InvalidKeyException {
        if (key instanceof RSAKey rsa && rsa.getModulus().bitLength() < LEAST_RSA_BITS) {
            throw new InvalidKeyException("expected an RSA key of at least " + LEAST_RSA_BITS + " bits but was "
                    + rsa.getModulus().bitLength() + "; make a new key and have its certificate issued");
        }
    }

    private static InvalidKeyException damaged(String format, Exception cause) {
        return new InvalidKeyException(
                "expected a private key in the format " + format + " but its content is damaged; copy the file again",
                cause);
    }
}
