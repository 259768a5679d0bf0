package dev.thrum.app;

import dev.thrum.store.DatabaseConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where the data is and how it is kept.
 *
 * @param folder for everything that is written
 * @param backups how the embedded database is backed up; empty if it is not, or is not embedded
 */
record DataConfig(DatabaseConfig database, Path folder, Optional<Backups> backups) {
    /**
     * A schedule.
     *
     * @param kept so many of the newest are kept
     */
    record Backups(Duration period, int kept) {}
}
