/** HTTP/1.1 and 1.0 over a {@link dev.thrum.engine.Connection}: the server, its handlers and routes, and the client. */
@NullMarked
package dev.thrum.http;

import org.jspecify.annotations.NullMarked;
