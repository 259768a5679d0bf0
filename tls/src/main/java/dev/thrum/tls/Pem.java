package dev.thrum.tls;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads certificates and private keys from PEM files. Every failure is one line that names the file and the remedy. */
final class Pem {
    /** The roles of the two files of a pair. */
    static final String CERTIFICATE_FILE = "certificate file";

    static final String KEY_FILE = "key file";

    private static final int MOST_IN_CHAIN = 20;

    private Pem() {}

    /**
     * Reads the chain of a server or client, and its key. Both may be in the same file.
     *
     * @param password for the key if that is encrypted; null if there is none
     * @throws TlsConfigException if a file can't be used, or key and certificate don't match
     */
    static CertifiedKey pair(Path chainFile, Path keyFile, char @Nullable [] password) throws TlsConfigException {
        PemFile chain = PemFile.read(chainFile, CERTIFICATE_FILE);
        return pair(chain, chainFile.equals(keyFile) ? chain.as(KEY_FILE) : PemFile.read(keyFile, KEY_FILE), password);
    }

    /** Like the other method, for files that have been read. */
    static CertifiedKey pair(PemFile chainFile, PemFile keyFile, char @Nullable [] password) throws TlsConfigException {
        List<X509Certificate> chain = chain(chainFile);
        PrivateKey key = key(keyFile, password);
        try {
            return new CertifiedKey(key, chain);
        } catch (IllegalArgumentException e) {
            throw keyFile.refused(
                    e.getMessage() + "; name the two files that belong together (" + chainFile.title() + ")", e);
        }
    }

    /** The certificates of authorities in these files, each as {@link #authorities(Path)}. */
    static List<X509Certificate> authorities(List<Path> paths) throws TlsConfigException {
        List<X509Certificate> all = new ArrayList<>();
        for (Path path : paths) {
            all.addAll(authorities(path));
        }
        return all;
    }

    /** Reads the certificates of authorities, in any order. */
    static List<X509Certificate> authorities(Path path) throws TlsConfigException {
        return certificates(PemFile.read(path, "authority file"));
    }

    /** The chain in a file: each certificate is issued by the next one, and none is weak. */
    static List<X509Certificate> chain(PemFile file) throws TlsConfigException {
        List<X509Certificate> chain = certificates(file);
        if (chain.size() > MOST_IN_CHAIN) {
            throw file.refused("expected at most " + MOST_IN_CHAIN + " certificates but there are " + chain.size()
                    + "; leave only the server's own and those of its issuers");
        }
        String flaw = Chains.flaw(chain);
        if (flaw != null) {
            throw file.refused(flaw);
        }
        return chain;
    }

    private static List<X509Certificate> certificates(PemFile file) throws TlsConfigException {
        String wanted = "a certificate";
        List<PemFile.Block> blocks = file.blocks(wanted);
        List<X509Certificate> certificates = new ArrayList<>();
        for (PemFile.Block block : blocks) {
            if (block.isCertificate()) {
                certificates.add(certificate(file, block, certificates.size() + 1));
            }
        }
        if (certificates.isEmpty()) {
            throw file.refused("expected " + wanted + " but was " + described(blocks.getFirst()));
        }
        return List.copyOf(certificates);
    }

    private static X509Certificate certificate(PemFile file, PemFile.Block block, int number)
            throws TlsConfigException {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(block.der()));
        } catch (CertificateException e) {
            throw file.refused(
                    "expected a certificate but the content of certificate " + number
                            + " is damaged; copy the file again",
                    e);
        }
    }

    /** @param password null if there is none */
    static PrivateKey key(PemFile file, char @Nullable [] password) throws TlsConfigException {
        String wanted = "a private key";
        List<PemFile.Block> blocks = file.blocks(wanted);
        List<PemFile.Block> keys = blocks.stream().filter(PemFile.Block::isKey).toList();
        if (keys.isEmpty()) {
            throw file.refused("expected " + wanted + " but was " + described(blocks.getFirst()));
        }
        if (keys.size() > 1) {
            throw file.refused(
                    "expected one private key but there are " + keys.size() + "; leave only that of the certificate");
        }
        try {
            return key(file, keys.getFirst(), blocks, password);
        } catch (InvalidKeyException e) {
            throw file.refused(String.valueOf(e.getMessage()), e);
        }
    }

    private static PrivateKey key(
            PemFile file, PemFile.Block block, List<PemFile.Block> all, char @Nullable [] password)
            throws InvalidKeyException, TlsConfigException {
        if (block.isTraditionallyEncrypted()) {
            throw file.refused("expected a key that is not encrypted or in PKCS#8 but was encrypted in the traditional"
                    + " format; " + converted());
        }
        return switch (block.label()) {
            case "PRIVATE KEY" -> PrivateKeys.pkcs8(block.der());
            case "RSA PRIVATE KEY" -> PrivateKeys.pkcs1(block.der());
            case "EC PRIVATE KEY" -> PrivateKeys.sec1(block.der(), parameters(all));
            case "ENCRYPTED PRIVATE KEY" -> encrypted(file, block, password);
            case "OPENSSH PRIVATE KEY" ->
                throw file.refused("expected a private key in PKCS#8 but was one of OpenSSH; convert a copy of it with"
                        + " \"ssh-keygen -p -m PKCS8 -f COPY\"");
            default -> throw file.refused("expected a private key but was " + described(block) + "; " + converted());
        };
    }

    private static PrivateKey encrypted(PemFile file, PemFile.Block block, char @Nullable [] password)
            throws InvalidKeyException, TlsConfigException {
        if (password == null || password.length == 0) {
            throw file.refused(
                    "expected a password because the key is encrypted but there is none; give the password, or"
                            + " a key that is not encrypted");
        }
        return PrivateKeys.pkcs8(EncryptedKey.decrypted(block.der(), password));
    }

    private static byte @Nullable [] parameters(List<PemFile.Block> blocks) {
        for (PemFile.Block block : blocks) {
            if (block.label().equals("EC PARAMETERS")) {
                return block.der();
            }
        }
        return null;
    }

    private static String converted() {
        return "convert it with \"openssl pkcs8 -topk8 -v2 aes-256-cbc -in FILE -out NEWFILE\"";
    }

    private static String described(PemFile.Block block) {
        if (block.isCertificate()) {
            return "a certificate; name the file with the key";
        }
        if (block.isKey()) {
            return "a private key; name the file with the certificate";
        }
        return switch (block.label()) {
            case "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST" ->
                "a certificate request; name the file with the certificate that the authority has issued for it";
            case "PKCS7", "CMS" -> "a block " + block.label() + "; convert it with \"openssl pkcs7 -print_certs\"";
            case "TRUSTED CERTIFICATE" -> "a block TRUSTED CERTIFICATE; convert it with \"openssl x509\"";
            default -> "a block " + CertifiedKey.shown(block.label()) + "; name another file";
        };
    }
}
