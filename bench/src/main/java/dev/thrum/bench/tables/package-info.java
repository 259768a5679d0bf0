/** Results as tables. */
@NullMarked
package dev.thrum.bench.tables;

import org.jspecify.annotations.NullMarked;
