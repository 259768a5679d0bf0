package dev.thrum.engine;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

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
}
