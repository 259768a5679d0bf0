package dev.thrum.tls;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's own provider, on the side of a server.
 *
 * @param clients what checks the certificates of clients; null if they need none
 * @param resumes whether clients get session tickets
 */
record JdkServer(@Nullable X509TrustManager clients, SecureRandom random, boolean resumes)
        implements Tls.ServerEngines {
    private static final int RESUMED_CLIENT_SECONDS = 3_600;

    /** Longer than a ticket may live (RFC 8446, 4.6.1), so the JDK sends none. */
    private static final int NO_TICKET_SECONDS = 8 * 24 * 3_600;

    @Override
    public Engines of(List<CertifiedKey> keys, TlsOptions options) throws TlsConfigException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            TrustManager[] checks = clients == null ? new TrustManager[0] : new TrustManager[] {clients};
            context.init(new KeyManager[] {new ServerKeys(keys)}, checks, random);
            if (!resumes) {
                context.getServerSessionContext().setSessionTimeout(NO_TICKET_SECONDS);
            } else if (clients != null) {
                // A resumed session is not checked again: what has expired or was withdrawn meanwhile counts after
                // this.
                context.getServerSessionContext().setSessionTimeout(RESUMED_CLIENT_SECONDS);
            }
            return new JdkEngines(context, options, keys.stream().anyMatch(CertifiedKey::isSlow), null);
        } catch (GeneralSecurityException e) {
            throw new TlsConfigException(
                    "expected the JDK's TLS provider to work but it does not: " + e.getMessage(), e);
        }
    }
}
