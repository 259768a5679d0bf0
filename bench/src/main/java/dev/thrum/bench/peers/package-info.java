/** The servers that are measured: Thrum's and others. */
@NullMarked
package dev.thrum.bench.peers;

import org.jspecify.annotations.NullMarked;
