/** Searches in the pages of a crawl: the command, and the page of the web service. */
@NullMarked
package dev.thrum.app.search;

import org.jspecify.annotations.NullMarked;
