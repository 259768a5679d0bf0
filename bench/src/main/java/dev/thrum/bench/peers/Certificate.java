package dev.thrum.bench.peers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * A self-signed certificate and its key in PEM files, which all servers of a measurement share.
 *
 * @param chain the file of the certificate
 * @param key the file of the key
 */
public record Certificate(Path chain, Path key) {
    /** The system property with the folder of the certificates. */
    private static final String FOLDER = "thrum.bench.certificates";

    private static final String PASSWORD = "password";
    private static final String ALIAS = "server";

    /** A kind of key. */
    public enum Kind {
        P256("EC", "-groupname", "secp256r1"),
        RSA2048("RSA", "-keysize", "2048"),
        RSA4096("RSA", "-keysize", "4096");

        private final String algorithm;
        private final String option;
        private final String value;

        Kind(String algorithm, String option, String value) {
            this.algorithm = algorithm;
            this.option = option;
            this.value = value;
        }

        /** Its name in commands. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Kind named(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    /** Makes a certificate of this kind in this folder. */
    public static Certificate create(Path folder, Kind kind) throws IOException, InterruptedException {
        Path store = folder.resolve(kind.word() + ".p12");
        keytool(store, kind);
        Certificate certificate = in(folder, kind);
        try {
            write(store, certificate);
        } catch (GeneralSecurityException e) {
            throw new IOException("expected a key that keytool has made but was " + e.getMessage(), e);
        }
        return certificate;
    }

    /** The flag of the JVMs that use the certificates in this folder. */
    public static String flag(Path folder) {
        return "-D" + FOLDER + "=" + folder;
    }

    /** The certificate of this kind, in a JVM with that flag. */
    public static Certificate shared(Kind kind) {
        String folder = System.getProperty(FOLDER);
        if (folder == null) {
            throw new IllegalStateException("expected -D" + FOLDER + "=DIR but there was none");
        }
        return in(Path.of(folder), kind);
    }

    private static Certificate in(Path folder, Kind kind) {
        return new Certificate(folder.resolve(kind.word() + ".crt"), folder.resolve(kind.word() + ".key"));
    }

    /** The JDK makes certificates only with this tool. */
    private static void keytool(Path store, Kind kind) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of("-genkeypair", "-alias", ALIAS, "-dname", "CN=localhost"));
        command.addAll(List.of("-ext", "san=dns:localhost,ip:127.0.0.1", "-validity", "90"));
        command.addAll(List.of("-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", PASSWORD));
        command.addAll(List.of("-keyalg", kind.algorithm, kind.option, kind.value));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("expected keytool to make a key but it says: " + output.strip());
        }
    }

    private static void write(Path store, Certificate files) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        Key key = keys.getKey(ALIAS, PASSWORD.toCharArray());
        Files.writeString(
                files.chain, pem("CERTIFICATE", keys.getCertificate(ALIAS).getEncoded()));
        Files.writeString(files.key, pem("PRIVATE KEY", key.getEncoded()));
    }

    private static String pem(String label, byte[] content) {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n";
    }
}
