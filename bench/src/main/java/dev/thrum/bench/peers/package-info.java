/** The servers that are measured: ours and others. */
@NullMarked
package dev.thrum.bench.peers;

import org.jspecify.annotations.NullMarked;
