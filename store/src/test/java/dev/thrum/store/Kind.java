package dev.thrum.store;

/** The databases that everything is tested on. */
enum Kind {
    SQLITE,
    POSTGRESQL
}
