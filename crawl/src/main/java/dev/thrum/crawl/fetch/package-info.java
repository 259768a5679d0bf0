/** Downloads that are complete or failed, never something between. */
@NullMarked
package dev.thrum.crawl.fetch;

import org.jspecify.annotations.NullMarked;
