/** Makes backups of the embedded database while it is in use, and restores them. */
@NullMarked
package dev.thrum.store.backup;

import org.jspecify.annotations.NullMarked;
