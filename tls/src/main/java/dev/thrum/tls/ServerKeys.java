package dev.thrum.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.security.interfaces.EdECKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The certificates of one side of a connection, with their keys decrypted: the JDK's key managers decrypt a key again in each
 * handshake. Immutable, so safe for concurrent use.
 *
 * <p>A server's certificate is chosen by the name that the client has asked for: those with exactly this name, then those
 * with a wildcard for its first label, then the first one, or if the client can't use that, the next one that it can. Among
 * several for the same name the key types that the client supports decide.
 *
 * <p>The JDK asks for one key type at a time, in TLS 1.2 in the order of the enabled cipher suites. The suites with ECDSA
 * must come before those with RSA, as they do by default: a client that supports ECDSA signatures but no suite with them
 * gets an RSA certificate only in this order.
 */
final class ServerKeys extends X509ExtendedKeyManager {
    private static final String LAST_ASKED = "RSA";

    private final List<Entry> entries;

    /** A certificate with what choosing it needs. An alias is its index in the list. */
    private record Entry(String alias, CertifiedKey certified, Set<String> names) {
        boolean isOfType(String keyType) {
            return certified.type().equals(keyType);
        }

        /** Whether a client that supports these signatures can use it. */
        boolean isUsable(Set<String> signatures, boolean isTls13) {
            if (signatures.isEmpty()) {
                // It has not said which.
                return true;
            }
            return switch (certified.type()) {
                case "RSA" ->
                    signatures.contains("RSASSA-PSS")
                            || (!isTls13 && signatures.stream().anyMatch(name -> name.endsWith("withRSA")));
                case "EC" ->
                    isTls13
                            ? signatures.contains(signatureOnCurve())
                            : signatures.stream().anyMatch(name -> name.endsWith("withECDSA"));
                case "EdDSA" ->
                    certified.key() instanceof EdECKey key
                            && signatures.contains(key.getParams().getName());
                default -> signatures.contains(certified.type());
            };
        }

        /** The only signature of TLS 1.3 for the key's curve (RFC 8446, section 4.2.3). */
        private String signatureOnCurve() {
            int bits = certified.key() instanceof ECKey key
                    ? key.getParams().getCurve().getField().getFieldSize()
                    : 0;
            return switch (bits) {
                case 521 -> "SHA512withECDSA";
                case 384 -> "SHA384withECDSA";
                default -> "SHA256withECDSA";
            };
        }
    }

    /** @throws IllegalArgumentException if there is none */
    ServerKeys(List<CertifiedKey> keys) {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("expected at least one certificate but there is none");
        }
        List<Entry> all = new ArrayList<>();
        for (CertifiedKey key : keys) {
            all.add(new Entry(String.valueOf(all.size()), key, Set.copyOf(new HashSet<>(key.names()))));
        }
        entries = List.copyOf(all);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return choose(keyType, engine == null ? null : engine.getHandshakeSession());
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return choose(keyType, socket instanceof SSLSocket tls ? tls.getHandshakeSession() : null);
    }

    private @Nullable String choose(String keyType, @Nullable SSLSession session) {
        if (!(session instanceof ExtendedSSLSession handshake)) {
            return choose(keyType, null, Set.of(), false);
        }
        String[] signatures = handshake.getPeerSupportedSignatureAlgorithms();
        return choose(
                keyType,
                requestedName(handshake),
                signatures == null ? Set.of() : Set.copyOf(Arrays.asList(signatures)),
                handshake.getProtocol().equals("TLSv1.3"));
    }

    /** The host name that the client has asked for, in lower case; null if none. */
    private static @Nullable String requestedName(ExtendedSSLSession handshake) {
        List<SNIServerName> names;
        try {
            names = handshake.getRequestedServerNames();
        } catch (UnsupportedOperationException e) {
            // Sessions of other providers need not have them.
            return null;
        }
        for (SNIServerName name : names) {
            if (name instanceof SNIHostName host) {
                return host.getAsciiName().toLowerCase(Locale.ROOT);
            }
        }
        return null;
    }

    /**
     * Chooses a certificate with a key of this type.
     *
     * @param name null if the client has not asked for one
     * @param signatures the JDK's names of the signatures that the client can verify; empty if it has not said
     * @return null if another key type is to be asked for, or none is usable
     */
    @Nullable
    String choose(String keyType, @Nullable String name, Set<String> signatures, boolean isTls13) {
        List<Entry> usable = entries.stream()
                .filter(entry -> entry.isUsable(signatures, isTls13))
                .toList();
        for (Entry entry : best(usable, name)) {
            if (entry.isOfType(keyType)) {
                return entry.alias();
            }
        }
        if (!isTls13 && keyType.equals(LAST_ASKED)) {
            // The better ones have been asked for before, and the client has no suite for them.
            List<Entry> left =
                    usable.stream().filter(entry -> entry.isOfType(keyType)).toList();
            return left.isEmpty() ? null : best(left, name).getFirst().alias();
        }
        return null;
    }

    /** The entries for a name, which differ only in their keys; empty only if there are no entries. */
    private static List<Entry> best(List<Entry> usable, @Nullable String name) {
        if (name != null) {
            List<Entry> exact = having(usable, name);
            if (!exact.isEmpty()) {
                return exact;
            }
            int dot = name.indexOf('.');
            List<Entry> wild = dot < 0 ? List.of() : having(usable, "*" + name.substring(dot));
            if (!wild.isEmpty()) {
                return wild;
            }
        }
        return usable.isEmpty()
                ? usable
                : usable.stream()
                        .filter(entry -> entry.names().equals(usable.getFirst().names()))
                        .toList();
    }

    private static List<Entry> having(List<Entry> all, String name) {
        return all.stream().filter(entry -> entry.names().contains(name)).toList();
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return choose(keyTypes, issuers);
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return choose(keyTypes, issuers);
    }

    /** The first certificate of the most wanted type that one of these issuers has issued; null issuers are any. */
    private @Nullable String choose(String[] keyTypes, Principal @Nullable [] issuers) {
        for (String keyType : keyTypes) {
            String[] aliases = aliases(keyType, issuers);
            if (aliases != null) {
                return aliases[0];
            }
        }
        return null;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return aliases(keyType, issuers);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return aliases(keyType, issuers);
    }

    private String @Nullable [] aliases(String keyType, Principal @Nullable [] issuers) {
        String[] aliases = entries.stream()
                .filter(entry -> entry.isOfType(keyType) && isIssuedBy(entry, issuers))
                .map(Entry::alias)
                .toArray(String[]::new);
        return aliases.length == 0 ? null : aliases;
    }

    private static boolean isIssuedBy(Entry entry, Principal @Nullable [] issuers) {
        return issuers == null
                || issuers.length == 0
                || entry.certified().chain().stream()
                        .anyMatch(certificate -> Arrays.asList(issuers).contains(certificate.getIssuerX500Principal()));
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
        Entry entry = entry(alias);
        return entry == null ? null : entry.certified().chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
        Entry entry = entry(alias);
        return entry == null ? null : entry.certified().key();
    }

    private @Nullable Entry entry(@Nullable String alias) {
        for (Entry entry : entries) {
            if (entry.alias().equals(alias)) {
                return entry;
            }
        }
        return null;
    }
}
