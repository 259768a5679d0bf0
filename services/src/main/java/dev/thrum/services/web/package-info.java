/** The web API: JSON endpoints, their pages, files, and the access log. */
@NullMarked
package dev.thrum.services.web;

import org.jspecify.annotations.NullMarked;
