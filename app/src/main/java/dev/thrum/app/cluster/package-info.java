/** {@code thrum lab cluster}: several servers and crawling processes on one machine, with a broker and a database for them. */
@NullMarked
package dev.thrum.app.cluster;

import org.jspecify.annotations.NullMarked;
