/** {@code thrum lab}: scenarios of concurrency, shown, run and explored. */
@NullMarked
package dev.thrum.app.lab;

import org.jspecify.annotations.NullMarked;
