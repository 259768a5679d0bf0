/** A scripted web for tests of crawlers: generated pages on many hosts, faults at chosen places, and a log of the requests. */
@NullMarked
package dev.thrum.testkit.web;

import org.jspecify.annotations.NullMarked;
