/** Files and folder lists as HTTP responses: conditional and range requests, a cache, a border around the folder. */
@NullMarked
package dev.thrum.http.files;

import org.jspecify.annotations.NullMarked;
