/** {@code thrum doctor}: asks a server that runs what is wrong with it; internal. */
@NullMarked
package dev.thrum.app.doctor;

import org.jspecify.annotations.NullMarked;
