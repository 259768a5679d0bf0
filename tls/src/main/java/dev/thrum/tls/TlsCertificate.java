package dev.thrum.tls;

import java.time.Instant;
import java.util.List;

/**
 * A certificate that a server shows.
 *
 * @param names the host names and addresses that it is for
 * @param fingerprint the SHA-256 of the certificate, as browsers and {@code openssl x509 -fingerprint -sha256} show it
 * @param validFrom when it begins to be valid
 * @param expires when it, or one that vouches for it, ends to be valid
 */
public record TlsCertificate(List<String> names, String fingerprint, Instant validFrom, Instant expires) {
    public TlsCertificate {
        names = List.copyOf(names);
    }

    static TlsCertificate of(CertifiedKey key) {
        return new TlsCertificate(key.names(), key.fingerprint(), key.validFrom(), key.expires());
    }
}
