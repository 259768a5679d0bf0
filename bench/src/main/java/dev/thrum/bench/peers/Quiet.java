package dev.thrum.bench.peers;

import java.util.logging.Level;
import java.util.logging.Logger;

/** Keeps what libraries tell of their own doings from the terminal, where the measurement tells of its. */
public final class Quiet {
    /** Kept here: a logger that nobody holds forgets its level. */
    private static final Logger MIGRATIONS = Logger.getLogger("org.flywaydb");

    private static final Logger POSTGRES = Logger.getLogger("io.zonky.test.db.postgres");

    private Quiet() {}

    public static void please() {
        MIGRATIONS.setLevel(Level.WARNING);
        POSTGRES.setLevel(Level.WARNING);
    }
}
