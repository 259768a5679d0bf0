package dev.thrum.app;

import dev.thrum.app.cli.Flag;
import dev.thrum.app.cli.Flags;
import dev.thrum.tls.TlsProvider;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The flags for the certificates of servers, shared by {@code thrum serve} and {@code thrum files}. */
final class CertificateOptions {
    private static final String CERT = "--tls-cert";
    private static final String KEY = "--tls-key";
    private static final String PASSWORD = "--tls-key-password";
    private static final String PASSWORD_FILE = "--tls-key-password-file";
    private static final String CLIENT_CA = "--tls-client-ca";

    final Flags flags = new Flags("TLS:");
    private final Flag<List<String>> certificates = flags.texts(
            CERT, "FILE", "A certificate with its chain, in PEM; repeatable (default: one made at start, self-signed)");
    private final Flag<List<String>> keys =
            flags.texts(KEY, "FILE", "The key of each certificate, in PEM, in the same order");
    private final Flag<@Nullable String> passwordFile =
            flags.text(PASSWORD_FILE, "FILE", "The first line of this file is the password of encrypted keys");
    private final Flag<@Nullable String> password = flags.text(
            PASSWORD, "TEXT", "The password itself: for its variable, because others can see the command line");
    private final Flag<@Nullable String> clientAuthorities = flags.text(
            CLIENT_CA, "FILE", "Require a certificate of each client, from an authority in this file, in PEM");

    private final Flag<Provider> provider = flags.choice(
            "--tls-provider",
            "NAME",
            Provider.JDK,
            "jdk, or openssl, which must be on the class path and costs less CPU");

    /** Whose code encrypts. */
    private enum Provider {
        JDK(TlsProvider.JDK),
        OPENSSL(TlsProvider.OPENSSL);

        private final TlsProvider value;

        Provider(TlsProvider value) {
            this.value = value;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Whether there are certificates. */
    boolean areGiven() {
        return !certificates.value().isEmpty() || !keys.value().isEmpty();
    }

    /** A flag that only makes sense with TLS, if one is given. The password is not one: its variable may be set for others. */
    Optional<String> given() {
        if (areGiven()) {
            return Optional.of(certificates.value().isEmpty() ? KEY : CERT);
        }
        return clientAuthorities.value() == null ? Optional.empty() : Optional.of(CLIENT_CA);
    }

    /**
     * The certificates that the flags describe.
     *
     * @param names the host names that clients may use
     * @throws IllegalArgumentException if flags contradict each other, or a name is not a valid path
     */
    CertificateConfig config(List<String> names) {
        if (password.value() != null && passwordFile.value() != null) {
            throw new IllegalArgumentException(
                    "expected " + PASSWORD_FILE + " or " + PASSWORD + " but both are set; leave one of them out");
        }
        return new CertificateConfig(
                pairs(),
                Optional.ofNullable(passwordFile.value()).map(name -> file(PASSWORD_FILE, name)),
                Optional.ofNullable(password.value()),
                Optional.ofNullable(clientAuthorities.value()).map(name -> file(CLIENT_CA, name)),
                names,
                provider.value().value);
    }

    private List<CertificateConfig.Pair> pairs() {
        List<String> chains = certificates.value();
        List<String> own = keys.value();
        int both = Math.min(chains.size(), own.size());
        if (chains.size() > both) {
            throw new IllegalArgumentException("expected " + KEY + " for each " + CERT + " but " + chains.get(both)
                    + " has none; give its key, in the same order, or the same file if it holds both");
        }
        if (own.size() > both) {
            throw new IllegalArgumentException("expected " + CERT + " for each " + KEY + " but " + own.get(both)
                    + " has none; give its certificate, in the same order");
        }
        List<CertificateConfig.Pair> pairs = new ArrayList<>();
        for (int i = 0; i < both; i++) {
            pairs.add(new CertificateConfig.Pair(file(CERT, chains.get(i)), file(KEY, own.get(i))));
        }
        return pairs;
    }

    private static Path file(String flag, String name) {
        try {
            if (!name.isBlank()) {
                return Path.of(name);
            }
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("expected " + flag + " to name a file but was \"" + name + "\"", e);
        }
        throw new IllegalArgumentException("expected " + flag + " to name a file but it was empty");
    }
}
