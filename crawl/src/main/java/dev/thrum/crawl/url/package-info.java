/**
 * Which URLs are the same, and which of them a crawl follows: identity, shapes, traps, session parameters, and scope.
 */
@NullMarked
package dev.thrum.crawl.url;

import org.jspecify.annotations.NullMarked;
