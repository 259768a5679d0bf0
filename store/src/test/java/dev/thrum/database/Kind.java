package dev.thrum.database;

/** The databases that everything is tested on. */
public enum Kind {
    SQLITE,
    POSTGRESQL
}
