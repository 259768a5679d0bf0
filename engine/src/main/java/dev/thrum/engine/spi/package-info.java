/** For those who make an engine: the backend that accepts, opens and runs connections, and the wire that moves their bytes. */
@NullMarked
package dev.thrum.engine.spi;

import org.jspecify.annotations.NullMarked;
