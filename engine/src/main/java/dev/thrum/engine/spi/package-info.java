/**
 * The service provider interface for engine implementations: a backend accepts, opens and runs connections; a wire
 * moves their bytes.
 */
@NullMarked
package dev.thrum.engine.spi;

import org.jspecify.annotations.NullMarked;
