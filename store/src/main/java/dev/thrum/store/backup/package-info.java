/** Backups of the embedded database, made while it is in use, and restoring them. */
@NullMarked
package dev.thrum.store.backup;

import org.jspecify.annotations.NullMarked;
