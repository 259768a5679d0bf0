package dev.thrum.app;

import dev.thrum.store.Source;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the data is: the flags that all commands with a database share. Picocli writes the fields, once. */
final class DataOptions {
    @Option(
            names = "--data",
            order = 61,
            paramLabel = "DIR",
            description = "The folder for everything that is written, made at first start (default: ${DEFAULT-VALUE})")
    private String data = "thrum-data";

    @Option(
            names = "--db",
            order = 62,
            paramLabel = "URL",
            description = "A PostgreSQL server instead of the embedded database: postgresql://user@host/db; what is"
                    + " missing comes from PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE; thrum serve goes without a"
                    + " database, users and ledger with none")
    private @Nullable String url;

    /**
     * The folder for everything that is written.
     *
     * @throws IllegalArgumentException if its name can't be one
     */
    Path folder() {
        try {
            if (!data.isBlank()) {
                return Path.of(data);
            }
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("expected --data to name a folder but was \"" + data + "\"", e);
        }
        throw new IllegalArgumentException("expected --data to name a folder but it was empty");
    }

    /** Whether there is to be no database. */
    boolean isNone() {
        return "none".equals(url);
    }

    /** Whether the data is in the folder, and not with a server. */
    boolean isEmbedded() {
        return url == null || url.isBlank();
    }

    /**
     * The database.
     *
     * @param environment where the PG variables are
     * @throws IllegalArgumentException if a flag is malformed
     */
    Source source(Map<String, String> environment) {
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
