package dev.thrum.tls;

import dev.thrum.base.Clock;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Verifies the certificates of peers against a set of authorities, by the JDK's checks and a clock of ours. A failure is a
 * {@link CertificateException} whose message is one line: which check failed, for which name, valid until when, and what to
 * do. Its cause is the JDK's {@link CertPathValidatorException} if there is one, which decides the alert. Safe for
 * concurrent use.
 *
 * <p>The host name of a server is verified too: its engine must have the endpoint identification {@code HTTPS} and the host
 * as its peer, or the certificate is refused.
 */
final class PeerChecks extends X509ExtendedTrustManager {
    /** How long the JDK's trust manager is used before it gets the next date. */
    private static final Duration FRESH = Duration.ofMinutes(1);

    private final Set<X509Certificate> authorities;
    private final Set<TrustAnchor> anchors;
    private final Clock clock;

    // Replaced by any thread that finds it too old; two may do so at the same time, and either result will do.
    private volatile @Nullable Dated current;

    /** The JDK's trust manager for one date. */
    private record Dated(Instant date, X509ExtendedTrustManager checks) {}

    /** One of the JDK's checks. */
    private interface Check {
        void run(X509ExtendedTrustManager checks) throws CertificateException;
    }

    private PeerChecks(Set<X509Certificate> authorities, Clock clock) {
        this.authorities = authorities;
        this.anchors = authorities.stream()
                .map(certificate -> new TrustAnchor(certificate, null))
                .collect(Collectors.toUnmodifiableSet());
        this.clock = clock;
    }

    /**
     * Checks that trust these authorities only, as a server does that asks its clients for certificates.
     *
     * @throws IllegalArgumentException if there is none
     */
    static PeerChecks of(List<X509Certificate> authorities, Clock clock) {
        if (authorities.isEmpty()) {
            throw new IllegalArgumentException("expected at least one authority but there is none");
        }
        return new PeerChecks(new LinkedHashSet<>(authorities), clock);
    }

    /**
     * Checks that trust the system's authorities and these.
     *
     * @throws TlsConfigException if there is none at all
     */
    static PeerChecks ofSystem(List<X509Certificate> added, Clock clock) throws TlsConfigException {
        Set<X509Certificate> authorities = new LinkedHashSet<>(added);
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init((KeyStore) null);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509TrustManager known) {
                    authorities.addAll(Arrays.asList(known.getAcceptedIssuers()));
                }
            }
        } catch (GeneralSecurityException e) {
            throw new TlsConfigException(
                    "expected the system's authorities but they can't be read; check javax.net.ssl.trustStore", e);
        }
        if (authorities.isEmpty()) {
            throw new TlsConfigException(
                    "expected at least one authority but the system has none; check javax.net.ssl.trustStore");
        }
        return new PeerChecks(authorities, clock);
    }

    /** Accepts every certificate, for any name. */
    static X509ExtendedTrustManager none() {
        return new NoChecks();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        PeerRefusal refusal = PeerRefusal.ofServer(chain, engine, clock.instant());
        String identification = engine.getSSLParameters().getEndpointIdentificationAlgorithm();
        if (identification == null || identification.isEmpty()) {
            throw refusal.exception("no host name is known that it could be checked for", null);
        }
        check(chain, refusal, checks -> checks.checkServerTrusted(chain, authType, engine));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(
                chain,
                PeerRefusal.ofClient(chain, clock.instant()),
                checks -> checks.checkClientTrusted(chain, authType, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw engineOnly();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw engineOnly();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw engineOnly();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw engineOnly();
    }

    /** Without an engine nobody knows the host name, and a check without it would be worth little. */
    private static CertificateException engineOnly() {
        return new CertificateException("expected a check of an SSLEngine but it was one without; use an SSLEngine");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities.toArray(X509Certificate[]::new);
    }

    private void check(X509Certificate[] chain, PeerRefusal refusal, Check check) throws CertificateException {
        Instant now = refusal.now();
        // The JDK does not ask for the date of a certificate that is itself among the authorities.
        if (authorities.contains(chain[0]) && now.isAfter(chain[0].getNotAfter().toInstant())) {
            throw refusal.exception(
                    refusal.reason(null),
                    new CertPathValidatorException("expired", null, null, -1, BasicReason.EXPIRED));
        }
        try {
            check.run(checks(now));
        } catch (CertificateException e) {
            throw refusal.exception(refusal.reason(e), PeerRefusal.pathFailure(e));
        }
    }

    private X509ExtendedTrustManager checks(Instant now) {
        Dated known = current;
        if (known == null || Duration.between(known.date(), now).abs().compareTo(FRESH) > 0) {
            known = new Dated(now, checksAt(now));
            current = known;
        }
        return known.checks();
    }

    private X509ExtendedTrustManager checksAt(Instant now) {
        try {
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, null);
            parameters.setDate(Date.from(now));
            parameters.setRevocationEnabled(Boolean.getBoolean("com.sun.net.ssl.checkRevocation"));
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(new CertPathTrustManagerParameters(parameters));
            return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
        } catch (GeneralSecurityException e) {
            // There is an authority, and every JDK has PKIX.
            throw new IllegalStateException("can't make a trust manager", e);
        }
    }

    /** A trust manager that accepts every certificate. */
    private static final class NoChecks extends X509ExtendedTrustManager {
        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
