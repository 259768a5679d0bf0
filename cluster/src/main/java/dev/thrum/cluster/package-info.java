/** A cluster on one machine, to learn and to test with; never for production. */
@NullMarked
package dev.thrum.cluster;

import org.jspecify.annotations.NullMarked;
