/** SQL databases that are asked from any thread and answer with futures: executors, group commit, SQLite, PostgreSQL. */
@NullMarked
package dev.thrum.database;

import org.jspecify.annotations.NullMarked;
