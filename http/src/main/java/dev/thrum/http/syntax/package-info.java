/** The grammar of HTTP/1.1 (RFC 9110, RFC 9112) and URIs: tokens, authorities, targets, dates. Internal. */
@NullMarked
package dev.thrum.http.syntax;

import org.jspecify.annotations.NullMarked;
