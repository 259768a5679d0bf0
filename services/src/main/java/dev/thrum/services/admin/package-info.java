/** The admin port: health, metrics, connections. */
@NullMarked
package dev.thrum.services.admin;

import org.jspecify.annotations.NullMarked;
