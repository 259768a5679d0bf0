package dev.thrum.engine;

import dev.thrum.engine.spi.SecureWire;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * What the two sides of an encrypted connection have agreed on.
 *
 * @param protocol as {@code javax.net.ssl} names it: {@code TLSv1.3} or {@code TLSv1.2}
 * @param cipherSuite as IANA names it, such as {@code TLS_AES_128_GCM_SHA256}
 * @param applicationProtocol the protocol chosen by ALPN (RFC 7301), if both sides offered one in common
 * @param serverName the name that the client asked for by SNI (RFC 6066)
 * @param peerCertificates the chain that the peer has proved to own, its own certificate first; empty if it showed none
 */
public record TlsInfo(
        String protocol,
        String cipherSuite,
        Optional<String> applicationProtocol,
        Optional<String> serverName,
        List<X509Certificate> peerCertificates) {
    public TlsInfo {
        peerCertificates = List.copyOf(peerCertificates);
    }

    static TlsInfo of(SecureWire wire) {
        SSLSession agreed = wire.session();
        return new TlsInfo(
                agreed.getProtocol(),
                agreed.getCipherSuite(),
                wire.applicationProtocol(),
                serverName(agreed),
                peerCertificates(agreed));
    }

    private static Optional<String> serverName(SSLSession agreed) {
        if (agreed instanceof ExtendedSSLSession extended) {
            for (SNIServerName name : extended.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    return Optional.of(host.getAsciiName());
                }
            }
        }
        return Optional.empty();
    }

    private static List<X509Certificate> peerCertificates(SSLSession agreed) {
        try {
            return Arrays.stream(agreed.getPeerCertificates())
                    .filter(X509Certificate.class::isInstance)
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (SSLPeerUnverifiedException e) {
            return List.of();
        }
    }
}
