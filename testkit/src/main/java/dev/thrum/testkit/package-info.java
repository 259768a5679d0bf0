/** What every engine is tested with: one contract, leak checks, scripted peers. */
@NullMarked
package dev.thrum.testkit;

import org.jspecify.annotations.NullMarked;
