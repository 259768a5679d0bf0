/** Files and folder lists as HTTP responses: conditional and range requests, a cache, nothing outside the folder. */
@NullMarked
package dev.thrum.http.files;

import org.jspecify.annotations.NullMarked;
