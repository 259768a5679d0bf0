/** The log of requests: handlers hand a record over and go on; one thread writes it. */
@NullMarked
package dev.thrum.log;

import org.jspecify.annotations.NullMarked;
