/** What each measurement can be asked for: the options, and the servers that take part. */
@NullMarked
package dev.thrum.bench.options;

import org.jspecify.annotations.NullMarked;
