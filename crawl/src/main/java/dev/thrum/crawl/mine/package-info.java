/** Values selected from web pages. */
@NullMarked
package dev.thrum.crawl.mine;

import org.jspecify.annotations.NullMarked;
