package dev.thrum.services.data;

import dev.thrum.database.DatabaseConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The configuration of the database and its background jobs.
 *
 * @param folder the data folder
 * @param backups the schedule of backups; empty for none, as for a database that is not embedded
 * @param requests how long the access log is kept in the database; empty if it is not there
 */
public record DataConfig(DatabaseConfig database, Path folder, Optional<Backups> backups, Optional<Duration> requests) {
    /**
     * A schedule of backups.
     *
     * @param kept number of the newest backups to keep
     */
    public record Backups(Duration period, int kept) {}
}
