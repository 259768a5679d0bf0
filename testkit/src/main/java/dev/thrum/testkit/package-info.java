/** Test support: the contract of every engine, and leak checks. */
@NullMarked
package dev.thrum.testkit;

import org.jspecify.annotations.NullMarked;
