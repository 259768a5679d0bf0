/** The text of web pages: their types, their encodings, and the characters that HTML counts as special. */
@NullMarked
package dev.thrum.crawl.text;

import org.jspecify.annotations.NullMarked;
