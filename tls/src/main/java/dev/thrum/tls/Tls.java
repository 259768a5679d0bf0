package dev.thrum.tls;

import dev.thrum.base.Clock;
import dev.thrum.engine.spi.Encryption;
import dev.thrum.engine.spi.SecureWire;
import dev.thrum.engine.spi.Wire;
import dev.thrum.tls.CertificateFiles.Check;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS for the connections that a server accepts: 1.3 and 1.2, with suites that authenticate what they encrypt and whose keys
 * nobody can recover later. Passed to {@link dev.thrum.engine.Engine#listen}; one may serve several servers.
 *
 * <p>The client's choice of a server name (SNI) decides which certificate it gets: one with exactly that name, then one with
 * a wildcard, then the first. Renegotiation is refused, and there is no early data. Safe for concurrent use.
 */
public final class Tls implements Encryption.Server {
    private static final System.Logger LOG = System.getLogger("dev.thrum.tls");

    private final TlsOptions options;
    private final Source source;
    private final HandshakeCount handshakes = new HandshakeCount();
    private final PacketBuffers buffers = new PacketBuffers();

    /** All that show the same certificates, this one among them. */
    private final List<Tls> alike;

    // Replaced by reload, which only one thread calls at a time.
    private volatile Served served;

    /** Where keys come from, and what is made of them. */
    private record Source(
            List<CertifiedKey> fixed, @Nullable CertificateFiles files, ServerEngines engines) {}

    /** What connections get that are accepted now. */
    private record Served(List<CertifiedKey> keys, TlsContext context) {}

    /** Makes the engines of a server with these keys. */
    @FunctionalInterface
    interface ServerEngines {
        Engines of(List<CertifiedKey> keys, TlsOptions options) throws TlsConfigException;

        /** Whether they hold memory outside of the heap. */
        default boolean areNative() {
            return false;
        }
    }

    private Tls(TlsOptions options, Source source, List<Tls> alike, List<CertifiedKey> keys) throws TlsConfigException {
        this.options = options;
        this.source = source;
        this.alike = alike;
        this.served = served(keys);
    }

    private static Tls of(TlsOptions options, Source source, List<Tls> alike, List<CertifiedKey> keys)
            throws TlsConfigException {
        Tls made = new Tls(options, source, alike, List.copyOf(keys));
        alike.add(made);
        return made;
    }

    /**
     * TLS with the same certificates for servers of other protocols: {@link #reload} of either of them changes both. The
     * handshakes of each are counted separately.
     *
     * @param protocols to choose from by ALPN, the preferred first
     */
    public Tls withApplicationProtocols(String... protocols) {
        try {
            return of(options.withApplicationProtocols(List.of(protocols)), source, alike, served.keys());
        } catch (TlsConfigException e) {
            throw new IllegalStateException("expected certificates that are in use to work", e);
        }
    }

    /** Begins to describe a server's TLS. */
    public static Builder server() {
        return new Builder();
    }

    /**
     * TLS with a certificate that is made now, for 90 days, and that nobody vouches for: clients must be told its fingerprint,
     * or not to check it.
     *
     * @param names host names and addresses by which clients reach the server
     */
    public static Tls selfSigned(String... names) {
        try {
            return server().selfSigned(List.of(names)).build();
        } catch (TlsConfigException e) {
            throw new IllegalStateException("expected a certificate that was made here to work", e);
        }
    }

    /** Tries the keys by a handshake in memory, which also loads what the JDK loads only in a first handshake. */
    private Served served(List<CertifiedKey> keys) throws TlsConfigException {
        for (CertifiedKey key : keys) {
            Rehearsal.of(source.engines().of(List.of(key), options.withClients(false)), key);
        }
        Engines engines = source.engines().of(keys, options);
        return new Served(
                List.copyOf(keys),
                new TlsContext(engines, true, source.engines().areNative(), options, buffers, handshakes));
    }

    @Override
    public SecureWire over(Wire wire, Clock clock) {
        return new TlsWire(wire, clock, served.context());
    }

    /** The certificates that new connections get, in their order. */
    public List<TlsCertificate> certificates() {
        return served.keys().stream().map(TlsCertificate::of).toList();
    }

    /** The counters of handshakes. */
    public HandshakeStats handshakes() {
        return handshakes.stats();
    }

    /**
     * Reads files that have changed: new connections get the new certificates, once a handshake in memory has succeeded with
     * them; until then, and on connections that exist, the old ones stay in use. What can't be used is logged, once. To be
     * called every few seconds, by one thread at a time; reads files, so it may block.
     *
     * @return whether new certificates are in use
     */
    public boolean reload() {
        if (source.files() == null) {
            return false;
        }
        return switch (source.files().check()) {
            case Check.Unchanged() -> false;
            case Check.Changed(List<CertifiedKey> keys) -> replace(keys);
            case Check.Failed(String message, boolean isNew) -> {
                if (isNew) {
                    warn(message);
                }
                yield false;
            }
        };
    }

    private boolean replace(List<CertifiedKey> loaded) {
        List<CertifiedKey> keys = new ArrayList<>(source.fixed());
        keys.addAll(loaded);
        try {
            List<Served> tried = new ArrayList<>();
            for (Tls each : alike) {
                tried.add(each.served(keys));
            }
            for (int i = 0; i < tried.size(); i++) {
                alike.get(i).served = tried.get(i);
            }
        } catch (TlsConfigException e) {
            warn(String.valueOf(e.getMessage()));
            return false;
        }
        LOG.log(Level.INFO, "the certificate files have changed: new connections get the new certificates");
        return true;
    }

    private static void warn(String message) {
        LOG.log(
                Level.WARNING,
                "the certificate files have changed but can't be used, so the old certificates stay in use: "
                        + message);
    }

    /** Describes a server's TLS. Not safe for concurrent use. */
    public static final class Builder {
        private final List<CertificateFiles.Pair> pairs = new ArrayList<>();
        private final List<CertifiedKey> fixed = new ArrayList<>();
        private final List<Path> authorities = new ArrayList<>();
        private TlsOptions options = TlsOptions.defaults();
        private SecureRandom random = new SecureRandom();
        private SelfSigned.Kind kind = SelfSigned.Kind.P256;
        private Clock clock = Clock.system();
        private TlsProvider provider = TlsProvider.JDK;
        private boolean repeatable;

        private Builder() {}

        /** Adds a certificate: PEM files with its chain and with its key, which may be the same file. */
        public Builder certificate(Path chain, Path key) {
            pairs.add(new CertificateFiles.Pair(chain, key, null));
            return this;
        }

        /** Adds a certificate whose key is encrypted with a password, which is copied. */
        public Builder certificate(Path chain, Path key, char[] password) {
            pairs.add(new CertificateFiles.Pair(chain, key, password));
            return this;
        }

        /** Adds a certificate that is made now, for 90 days: see {@link Tls#selfSigned}. */
        public Builder selfSigned(List<String> names) {
            fixed.add(SelfSigned.create(names, kind, random, clock));
            return this;
        }

        /**
         * Adds a certificate that is made now, for 90 days, for a server that listens on this address: for the address itself;
         * on loopback for {@code localhost} too; and on the wildcard address for the loopback addresses instead.
         *
         * @param more further names and addresses by which clients reach the server
         * @throws IllegalArgumentException if one of these is neither a host name nor an address
         */
        public Builder selfSignedFor(InetAddress address, List<String> more) {
            List<String> names = new ArrayList<>(SelfSigned.namesOf(address, null));
            names.addAll(more);
            return selfSigned(names);
        }

        Builder certificate(CertifiedKey key) {
            fixed.add(key);
            return this;
        }

        /** Requires a certificate of each client that one of the authorities in this PEM file vouches for (mutual TLS). */
        public Builder clientAuthorities(Path authorities) {
            this.authorities.add(authorities);
            options = options.withClients(true);
            return this;
        }

        /** The protocols to choose from by ALPN, such as {@code http/1.1}, the preferred first. */
        public Builder applicationProtocols(String... protocols) {
            options = options.withApplicationProtocols(List.of(protocols));
            return this;
        }

        /** Out of {@code TLSv1.3} and {@code TLSv1.2}; both are the default. */
        public Builder protocols(String... protocols) {
            options = options.withProtocols(List.of(protocols));
            return this;
        }

        /** The time for a handshake, for all that both sides send; 10 s is the default. A late client is reset. */
        public Builder handshakeTime(Duration time) {
            options = options.withHandshakeTime(time);
            return this;
        }

        /** Whose code encrypts; the JDK's is the default. */
        public Builder provider(TlsProvider value) {
            provider = value;
            return this;
        }

        /**
         * The source of random numbers, for repeatable tests: with the same ones and an Ed25519 key, a simulated run is the
         * same again. Clients get no session tickets: the JDK takes those from random numbers of its own.
         */
        public Builder deterministic(SecureRandom source, Clock time) {
            random = source;
            clock = time;
            kind = SelfSigned.Kind.ED25519;
            repeatable = true;
            return this;
        }

        /** The most bytes of data in one record, for tests. */
        Builder recordSize(int value) {
            options = options.withRecordSize(value);
            return this;
        }

        /**
         * Reads the files and tries every certificate.
         *
         * @throws TlsConfigException if a file can't be used; its message is one line that says why
         * @throws IllegalStateException if there is no certificate
         */
        public Tls build() throws TlsConfigException {
            if (pairs.isEmpty() && fixed.isEmpty()) {
                throw new IllegalStateException(
                        "expected a certificate but there is none: add one, or make one that is" + " self-signed");
            }
            CertificateFiles files = pairs.isEmpty() ? null : new CertificateFiles(pairs, clock);
            List<CertifiedKey> keys = new ArrayList<>(fixed);
            if (files != null) {
                keys.addAll(files.load());
            }
            Source source = new Source(List.copyOf(fixed), files, engines());
            return Tls.of(options, source, new CopyOnWriteArrayList<>(), keys);
        }

        private ServerEngines engines() throws TlsConfigException {
            X509TrustManager clients = clients();
            if (provider == TlsProvider.JDK) {
                return new JdkServer(clients, random, !repeatable);
            }
            try {
                OpenSslServer.require();
                return new OpenSslServer(clients);
            } catch (LinkageError e) {
                throw new TlsConfigException(
                        "expected the library of the TLS provider openssl on the class path but it is not there: add"
                                + " netty-handler and netty-tcnative-boringssl-static, or use the provider jdk",
                        e);
            }
        }

        private @Nullable X509TrustManager clients() throws TlsConfigException {
            if (authorities.isEmpty()) {
                return null;
            }
            return PeerChecks.of(Pem.authorities(authorities), clock);
        }
    }
}
