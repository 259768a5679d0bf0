/** A crawl: which page is fetched when, what becomes of it, and what is left out. */
@NullMarked
package dev.thrum.crawl.crawler;

import org.jspecify.annotations.NullMarked;
