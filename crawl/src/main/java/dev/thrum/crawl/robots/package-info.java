/** What robots.txt and sitemaps mean: which URLs may be requested, how often, and which URLs a site names. */
@NullMarked
package dev.thrum.crawl.robots;

import org.jspecify.annotations.NullMarked;
