package dev.thrum.tls;

import javax.net.ssl.SSLEngine;

/** Makes a TLS engine for one connection. Safe for concurrent use. */
@FunctionalInterface
interface Engines {
    /** @param peer the port of the peer, which sessions are resumed by */
    SSLEngine newEngine(int peer);
}
