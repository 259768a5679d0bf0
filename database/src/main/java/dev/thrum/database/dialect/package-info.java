/** How SQLite and PostgreSQL differ: connections, transactions, errors, files. Internal: not for programs. */
@NullMarked
package dev.thrum.database.dialect;

import org.jspecify.annotations.NullMarked;
