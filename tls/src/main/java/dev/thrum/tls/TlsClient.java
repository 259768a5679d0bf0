package dev.thrum.tls;

import dev.thrum.base.Clock;
import dev.thrum.engine.spi.Encryption;
import dev.thrum.engine.spi.SecureWire;
import dev.thrum.engine.spi.Wire;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS for the connections that a client opens: it sends the name of the server (SNI), and requires a certificate for that name
 * that an authority of the system vouches for. Passed to {@link dev.thrum.engine.Engine#connect}.
 *
 * <p>Sessions are kept, so that the next handshake with the same server is shorter. Safe for concurrent use.
 */
public final class TlsClient implements Encryption.Client {
    private static final TlsClient OF_SYSTEM = new TlsClient(new Lazy(null), TlsOptions.defaults(), "");

    private final Lazy shared;
    private final TlsOptions options;

    /** Empty if none is set. */
    private final String host;

    /** What the clients of several hosts share. */
    private record Shared(SSLContext provider, boolean slow, PacketBuffers buffers, HandshakeCount handshakes) {
        Engines engines(TlsOptions options, String host) {
            return new JdkEngines(provider, options, slow, host);
        }
    }

    /** What is shared, made at the first use: loading the authorities of the system takes a while. */
    private static final class Lazy {
        // No monitor and no class initializer: virtual threads may wait for this.
        private final ReentrantLock lock = new ReentrantLock();

        // Written under the lock, once.
        private volatile @Nullable Shared made;

        Lazy(@Nullable Shared made) {
            this.made = made;
        }

        boolean isMade() {
            return made != null;
        }

        Shared get() throws TlsConfigException {
            Shared known = made;
            if (known != null) {
                return known;
            }
            lock.lock();
            try {
                Shared first = made;
                if (first == null) {
                    first = builder().shared();
                    Rehearsal.ofClient();
                    made = first;
                }
                return first;
            } finally {
                lock.unlock();
            }
        }
    }

    private TlsClient(Lazy shared, TlsOptions options, String host) {
        this.shared = shared;
        this.options = options;
        this.host = host;
    }

    /** The defaults, without a host: {@link #forHost} names one. */
    public static TlsClient ofSystem() {
        return OF_SYSTEM;
    }

    /**
     * The defaults, for this host.
     *
     * @param host its name or address, without brackets and port
     */
    public static TlsClient to(String host) {
        return ofSystem().forHost(host);
    }

    /** Begins to describe another client. */
    public static Builder builder() {
        return new Builder();
    }

    /** The same for this host. */
    public TlsClient forHost(String other) {
        return new TlsClient(shared, options, checked(other));
    }

    /** The same with these protocols to offer by ALPN, such as {@code http/1.1}, the preferred first. */
    public TlsClient withApplicationProtocols(String... protocols) {
        return new TlsClient(shared, options.withApplicationProtocols(List.of(protocols)), host);
    }

    private static String checked(String host) {
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        if (name.isEmpty() || name.startsWith("[") || name.contains("/")) {
            throw new IllegalArgumentException(
                    "expected the name or address of a host, without brackets, but was \"" + host + "\"");
        }
        return name.toLowerCase(Locale.ROOT);
    }

    @Override
    public boolean isPrepared() {
        return shared.isMade() && !host.isEmpty();
    }

    @Override
    public void prepare() throws TlsConfigException {
        if (host.isEmpty()) {
            throw new IllegalStateException(
                    "expected the host whose certificate is required but there is none: name it by forHost");
        }
        shared.get();
    }

    @Override
    public SecureWire over(Wire wire, Clock clock) {
        Shared common = prepared();
        return new TlsWire(
                wire,
                clock,
                new TlsContext(
                        common.engines(options, host), false, false, options, common.buffers(), common.handshakes()));
    }

    private Shared prepared() {
        try {
            prepare();
            return shared.get();
        } catch (TlsConfigException e) {
            throw new IllegalStateException("expected TLS that was prepared", e);
        }
    }

    /**
     * The client's side of one connection to the host, for programs that move its bytes themselves: not begun, and not counted in
     * {@link #handshakes}.
     *
     * @param port of the server; sessions are kept by host and port
     * @throws IllegalStateException if {@link #prepare} has not been called, or there is no host
     */
    public SSLEngine newEngine(int port) {
        if (!isPrepared()) {
            throw new IllegalStateException("expected TLS for a host that was prepared: call prepare before");
        }
        return prepared().engines(options, host).newEngine(port);
    }

    /**
     * The counters of handshakes, with all hosts.
     *
     * @throws IllegalStateException if there was none and the authorities of the system can't be loaded
     */
    public HandshakeStats handshakes() {
        try {
            return shared.get().handshakes().stats();
        } catch (TlsConfigException e) {
            throw new IllegalStateException("expected the authorities of the system to be usable", e);
        }
    }

    /** Describes a client's TLS. Not safe for concurrent use. */
    public static final class Builder {
        private final List<Path> authorities = new ArrayList<>();
        private final List<CertifiedKey> own = new ArrayList<>();
        private TlsOptions options = TlsOptions.defaults();
        private boolean insecure;
        private SecureRandom random = new SecureRandom();
        private Clock clock = Clock.system();

        private Builder() {}

        /** Trusts the authorities in this PEM file too, besides those of the system. */
        public Builder authorities(Path file) {
            authorities.add(file);
            return this;
        }

        /** Accepts every certificate: whoever is on the way can read and change everything. Only for tests. */
        public Builder insecure() {
            insecure = true;
            return this;
        }

        /**
         * The certificate to show to servers that want one (mutual TLS): PEM files with its chain and its key.
         *
         * @throws TlsConfigException if a file can't be used
         */
        public Builder certificate(Path chain, Path key) throws TlsConfigException {
            own.add(Pem.pair(chain, key, null));
            return this;
        }

        /**
         * The certificate to show to servers, with a key that is encrypted with a password.
         *
         * @throws TlsConfigException if a file can't be used
         */
        public Builder certificate(Path chain, Path key, char[] password) throws TlsConfigException {
            own.add(Pem.pair(chain, key, password));
            return this;
        }

        /** The protocols to offer by ALPN, such as {@code http/1.1}, the preferred first. */
        public Builder applicationProtocols(String... protocols) {
            options = options.withApplicationProtocols(List.of(protocols));
            return this;
        }

        /** Out of {@code TLSv1.3} and {@code TLSv1.2}; both are the default. */
        public Builder protocols(String... protocols) {
            options = options.withProtocols(List.of(protocols));
            return this;
        }

        /** The most bytes of data in one record, for tests. */
        Builder recordSize(int value) {
            options = options.withRecordSize(value);
            return this;
        }

        /** The source of random numbers and of time, for repeatable tests. */
        public Builder deterministic(SecureRandom source, Clock time) {
            random = source;
            clock = time;
            return this;
        }

        /**
         * A client for this host.
         *
         * @throws TlsConfigException if a file can't be used
         */
        public TlsClient to(String host) throws TlsConfigException {
            return build().forHost(host);
        }

        /**
         * A client without a host: {@link TlsClient#forHost} names one.
         *
         * @throws TlsConfigException if a file can't be used
         */
        public TlsClient build() throws TlsConfigException {
            Shared common = shared();
            return new TlsClient(new Lazy(common), options, "");
        }

        private Shared shared() throws TlsConfigException {
            try {
                SSLContext provider = SSLContext.getInstance("TLS");
                KeyManager[] keys = own.isEmpty() ? new KeyManager[0] : new KeyManager[] {new ServerKeys(own)};
                provider.init(keys, new TrustManager[] {checks()}, random);
                boolean slow = own.stream().anyMatch(CertifiedKey::isSlow);
                return new Shared(provider, slow, new PacketBuffers(), new HandshakeCount());
            } catch (GeneralSecurityException e) {
                throw new TlsConfigException(
                        "expected the JDK's TLS provider to work but it does not: " + e.getMessage(), e);
            }
        }

        private TrustManager checks() throws TlsConfigException {
            if (insecure) {
                return PeerChecks.none();
            }
            return PeerChecks.ofSystem(Pem.authorities(authorities), clock);
        }
    }
}
