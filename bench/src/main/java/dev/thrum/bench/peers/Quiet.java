package dev.thrum.bench.peers;

import java.util.logging.Level;
import java.util.logging.Logger;

/** Keeps the log messages of libraries out of the output of the measurement. */
public final class Quiet {
    /** Kept here: a logger without a strong reference loses its level. */
    private static final Logger MIGRATIONS = Logger.getLogger("org.flywaydb");

    private static final Logger POSTGRES = Logger.getLogger("io.zonky.test.db.postgres");

    private Quiet() {}

    public static void please() {
        MIGRATIONS.setLevel(Level.WARNING);
        POSTGRES.setLevel(Level.WARNING);
    }
}
