/** Which addresses a client may connect to. */
@NullMarked
package dev.thrum.http.client.address;

import org.jspecify.annotations.NullMarked;
