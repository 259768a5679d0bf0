/** The database behind the services, and the background jobs that look after it. */
@NullMarked
package dev.thrum.services.data;

import org.jspecify.annotations.NullMarked;
