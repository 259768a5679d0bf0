/** The HTTP/1.1 client: requests over kept connections, with deadlines and limits. */
@NullMarked
package dev.thrum.http.client;

import org.jspecify.annotations.NullMarked;
