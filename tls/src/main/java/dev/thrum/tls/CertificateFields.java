package dev.thrum.tls;

import java.security.PublicKey;
import java.time.Instant;
import java.util.List;

/**
 * What a new certificate says.
 *
 * @param commonName the subject's only attribute
 * @param key the key that it is for
 * @param names host names (A-labels) and addresses: its subject alternative names; without any, it has no such extension
 * @param from the first second in which it is valid
 * @param until the last one
 * @param isAuthority whether it may issue others
 * @param usage what the key may do: the first byte of the key usage, bit 0 first (RFC 5280, section 4.2.1.3); 0 leaves the
 *     extension out
 * @param purposes the object identifiers of its extended key usage; without any, it has no such extension
 */
record CertificateFields(
        String commonName,
        PublicKey key,
        List<String> names,
        Instant from,
        Instant until,
        boolean isAuthority,
        int usage,
        List<String> purposes) {
    static final int DIGITAL_SIGNATURE = 0x80;
    static final int SIGNS_CERTIFICATES = 0x06;

    static final String SERVER_AUTHENTICATION = "1.3.6.1.5.5.7.3.1";
    static final String CLIENT_AUTHENTICATION = "1.3.6.1.5.5.7.3.2";

    CertificateFields {
        names = List.copyOf(names);
        purposes = List.copyOf(purposes);
        if (!from.isBefore(until)) {
            throw new IllegalArgumentException("expected a time after " + from + " but was " + until);
        }
    }
}
