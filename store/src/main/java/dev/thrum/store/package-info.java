/** The stored data: users, the ledger, the access log, the list of running programs, and their tables. */
@NullMarked
package dev.thrum.store;

import org.jspecify.annotations.NullMarked;
