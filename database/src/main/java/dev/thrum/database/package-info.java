/** SQL databases whose calls return futures, from any thread: executors, group commit, SQLite, PostgreSQL. */
@NullMarked
package dev.thrum.database;

import org.jspecify.annotations.NullMarked;
