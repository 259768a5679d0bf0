package dev.thrum.cluster;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A PostgreSQL server of its own on the loopback address, which ends with this JVM. For learning and tests only: it has no passwords, and does not
 * force its data to the disk.
 */
public final class LocalDatabase implements AutoCloseable {
    private final EmbeddedPostgres server;

    private LocalDatabase(EmbeddedPostgres server) {
        this.server = server;
    }

    /**
     * Starts a server on a free port.
     *
     * @param folder for its data; made if it doesn't exist, and what an earlier server has left there is used
     */
    public static LocalDatabase start(Path folder) throws IOException {
        Files.createDirectories(folder);
        return new LocalDatabase(EmbeddedPostgres.builder()
                .setDataDirectory(folder)
                .setCleanDataDirectory(false)
                .start());
    }

    /** The address for {@code --db}, {@code postgresql://postgres@localhost:PORT/postgres}. */
    public String address() {
        return "postgresql://postgres@localhost:" + server.getPort() + "/postgres";
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
