package dev.thrum.database;

/** The databases on which everything is tested. */
public enum Kind {
    SQLITE,
    POSTGRESQL
}
