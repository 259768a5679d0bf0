/** The explorer's searches, Lincheck's, and the programs that they are measured with. */
@NullMarked
package dev.thrum.bench.explore;

import org.jspecify.annotations.NullMarked;
