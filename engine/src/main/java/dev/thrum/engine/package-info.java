/**
 * Engines, servers and connections: a connection handler is blocking code over a byte stream, and an engine decides
 * how it waits.
 */
@NullMarked
package dev.thrum.engine;

import org.jspecify.annotations.NullMarked;
