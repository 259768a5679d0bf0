package dev.thrum.database;

import dev.thrum.database.dialect.Dialect;
import dev.thrum.database.dialect.PostgresUrl;
import dev.thrum.database.dialect.Sqlite;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The place of a database: a file, or a PostgreSQL server. Immutable. */
public final class Source {
    private final Dialect dialect;

    /** A database of this dialect. Internal. */
    public Source(Dialect dialect) {
        this.dialect = dialect;
    }

    /**
     * The embedded database: the SQLite file {@code thrum.db} in this folder. {@link Database#open} creates both if
     * they are missing.
     */
    public static Source embedded(Path folder) {
        return new Source(new Sqlite(folder.resolve(Sqlite.FILE)));
    }

    /**
     * A PostgreSQL server. Does not connect to it.
     *
     * @param url as for libpq: {@code postgresql://user:password@host:port/database?sslmode=require}; missing parts
     *     come from the environment
     * @param environment the variables {@code PGHOST}, {@code PGPORT}, {@code PGDATABASE}, {@code PGUSER}, {@code
     *     PGPASSWORD}, {@code PGSSLMODE} and {@code USER}; not kept
     * @throws IllegalArgumentException if the address is malformed; the message does not repeat it
     */
    public static Source postgresql(String url, Map<String, String> environment) {
        return new Source(PostgresUrl.parse(url, environment));
    }

    /** The file of the embedded database, whether it exists or not; empty for a server. */
    public Optional<Path> file() {
        return dialect instanceof Sqlite embedded ? Optional.of(embedded.file()) : Optional.empty();
    }

    /** A database of this dialect, for a schema. Internal: for backups, whose files have names of their own. */
    public static Schema.Target schemaTarget(Dialect dialect) {
        return new SchemaTarget(dialect);
    }

    /** The dialect of this database. Internal. */
    public Dialect dialect() {
        return dialect;
    }

    /** Its kind and place, without a password. */
    @Override
    public String toString() {
        return dialect.name() + " " + dialect.place();
    }
}
