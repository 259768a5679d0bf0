/** How long TLS handshakes hold the thread of a server. */
@NullMarked
package dev.thrum.bench.handshakes;

import org.jspecify.annotations.NullMarked;
