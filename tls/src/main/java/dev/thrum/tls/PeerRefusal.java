package dev.thrum.tls;

import dev.thrum.base.Printable;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertPathValidatorException.Reason;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXReason;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * Finds out why the JDK has refused a peer's certificate, and says it in one line. The JDK's own messages name neither the
 * certificate nor its dates, and hide most reasons behind "unable to find valid certification path".
 *
 * @param chain what the peer has sent, its own certificate first
 * @param isServer whether the peer is the server
 * @param host the name that was checked; null if there is none
 * @param now when it was checked
 */
record PeerRefusal(
        List<X509Certificate> chain,
        boolean isServer,
        @Nullable String host,
        Instant now) {
    private static final String ANY_PURPOSE = "2.5.29.37.0";
    private static final int MOST_NAMES = 3;

    PeerRefusal {
        chain = List.copyOf(chain);
    }

    static PeerRefusal ofServer(X509Certificate[] chain, SSLEngine engine, Instant now) {
        return new PeerRefusal(List.of(chain), true, host(engine), now);
    }

    static PeerRefusal ofClient(X509Certificate[] chain, Instant now) {
        return new PeerRefusal(List.of(chain), false, null, now);
    }

    private static @Nullable String host(SSLEngine engine) {
        if (engine.getHandshakeSession() instanceof ExtendedSSLSession session) {
            for (SNIServerName name : session.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    return host.getAsciiName();
                }
            }
        }
        return engine.getPeerHost();
    }

    /** The failure with a reason that an exception of the JDK's check of a path carries; null if it is about something else. */
    static @Nullable CertPathValidatorException pathFailure(CertificateException thrown) {
        int most = 16;
        Throwable cause = thrown;
        CertPathValidatorException found = null;
        for (int i = 0; cause != null && i < most; i++) {
            if (cause instanceof CertPathValidatorException failure
                    && (found == null || found.getReason() == BasicReason.UNSPECIFIED)) {
                found = failure;
            }
            cause = cause.getCause();
        }
        return found;
    }

    /** The exception for this reason, with the names and dates that matter. */
    CertificateException exception(String reason, @Nullable Throwable cause) {
        X509Certificate leaf = chain.getFirst();
        List<String> notes = new ArrayList<>();
        if (host != null) {
            notes.add("checked for " + CertifiedKey.shown(host));
        }
        Instant until = leaf.getNotAfter().toInstant();
        if (!now.isAfter(until)) {
            notes.add("valid until " + CertifiedKey.date(until));
        }
        return new CertificateException(
                (isServer ? "certificate of " : "client certificate of ") + CertifiedKey.title(leaf) + " refused: "
                        + reason
                        + (notes.isEmpty() ? "" : " (" + String.join(", ", notes) + ")"),
                cause);
    }

    /**
     * Why a certificate was refused.
     *
     * @param thrown what the JDK's check threw; null if it was not asked
     */
    String reason(@Nullable CertificateException thrown) {
        return untimely(chain.getFirst(), "it")
                .or(() -> Optional.ofNullable(thrown).flatMap(e -> pathReason(e)))
                .orElse("it failed the check: "
                        + (thrown == null ? "unknown" : Printable.of(String.valueOf(thrown.getMessage()))));
    }

    private Optional<String> untimely(X509Certificate certificate, String which) {
        Instant from = certificate.getNotBefore().toInstant();
        Instant until = certificate.getNotAfter().toInstant();
        if (now.isAfter(until)) {
            return Optional.of(which + " expired on " + CertifiedKey.date(until));
        }
        return now.isBefore(from)
                ? Optional.of(which + " is not valid before " + CertifiedKey.date(from) + "; check the clock")
                : Optional.empty();
    }

    private Optional<String> pathReason(CertificateException thrown) {
        if (thrown.getClass().equals(CertificateException.class) && thrown.getCause() == null) {
            // The JDK checks the host name last, and is not in doubt about anything before it.
            return Optional.of(otherHost());
        }
        CertPathValidatorException failure = pathFailure(thrown);
        return Optional.ofNullable(failure)
                .flatMap(this::stated)
                .or(() -> wrongUsage(failure))
                .or(() -> untimelyAuthority())
                .or(() -> isPathProblem(thrown) ? Optional.of(untrusted()) : Optional.empty());
    }

    private String otherHost() {
        if (host == null) {
            return "no host name is known that it could be checked for";
        }
        List<String> names = CertifiedKey.names(chain.getFirst());
        String some = names.stream().limit(MOST_NAMES).map(CertifiedKey::shown).collect(Collectors.joining(", "));
        String more = names.size() > MOST_NAMES ? " and " + (names.size() - MOST_NAMES) + " more" : "";
        return "it is for " + (names.isEmpty() ? "no host" : some + more) + ", not for " + CertifiedKey.shown(host);
    }

    /** The reason that the failure gives itself, if it says more than that there is no path. */
    private Optional<String> stated(CertPathValidatorException failure) {
        Reason reason = failure.getReason();
        if (reason == BasicReason.REVOKED) {
            return Optional.of(which(failure) + " was revoked");
        }
        if (reason == BasicReason.UNDETERMINED_REVOCATION_STATUS) {
            return Optional.of("nobody says whether " + which(failure) + " was revoked");
        }
        if (reason == BasicReason.ALGORITHM_CONSTRAINED) {
            return Optional.of(which(failure) + " uses a weak algorithm: " + weakness(failure));
        }
        if (reason == BasicReason.INVALID_SIGNATURE) {
            return Optional.of(which(failure) + " has a signature that is not from the authority it names");
        }
        if (reason == PKIXReason.NOT_CA_CERT || reason == PKIXReason.PATH_TOO_LONG) {
            return Optional.of(which(failure) + " may not issue certificates, but has issued another of the chain");
        }
        if (reason == PKIXReason.INVALID_NAME) {
            return Optional.of(which(failure) + " has a name that its authority may not issue certificates for");
        }
        return reason == PKIXReason.UNRECOGNIZED_CRIT_EXT && isOfLeaf(failure) && permitsPurpose()
                ? Optional.of("it has a critical extension that is unknown here")
                : Optional.empty();
    }

    private String weakness(CertPathValidatorException failure) {
        return certificate(failure)
                .map(Chains::weakness)
                .orElseGet(() -> Printable.of(String.valueOf(failure.getMessage())));
    }

    private static Optional<X509Certificate> certificate(CertPathValidatorException failure) {
        if (failure.getCertPath() == null || failure.getIndex() < 0) {
            return Optional.empty();
        }
        List<? extends Certificate> path = failure.getCertPath().getCertificates();
        return failure.getIndex() < path.size() && path.get(failure.getIndex()) instanceof X509Certificate found
                ? Optional.of(found)
                : Optional.empty();
    }

    private boolean isOfLeaf(CertPathValidatorException failure) {
        return certificate(failure).map(chain.getFirst()::equals).orElse(true);
    }

    private String which(CertPathValidatorException failure) {
        return isOfLeaf(failure)
                ? "it"
                : "the certificate of its authority "
                        + certificate(failure).map(CertifiedKey::title).orElse("");
    }

    private Optional<String> wrongUsage(@Nullable CertPathValidatorException failure) {
        if (failure != null && failure.getReason() == PKIXReason.INVALID_KEY_USAGE && !isOfLeaf(failure)) {
            return Optional.of(which(failure) + " has a key usage that does not allow to issue certificates");
        }
        return permitsPurpose()
                ? Optional.empty()
                : Optional.of(
                        "its key usage does not allow the authentication of a " + (isServer ? "server" : "client"));
    }

    private boolean permitsPurpose() {
        boolean[] usage = chain.getFirst().getKeyUsage();
        if (usage != null && !usage[0]) {
            // Without digital signatures it has no use in TLS with forward secrecy.
            return false;
        }
        try {
            List<String> purposes = chain.getFirst().getExtendedKeyUsage();
            return purposes == null
                    || purposes.contains(ANY_PURPOSE)
                    || purposes.contains(
                            isServer
                                    ? CertificateFields.SERVER_AUTHENTICATION
                                    : CertificateFields.CLIENT_AUTHENTICATION);
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    private Optional<String> untimelyAuthority() {
        return chain.stream()
                .skip(1)
                .flatMap(certificate ->
                        untimely(certificate, "the certificate of its authority " + CertifiedKey.title(certificate))
                                .stream())
                .findFirst();
    }

    private static boolean isPathProblem(CertificateException thrown) {
        Throwable cause = thrown.getCause();
        return cause instanceof CertPathBuilderException || cause instanceof CertPathValidatorException;
    }

    private String untrusted() {
        X509Certificate leaf = chain.getFirst();
        if (leaf.getSubjectX500Principal().equals(leaf.getIssuerX500Principal())) {
            return "it is self-signed; trust this certificate if its SHA-256 is really "
                    + CertifiedKey.fingerprint(leaf);
        }
        X509Certificate last = leaf;
        for (X509Certificate next : chain.subList(1, chain.size())) {
            if (Chains.isIssuedBy(last, next)) {
                last = next;
            }
        }
        String issuer = CertifiedKey.shown(last.getIssuerX500Principal().getName());
        return Chains.isSelfSigned(last)
                ? "its authority \"" + issuer + "\" is unknown; trust this authority if that is intended"
                : "its authority \"" + issuer
                        + "\" is unknown and its certificate was not sent; trust this authority if"
                        + " that is intended, or have the peer send its whole chain";
    }
}
