package dev.thrum.app;

import dev.thrum.app.cli.Flag;
import dev.thrum.app.cli.Flags;
import dev.thrum.database.Source;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The flags for the place of the data, shared by all commands with a database. */
final class DataOptions {
    final Flags flags = new Flags("Data:");
    private final Flag<String> data =
            flags.value("--data", "DIR", "thrum-data", text -> text, "The folder for everything that is written");
    private final Flag<@Nullable String> database = flags.text(
            "--db",
            "URL",
            "postgresql://user@host/db instead of the embedded database, completed by PGHOST, PGPORT, PGUSER, PGPASSWORD,"
                    + " PGDATABASE; or none");

    /**
     * The data folder, for every file that is written.
     *
     * @throws IllegalArgumentException if the name is not a valid path
     */
    Path folder() {
        return Flags.folder("--data", data.value());
    }

    /** Whether the user chose to have no database. */
    boolean isNone() {
        return "none".equals(database.value());
    }

    /** Whether the database is the embedded one, in the data folder, and not a server. */
    boolean isEmbedded() {
        String url = database.value();
        return url == null || url.isBlank();
    }

    /**
     * The database.
     *
     * @param environment the variables, of which those that begin with PG are read
     * @throws IllegalArgumentException if a flag is malformed
     */
    Source source(Map<String, String> environment) {
        String url = database.value();
        if (url == null || url.isBlank()) {
            return Source.embedded(folder());
        }
        try {
            return Source.postgresql(url, environment);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--db: " + e.getMessage(), e);
        }
    }
}
