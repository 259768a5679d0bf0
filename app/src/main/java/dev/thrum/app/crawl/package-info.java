/** The commands on the side of the client: fetch and mine. */
@NullMarked
package dev.thrum.app.crawl;

import org.jspecify.annotations.NullMarked;
