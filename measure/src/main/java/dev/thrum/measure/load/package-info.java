/** The load generator for users: requests on a schedule or in a closed loop, their latency, and whether the figures are valid. */
@NullMarked
package dev.thrum.measure.load;

import org.jspecify.annotations.NullMarked;
