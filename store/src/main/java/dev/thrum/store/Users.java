package dev.thrum.store;

import dev.thrum.database.Database;
import dev.thrum.database.Row;
import dev.thrum.database.dialect.CallKind;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The users, whose e-mail addresses are unique, letter for letter. Safe for concurrent use. */
public final class Users {
    private static final String COLUMNS = "SELECT id, name, email, created_at FROM users ";

    private final Database database;
    private final InstantSource clock;

    public Users(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Adds a user; empty if the e-mail address is taken. */
    public CompletableFuture<Optional<User>> create(String name, String email) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return database.call(
                CallKind.RETURNING,
                session -> session.first(
                        "INSERT INTO users (name, email, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING RETURNING id",
                        row -> new User(row.number(1), name, email, now),
                        name,
                        email,
                        now));
    }

    /** The user with this id, if there is one. */
    public CompletableFuture<Optional<User>> find(long id) {
        return database.call(CallKind.QUERY, session -> session.first(COLUMNS + "WHERE id = ?", Users::user, id));
    }

    /** A page of users, the newest first. */
    public CompletableFuture<List<User>> list(Page page) {
        return database.query(
                COLUMNS + "WHERE id < ? ORDER BY id DESC LIMIT ?", Users::user, page.below(), page.limit());
    }

    private static User user(Row row) throws SQLException {
        return new User(row.number(1), row.text(2), row.text(3), row.instant(4));
    }
}
