package dev.thrum.tls;

import dev.thrum.base.DurationText;
import java.time.Duration;
import java.util.List;

/**
 * What a side of connections offers.
 *
 * @param protocols as {@code javax.net.ssl} names them
 * @param applicationProtocols for ALPN (RFC 7301), the preferred first; empty to take no part in it
 * @param wantsClients whether a server requires the certificates of its clients
 * @param handshakeTime for all that both sides send
 * @param recordSize the most bytes of data in one record
 */
record TlsOptions(
        List<String> protocols,
        List<String> applicationProtocols,
        boolean wantsClients,
        Duration handshakeTime,
        int recordSize) {
    static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    TlsOptions {
        protocols = List.copyOf(protocols);
        applicationProtocols = List.copyOf(applicationProtocols);
        if (protocols.isEmpty() || !PROTOCOLS.containsAll(protocols)) {
            throw new IllegalArgumentException("expected protocols out of " + PROTOCOLS + " but was " + protocols);
        }
        if (!handshakeTime.isPositive()) {
            throw new IllegalArgumentException(
                    "expected the time of a handshake to be above zero but was " + DurationText.of(handshakeTime));
        }
    }

    static TlsOptions defaults() {
        return new TlsOptions(PROTOCOLS, List.of(), false, Duration.ofSeconds(10), 16 * 1024);
    }

    TlsOptions withProtocols(List<String> value) {
        return new TlsOptions(value, applicationProtocols, wantsClients, handshakeTime, recordSize);
    }

    TlsOptions withApplicationProtocols(List<String> value) {
        return new TlsOptions(protocols, value, wantsClients, handshakeTime, recordSize);
    }

    TlsOptions withClients(boolean value) {
        return new TlsOptions(protocols, applicationProtocols, value, handshakeTime, recordSize);
    }

    TlsOptions withHandshakeTime(Duration value) {
        return new TlsOptions(protocols, applicationProtocols, wantsClients, value, recordSize);
    }

    TlsOptions withRecordSize(int value) {
        return new TlsOptions(protocols, applicationProtocols, wantsClients, handshakeTime, value);
    }
}
