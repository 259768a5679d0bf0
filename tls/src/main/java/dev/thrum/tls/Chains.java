package dev.thrum.tls;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Checks the order and the strength of chains of certificates. */
final class Chains {
    private static final int LEAST_RSA_BITS = 2048;

    private Chains() {}

    /** What is wrong with a chain, with the remedy; null if nothing is. */
    static @Nullable String flaw(List<X509Certificate> chain) {
        for (int i = 0; i + 1 < chain.size(); i++) {
            if (!isIssuedBy(chain.get(i), chain.get(i + 1))) {
                return disorder(chain, i);
            }
        }
        for (int i = 0; i < chain.size(); i++) {
            String weakness = weakness(chain.get(i));
            if (weakness != null) {
                return weakness + " in certificate " + (i + 1) + " (" + CertifiedKey.title(chain.get(i))
                        + "); have a new certificate issued";
            }
        }
        return null;
    }

    /** Whether the second certificate's key has signed the first one. */
    static boolean isIssuedBy(X509Certificate certificate, X509Certificate issuer) {
        if (!certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
            return false;
        }
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    static boolean isSelfSigned(X509Certificate certificate) {
        return isIssuedBy(certificate, certificate);
    }

    /** What is too weak about a certificate, as expected and actual; null if nothing is. */
    static @Nullable String weakness(X509Certificate certificate) {
        if (certificate.getPublicKey() instanceof RSAKey rsa && rsa.getModulus().bitLength() < LEAST_RSA_BITS) {
            return "expected an RSA key of at least " + LEAST_RSA_BITS + " bits but was "
                    + rsa.getModulus().bitLength();
        }
        String algorithm = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
        boolean isWeak =
                algorithm.startsWith("MD") || algorithm.startsWith("SHA1WITH") || algorithm.startsWith("SHAWITH");
        // Nobody needs the signature of a root: it is trusted because it is known.
        return isWeak && !isSelfSigned(certificate)
                ? "expected a signature with SHA-256 or better but was " + certificate.getSigAlgName()
                : null;
    }

    private static String disorder(List<X509Certificate> chain, int at) {
        String found = "expected each certificate to be issued by the next one but certificate " + (at + 1) + " ("
                + CertifiedKey.title(chain.get(at)) + ") was issued by \""
                + CertifiedKey.shown(chain.get(at).getIssuerX500Principal().getName()) + "\" and certificate "
                + (at + 2)
                + " is that of \""
                + CertifiedKey.shown(chain.get(at + 1).getSubjectX500Principal().getName()) + "\"; ";
        List<Integer> order = order(chain);
        if (order.size() == chain.size()) {
            return found + "put them in the order "
                    + order.stream().map(i -> String.valueOf(i + 1)).collect(Collectors.joining(", "));
        }
        return found + "put the server's certificate first, then those of its issuers, and no others";
    }

    /** The longest sequence in which each certificate is issued by the next one, as indexes. */
    private static List<Integer> order(List<X509Certificate> chain) {
        List<Integer> longest = List.of();
        for (int start = 0; start < chain.size(); start++) {
            List<Integer> order = new ArrayList<>(List.of(start));
            Set<Integer> used = new HashSet<>(order);
            int next = issuer(chain, start, used);
            while (next >= 0) {
                order.add(next);
                used.add(next);
                next = issuer(chain, next, used);
            }
            if (order.size() > longest.size()) {
                longest = order;
            }
        }
        return longest;
    }

    private static int issuer(List<X509Certificate> chain, int of, Set<Integer> used) {
        for (int i = 0; i < chain.size(); i++) {
            if (!used.contains(i) && isIssuedBy(chain.get(of), chain.get(i))) {
                return i;
            }
        }
        return -1;
    }
}
