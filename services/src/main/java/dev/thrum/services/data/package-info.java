/** The database of the services, and its background jobs. */
@NullMarked
package dev.thrum.services.data;

import org.jspecify.annotations.NullMarked;
