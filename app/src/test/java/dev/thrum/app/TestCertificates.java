package dev.thrum.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Certificates made by the JDK's {@code keytool}: an authority, what it has issued, and what another one has. Owned by the
 * thread of the test.
 */
public final class TestCertificates {
    /** Valid for longer than anything that it issues. */
    private static final String[] AUTHORITY = {"-ext", "bc:c", "-startdate", "-30d", "-validity", "3650"};

    private static final char[] PASSWORD = "changeit".toCharArray();

    private final Path folder;
    private final Path store;

    /** Makes an authority, {@code ca}, in this folder. */
    public TestCertificates(Path folder) throws IOException {
        this.folder = folder;
        this.store = folder.resolve("keys.p12");
        make("ca", AUTHORITY);
    }

    /** Issues the certificate of a server, by the authority. */
    public TestCertificates server(String name, String... options) throws IOException {
        return issued(name, "ca", "san=dns:localhost,ip:127.0.0.1", options);
    }

    /** Issues the certificate of a client, by this authority. */
    public TestCertificates client(String name, String authority, String... options) throws IOException {
        return issued(name, authority, "eku=clientAuth", options);
    }

    /** Makes another authority. */
    public TestCertificates authority(String name) throws IOException {
        make(name, AUTHORITY);
        return this;
    }

    private TestCertificates issued(String name, String authority, String extension, String... options)
            throws IOException {
        List<String> all = new ArrayList<>(List.of("-signer", authority, "-ext", extension));
        all.addAll(List.of(options));
        make(name, all.toArray(String[]::new));
        return this;
    }

    private void make(String name, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                name,
                "-dname",
                "CN=" + name,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD)));
        command.addAll(List.of(options));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(keytool.getInputStream().readAllBytes(), UTF_8);
        try {
            assertThat(keytool.waitFor()).as(output).isZero();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** A PEM file with the certificate of this name, and below it those of its authorities. */
    public Path chain(String name) throws IOException {
        try {
            StringBuilder text = new StringBuilder();
            for (Certificate each : load().getCertificateChain(name)) {
                text.append(pem("CERTIFICATE", each.getEncoded()));
            }
            return Files.writeString(folder.resolve(name + ".pem"), text);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** A PEM file with the key of this name. */
    public Path key(String name) throws IOException {
        try {
            return Files.writeString(
                    folder.resolve(name + ".key"),
                    pem("PRIVATE KEY", load().getKey(name, PASSWORD).getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String pem(String label, byte[] content) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + label
                + "-----\n";
    }

    private KeyStore load() throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        return keys;
    }

    /** A client of the JDK that trusts the authority, and shows no certificate. */
    public SSLContext client() throws IOException {
        return client(new KeyManager[0]);
    }

    /** A client of the JDK that trusts the authority, and shows the certificate of this name. */
    public SSLContext clientWith(String name) throws IOException {
        try {
            KeyStore own = KeyStore.getInstance("PKCS12");
            own.load(null, null);
            KeyStore all = load();
            own.setKeyEntry(name, all.getKey(name, PASSWORD), PASSWORD, all.getCertificateChain(name));
            KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
            factory.init(own, PASSWORD);
            return client(factory.getKeyManagers());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private SSLContext client(KeyManager[] keys) throws IOException {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("ca", load().getCertificate("ca"));
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
