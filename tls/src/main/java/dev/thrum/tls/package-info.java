/** TLS as a wire around a wire: certificates, the handshake, and encrypted connections on every engine. */
@NullMarked
package dev.thrum.tls;

import org.jspecify.annotations.NullMarked;
