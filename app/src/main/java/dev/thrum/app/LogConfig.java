package dev.thrum.app;

import dev.thrum.log.LogFormat;
import dev.thrum.log.Rotation;
import dev.thrum.log.WhenFull;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The access log: where requests are logged, and how.
 *
 * @param file empty for the database
 * @param rotation of the file
 * @param capacity maximum number of queued records
 */
record LogConfig(Optional<Path> file, LogFormat format, WhenFull whenFull, Rotation rotation, int capacity) {
    /** How long records are kept in the database: one day for each file that would be kept. */
    Optional<Duration> kept() {
        return file.isPresent() ? Optional.empty() : Optional.of(Duration.ofDays(rotation.kept()));
    }
}
