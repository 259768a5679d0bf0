package dev.thrum.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.database.dialect.Sqlite;
import dev.thrum.testkit.LogCapture;
import java.nio.file.Path;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What is logged about a database that can't work. */
final class AvailabilityTest {
    @Test
    void logGetsTwoLines_whenAFaultKeepsComingBack() {
        Availability availability = new Availability(new Sqlite(Path.of("some", "thrum.db")));
        try (LogCapture log = new LogCapture(Database.class)) {
            for (int i = 0; i < 200; i++) {
                DatabaseException thrown =
                        availability.failure(new SQLiteException("disk I/O error", SQLiteErrorCode.SQLITE_IOERR));
                assertThat(availability.fault()).contains(thrown.getMessage());
                availability.worked();
                assertThat(availability.fault()).isEmpty();
            }

            assertThat(log.records())
                    .extracting(LogRecord::getMessage)
                    .satisfiesExactly(
                            fault -> assertThat(fault).contains("can't work: the disk fails to read or write"),
                            recovery -> assertThat(recovery).contains("the database works again: SQLite"));
        }
    }
}
