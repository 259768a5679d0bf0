package dev.thrum.services.data;

import dev.thrum.database.DatabaseConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where the data is and how it is kept.
 *
 * @param folder for everything that is written
 * @param backups how the embedded database is backed up; empty if it is not, or is not embedded
 * @param requests how long requests are kept that are logged there; empty if none are
 */
public record DataConfig(DatabaseConfig database, Path folder, Optional<Backups> backups, Optional<Duration> requests) {
    /**
     * A schedule.
     *
     * @param kept so many of the newest are kept
     */
    public record Backups(Duration period, int kept) {}
}
