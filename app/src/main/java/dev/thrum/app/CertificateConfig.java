package dev.thrum.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.app.cli.CommandException;
import dev.thrum.base.IoWords;
import dev.thrum.tls.Tls;
import dev.thrum.tls.TlsProvider;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which certificates a server shows, and which it wants to see.
 *
 * @param pairs the files of its certificates; if there are none, one is made
 * @param passwordFile the file whose first line is the password of encrypted keys
 * @param password the password of encrypted keys
 * @param clientAuthorities the authorities that must vouch for each client; if there are none, clients need no certificate
 * @param names host names, besides the address, for a certificate that is made
 * @param provider whose code encrypts
 */
record CertificateConfig(
        List<Pair> pairs,
        Optional<Path> passwordFile,
        Optional<String> password,
        Optional<Path> clientAuthorities,
        List<String> names,
        TlsProvider provider) {
    private static final int LONGEST_PASSWORD = 4_096;

    CertificateConfig {
        pairs = List.copyOf(pairs);
        names = List.copyOf(names);
    }

    /** The files of a certificate, possibly the same one. */
    record Pair(Path chain, Path key) {}

    /** Whether the certificate is made at start, and not read from files. */
    boolean isSelfSigned() {
        return pairs.isEmpty();
    }

    /**
     * Describes TLS with these certificates. What is built from the same builder has the same ones, even if they are made.
     *
     * @param bound the addresses that the server listens on
     * @throws CommandException if the password can't be read
     */
    Tls.Builder builder(List<InetAddress> bound) throws CommandException {
        Tls.Builder builder = Tls.server().provider(provider);
        if (isSelfSigned()) {
            selfSign(builder, bound);
        }
        Optional<String> secret = secret();
        for (Pair pair : pairs) {
            if (secret.isPresent()) {
                builder.certificate(pair.chain(), pair.key(), secret.get().toCharArray());
            } else {
                builder.certificate(pair.chain(), pair.key());
            }
        }
        clientAuthorities.ifPresent(builder::clientAuthorities);
        return builder;
    }

    private void selfSign(Tls.Builder builder, List<InetAddress> bound) throws CommandException {
        List<String> more = new ArrayList<>();
        for (InetAddress address : bound.subList(1, bound.size())) {
            more.add(address.getHostAddress());
        }
        if (bound.stream().anyMatch(InetAddress::isLoopbackAddress)) {
            more.add("localhost");
        }
        names.forEach(name -> more.add(name.startsWith("[") ? name.substring(1, name.length() - 1) : name));
        if (bound.getFirst().isAnyLocalAddress()) {
            ownName().ifPresent(more::add);
        }
        try {
            builder.selfSignedFor(bound.getFirst(), more);
        } catch (IllegalArgumentException e) {
            throw new CommandException(
                    "cannot make a certificate: " + e.getMessage() + "; correct --host, or give one with --tls-cert",
                    e);
        }
    }

    /** The name of this machine, if it has one that other machines may know. */
    private static Optional<String> ownName() {
        try {
            return Optional.of(InetAddress.getLocalHost().getHostName())
                    .filter(name -> name.matches("[\\w-]+(\\.[\\w-]+)*"));
        } catch (UnknownHostException e) {
            // A machine may have no entry for its own name, as in some containers.
            return Optional.empty();
        }
    }

    private Optional<String> secret() throws CommandException {
        if (passwordFile.isEmpty() || pairs.isEmpty()) {
            return password;
        }
        Path file = passwordFile.get();
        try (InputStream in = Files.newInputStream(file)) {
            String text = new String(in.readNBytes(LONGEST_PASSWORD + 1), UTF_8);
            String line = text.split("\\R", 2)[0];
            if (line.isEmpty() || line.length() > LONGEST_PASSWORD) {
                throw new CommandException("expected a password of 1 to " + LONGEST_PASSWORD
                        + " characters in the first line of " + file + " but it has "
                        + (line.isEmpty() ? "none" : "more") + "; see --tls-key-password-file");
            }
            return Optional.of(line);
        } catch (IOException e) {
            throw new CommandException(
                    "cannot read the password of the keys from " + file + ": " + IoWords.of(e)
                            + "; name another file with --tls-key-password-file",
                    e);
        }
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "CertificateConfig[" + pairs + ", " + clientAuthorities + ", " + names + "]";
    }
}
