package dev.thrum.app.crawl;

import dev.thrum.app.cli.CommandException;
import dev.thrum.app.cli.Flag;
import dev.thrum.app.cli.Flags;
import dev.thrum.tls.TlsClient;
import dev.thrum.tls.TlsConfigException;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/** The flags that say which certificates of servers are accepted. */
public final class TrustFlags {
    private final Flag<@Nullable String> authorities;
    private final Flag<Boolean> insecure;

    /** @param group that the flags are added to */
    public TrustFlags(Flags group) {
        authorities = group.text(
                "--ca",
                "FILE",
                "Trust the authorities and the certificates in this file, in PEM, besides those of the system");
        insecure = group.on("--insecure", "Accept every certificate, even that of an attacker; only for tests");
    }

    /** Whether one of them was given. */
    public boolean areGiven() {
        return authorities.value() != null || insecure.value();
    }

    /**
     * Which certificates are accepted. Warns if they are not checked.
     *
     * @throws CommandException if a file can't be used
     * @throws IllegalArgumentException if the name of a file is malformed
     */
    public TlsClient tls(String command, PrintWriter err) throws CommandException {
        if (!areGiven()) {
            // Reads the authorities of the system only when they are needed.
            return TlsClient.ofSystem();
        }
        TlsClient.Builder builder = TlsClient.builder();
        try {
            if (authorities.value() != null) {
                builder.authorities(Flags.file("--ca", authorities.value()));
            }
            if (insecure.value()) {
                builder.insecure();
                err.println(
                        command + ": warning: --insecure: certificates are not checked, so whoever is on the way can"
                                + " read and change everything");
                err.flush();
            }
            return builder.build();
        } catch (TlsConfigException e) {
            throw new CommandException(e);
        }
    }
}
