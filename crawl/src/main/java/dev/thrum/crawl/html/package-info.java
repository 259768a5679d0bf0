/** Links, titles, directives and text of HTML pages, scanned byte by byte without a tree. */
@NullMarked
package dev.thrum.crawl.html;

import org.jspecify.annotations.NullMarked;
