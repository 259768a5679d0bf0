/** The asynchronous log of requests: handlers queue records and go on, and one thread writes them. */
@NullMarked
package dev.thrum.log;

import org.jspecify.annotations.NullMarked;
