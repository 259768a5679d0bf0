/** The framing of HTTP/1.1 messages (RFC 9112), shared by the server and the client. Internal. */
@NullMarked
package dev.thrum.http.wire;

import org.jspecify.annotations.NullMarked;
