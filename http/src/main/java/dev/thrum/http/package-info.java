/** HTTP messages, and the handlers and filters that turn requests into responses. */
@NullMarked
package dev.thrum.http;

import org.jspecify.annotations.NullMarked;
