/** The HTTP/1.1 server: connections, routes, filters and statistics. */
@NullMarked
package dev.thrum.http.server;

import org.jspecify.annotations.NullMarked;
