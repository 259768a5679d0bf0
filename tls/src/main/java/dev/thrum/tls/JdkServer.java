package dev.thrum.tls;

import dev.thrum.base.Clock;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * The JDK's own provider, on the side of a server.
 *
 * @param authorities files with those that vouch for clients; empty if clients need no certificate
 */
record JdkServer(List<Path> authorities, SecureRandom random, Clock clock) implements Tls.ServerEngines {
    @Override
    public Engines of(List<CertifiedKey> keys, TlsOptions options) throws TlsConfigException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            TrustManager[] checks = authorities.isEmpty() ? new TrustManager[0] : new TrustManager[] {clients()};
            context.init(new KeyManager[] {new ServerKeys(keys)}, checks, random);
            return new JdkEngines(context, options, null);
        } catch (GeneralSecurityException e) {
            throw new TlsConfigException("expected the JDK's TLS provider to work but it does not: " + e.getMessage(), e);
        }
    }

    private TrustManager clients() throws TlsConfigException {
        List<X509Certificate> all = new ArrayList<>();
        for (Path file : authorities) {
            all.addAll(Pem.authorities(file));
        }
        return PeerChecks.of(all, clock);
    }
}
