/** Data that survives: an asynchronous database, embedded or PostgreSQL, with its users and its ledger. */
@NullMarked
package dev.thrum.store;

import org.jspecify.annotations.NullMarked;
