package dev.thrum.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.util.Arrays;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Decrypts PKCS#8 keys that are encrypted by PBES2 with PBKDF2 (RFC 8018), as openssl writes them. The JDK's own classes for
 * this take only ASCII passwords.
 */
final class EncryptedKey {
    private static final String PBES2 = "1.2.840.113549.1.5.13";
    private static final String PBKDF2 = "1.2.840.113549.1.5.12";
    private static final String SHA1 = "1.2.840.113549.2.7";

    /** The JDK's names of PBKDF2, by the pseudorandom function. */
    private static final Map<String, String> FUNCTIONS = Map.of(
            SHA1,
            "PBKDF2WithHmacSHA1",
            "1.2.840.113549.2.8",
            "PBKDF2WithHmacSHA224",
            "1.2.840.113549.2.9",
            "PBKDF2WithHmacSHA256",
            "1.2.840.113549.2.10",
            "PBKDF2WithHmacSHA384",
            "1.2.840.113549.2.11",
            "PBKDF2WithHmacSHA512");

    private static final Map<String, Encryption> ENCRYPTIONS = Map.of(
            "2.16.840.1.101.3.4.1.2", new Encryption("AES", 128),
            "2.16.840.1.101.3.4.1.22", new Encryption("AES", 192),
            "2.16.840.1.101.3.4.1.42", new Encryption("AES", 256),
            "1.2.840.113549.3.7", new Encryption("DESede", 192));

    /** More rounds take seconds: such a file is damaged, or was made to block the program. */
    private static final int MOST_ROUNDS = 10_000_000;

    private record Encryption(String algorithm, int keyBits) {}

    private EncryptedKey() {}

    /**
     * The PKCS#8 key in an encrypted one. A wrong password is usually noticed by the padding, else the result is no key.
     *
     * @throws InvalidKeyException if the password is wrong, or the way of encryption is not supported
     */
    static byte[] decrypted(byte[] der, char[] password) throws InvalidKeyException {
        try {
            DerReader info = new DerReader(der).enter(Der.SEQUENCE);
            DerReader scheme = info.enter(Der.SEQUENCE);
            byte[] content = info.bytes(Der.OCTET_STRING);
            if (!scheme.oid().equals(PBES2)) {
                throw unsupported("");
            }
            DerReader parts = scheme.enter(Der.SEQUENCE);
            DerReader derivation = parts.enter(Der.SEQUENCE);
            DerReader encryption = parts.enter(Der.SEQUENCE);
            Encryption how = ENCRYPTIONS.get(encryption.oid());
            if (how == null) {
                throw unsupported(" and AES");
            }
            byte[] iv = encryption.bytes(Der.OCTET_STRING);
            SecretKey key = new SecretKeySpec(derived(derivation, how, password), how.algorithm());
            return decrypted(content, key, iv);
        } catch (IOException e) {
            throw new InvalidKeyException(
                    "expected an encrypted private key but its content is damaged; copy the file again", e);
        }
    }

    private static byte[] derived(DerReader derivation, Encryption how, char[] password)
            throws IOException, InvalidKeyException {
        if (!derivation.oid().equals(PBKDF2)) {
            throw unsupported(" and PBKDF2");
        }
        DerReader parameters = derivation.enter(Der.SEQUENCE);
        byte[] salt = parameters.bytes(Der.OCTET_STRING);
        int rounds = parameters.number();
        if (rounds < 1 || rounds > MOST_ROUNDS || salt.length == 0) {
            throw new InvalidKeyException("expected an encrypted key with 1 to " + MOST_ROUNDS
                    + " rounds of PBKDF2 and a salt but it has " + rounds + " rounds and a salt of " + salt.length
                    + " bytes; encrypt the key again");
        }
        if (parameters.isAt(Der.INTEGER)) {
            // The length of the key, which the cipher determines too.
            int _ = parameters.number();
        }
        String function = parameters.hasMore() ? parameters.enter(Der.SEQUENCE).oid() : SHA1;
        String algorithm = FUNCTIONS.get(function);
        if (algorithm == null) {
            throw unsupported(" and PBKDF2 with HMAC-SHA-256");
        }
        PBEKeySpec spec = new PBEKeySpec(password, salt, rounds, how.keyBits());
        try {
            return SecretKeyFactory.getInstance(algorithm).generateSecret(spec).getEncoded();
        } catch (GeneralSecurityException e) {
            throw new InvalidKeyException("can't derive a key from the password", e);
        } finally {
            spec.clearPassword();
        }
    }

    private static byte[] decrypted(byte[] content, SecretKey key, byte[] iv) throws InvalidKeyException {
        try {
            Cipher cipher = Cipher.getInstance(key.getAlgorithm() + "/CBC/PKCS5Padding");
            cipher.init(Cipher.DECRYPT_MODE, key, new IvParameterSpec(iv));
            byte[] result = cipher.doFinal(content);
            if (!isKey(result)) {
                Arrays.fill(result, (byte) 0);
                throw wrongPassword(null);
            }
            return result;
        } catch (InvalidKeyException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw wrongPassword(e);
        }
    }

    /** Whether it has the frame of a PKCS#8 key (RFC 5958, 2), which hardly any wrong password gives. */
    private static boolean isKey(byte[] decrypted) {
        try {
            DerReader all = new DerReader(decrypted);
            DerReader key = all.enter(Der.SEQUENCE);
            int _ = key.number();
            return !all.hasMore() && key.isAt(Der.SEQUENCE);
        } catch (IOException e) {
            return false;
        }
    }

    static InvalidKeyException wrongPassword(@Nullable Throwable cause) {
        return new InvalidKeyException(
                "expected the password of the key but it does not decrypt it; correct the password", cause);
    }

    private static InvalidKeyException unsupported(String and) {
        return new InvalidKeyException("expected a key that is encrypted with PBES2" + and + " but was another way");
    }
}
