package dev.thrum.app.talk;

import dev.thrum.app.cli.CommandException;
import dev.thrum.app.cli.Flag;
import dev.thrum.app.cli.Flags;
import dev.thrum.app.cli.TlsFlag;
import dev.thrum.tls.TlsClient;
import dev.thrum.tls.TlsConfigException;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The flags for TLS of a client, and what they choose. */
final class TlsChoice {
    final Flags flags = new Flags("TLS:");
    private final Flag<Boolean> tls =
            TlsFlag.in(flags, "Encrypt the connection, and check that the server's certificate is for its host");
    private final Flag<@Nullable String> authorities = flags.text(
            "--ca",
            "FILE",
            "Trust the authorities and the certificates in this file, in PEM, besides those of the system");
    private final Flag<Boolean> insecure =
            flags.on("--insecure", "Accept every certificate, even that of an attacker; only for tests");
    private final Flag<@Nullable String> certificate =
            flags.text("--cert", "FILE", "Show this certificate to a server that requires one, in PEM");
    private final Flag<@Nullable String> key =
            flags.text("--key", "FILE", "Its key, in PEM (default: the file of --cert)");

    /**
     * What encrypts connections to this host; null to encrypt nothing. Warns if certificates are not checked.
     *
     * @throws CommandException if a file can't be used
     * @throws IllegalArgumentException if flags contradict each other
     */
    @Nullable
    TlsClient client(String host, PrintWriter err) throws CommandException {
        if (key.value() != null && certificate.value() == null) {
            throw new IllegalArgumentException(
                    "expected --cert with --key but there is none; give the certificate too");
        }
        if (!tls.value()) {
            return null;
        }
        TlsClient.Builder builder = TlsClient.builder();
        try {
            if (authorities.value() != null) {
                builder.authorities(Flags.file("--ca", authorities.value()));
            }
            if (certificate.value() != null) {
                Path chain = Flags.file("--cert", certificate.value());
                builder.certificate(chain, key.value() == null ? chain : Flags.file("--key", key.value()));
            }
            if (insecure.value()) {
                builder.insecure();
                err.println("thrum: warning: --insecure: the certificate of " + host
                        + " is not checked, so whoever is on the way can read and change everything");
                err.flush();
            }
            return builder.to(host);
        } catch (TlsConfigException e) {
            throw new CommandException(e);
        }
    }
}
