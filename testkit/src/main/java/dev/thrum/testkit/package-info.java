/** Test support: the contract of every engine, leak checks, and scripted peers. */
@NullMarked
package dev.thrum.testkit;

import org.jspecify.annotations.NullMarked;
