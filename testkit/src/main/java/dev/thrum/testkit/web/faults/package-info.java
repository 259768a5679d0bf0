/** The catalogue of named faults of a scripted web. */
@NullMarked
package dev.thrum.testkit.web.faults;

import org.jspecify.annotations.NullMarked;
