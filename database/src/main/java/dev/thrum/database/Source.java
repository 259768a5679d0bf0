package dev.thrum.database;

import dev.thrum.database.dialect.Dialect;
import dev.thrum.database.dialect.PostgresUrl;
import dev.thrum.database.dialect.Sqlite;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where a database is. Immutable. */
public final class Source {
    private final Dialect dialect;

    public Source(Dialect dialect) {
        this.dialect = dialect;
    }

    /** A file {@code thrum.db} in this folder, which is made when it is not there. */
    public static Source embedded(Path folder) {
        return new Source(new Sqlite(folder.resolve(Sqlite.FILE)));
    }

    /**
     * A PostgreSQL server.
     *
     * @param url as libpq has it: {@code postgresql://user:password@host:port/database?sslmode=require}; what is missing
     *     comes from the environment
     * @param environment the variables {@code PGHOST}, {@code PGPORT}, {@code PGDATABASE}, {@code PGUSER},
     *     {@code PGPASSWORD}, {@code PGSSLMODE} and {@code USER}
     * @throws IllegalArgumentException if the address is malformed
     */
    public static Source postgresql(String url, Map<String, String> environment) {
        return new Source(PostgresUrl.parse(url, environment));
    }

    /** The file of the embedded database, whether it is there or not; empty for a server. */
    public Optional<Path> file() {
        return dialect instanceof Sqlite embedded ? Optional.of(embedded.file()) : Optional.empty();
    }

    /** A database of this dialect, as a schema sees it. Internal: for backups, whose files have names of their own. */
    public static Schema.Target schemaTarget(Dialect dialect) {
        return new SchemaTarget(dialect);
    }

    /** How this database differs from others. Internal. */
    public Dialect dialect() {
        return dialect;
    }

    /** Its kind and place, without a password. */
    @Override
    public String toString() {
        return dialect.name() + " " + dialect.place();
    }
}
