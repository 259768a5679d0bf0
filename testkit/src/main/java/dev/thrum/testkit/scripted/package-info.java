/** Peers, servers and clocks that do what a test says, byte by byte, and the responses that they see. */
@NullMarked
package dev.thrum.testkit.scripted;

import org.jspecify.annotations.NullMarked;
