/** URLs as browsers read them. */
@NullMarked
package dev.thrum.http.client.url;

import org.jspecify.annotations.NullMarked;
