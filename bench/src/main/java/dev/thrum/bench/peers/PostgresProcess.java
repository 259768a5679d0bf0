package dev.thrum.bench.peers;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * The main class of a process that runs a PostgreSQL server, and stops it at the end of its own input.
 *
 * <p>It answers each command with one line, or with {@code failed REASON}: {@code database NAME} with the URL of a new
 * database, {@code lock NAME} with {@code locked} when no other program can use its table of users, {@code unlock} with
 * {@code unlocked}.
 */
public final class PostgresProcess {
    private final EmbeddedPostgres server;

    /** The connection that holds the lock. */
    private @Nullable Connection holder;

    private PostgresProcess(EmbeddedPostgres server) {
        this.server = server;
    }

    /** Takes no arguments. */
    public static void main(String[] arguments) throws IOException {
        Quiet.please();
        try (EmbeddedPostgres server = EmbeddedPostgres.builder().start()) {
            PostgresProcess process = new PostgresProcess(server);
            BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            String command = commands.readLine();
            while (command != null) {
                System.out.println(process.answer(command.split(" ")));
                command = commands.readLine();
            }
        }
        Runtime.getRuntime().exit(0);
    }

    private String answer(String[] command) {
        try {
            return switch (command[0]) {
                case "database" -> database(command[1]);
                case "lock" -> lock(command[1]);
                case "unlock" -> unlock();
                default -> "failed expected database, lock or unlock but was " + command[0];
            };
        } catch (SQLException | RuntimeException e) {
            return "failed "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        }
    }

    private String database(String name) throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            boolean _ = statement.execute("CREATE DATABASE " + name);
        }
        return "postgresql://postgres@localhost:" + server.getPort() + "/" + name;
    }

    private String lock(String name) throws SQLException {
        String _ = unlock();
        Connection connection = server.getDatabase("postgres", name).getConnection();
        holder = connection;
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            boolean _ = statement.execute("LOCK TABLE users IN ACCESS EXCLUSIVE MODE");
        }
        return "locked";
    }

    private String unlock() throws SQLException {
        if (holder != null) {
            holder.close();
            holder = null;
        }
        return "unlocked";
    }
}
