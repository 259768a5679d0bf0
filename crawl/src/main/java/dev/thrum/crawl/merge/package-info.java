/** Makes one set of outputs of those of several crawls, or of several processes of one crawl. */
@NullMarked
package dev.thrum.crawl.merge;

import org.jspecify.annotations.NullMarked;
