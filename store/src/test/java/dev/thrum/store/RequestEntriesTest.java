package dev.thrum.store;

import static dev.thrum.database.Waits.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.database.Database;
import dev.thrum.database.Kind;
import dev.thrum.database.PostgresServer;
import dev.thrum.database.Site;
import dev.thrum.store.RequestEntry.Head;
import dev.thrum.testkit.LeakCheck;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith({PostgresServer.class, LeakCheck.class})
@ParameterizedClass
@EnumSource(Kind.class)
final class RequestEntriesTest {
    private static final Instant NOW = Instant.parse("2026-11-20T08:24:00.123456789Z");

    private final Site site;
    private final Database database;
    private final RequestEntries entries;

    RequestEntriesTest(Kind kind, @TempDir Path folder) {
        site = new Site(kind, folder);
        database = site.open();
        entries = new RequestEntries(database, InstantSource.fixed(NOW));
    }

    @AfterEach
    void close() {
        site.close();
    }

    private static RequestEntry at(Instant time) {
        return new RequestEntry(
                time, "r", "192.0.2.7", new Head("GET", "/a?b", "1.1", null, "curl", "https", "TLSv1.3"), 200, 13, 42);
    }

    @Test
    void requests_areAddedOnce_evenIfRetried() {
        List<RequestEntry> two = List.of(at(NOW), new RequestEntry(NOW, "s", "::1", null, 400, 0, 0));

        assertThat(get(entries.add("w", 0, two))).isEqualTo(2);
        assertThat(get(entries.add("w", 0, two))).isZero();
        assertThat(get(entries.add("v", 0, two))).isEqualTo(2);
        assertThat(get(entries.add("w", 1, List.of(at(NOW), at(NOW))))).isEqualTo(1);

        assertThat(site.number("SELECT COUNT(*) FROM request_log")).isEqualTo(5);
        assertThat(get(database.query(
                        "SELECT at, request_id, client, status, bytes, micros, target, scheme, tls FROM request_log WHERE writer = ?"
                                + " AND number = ?",
                        row -> List.of(
                                row.instant(1),
                                row.text(2),
                                row.text(3),
                                row.number(4),
                                row.number(5),
                                row.number(6),
                                row.text(7),
                                row.text(8),
                                row.text(9)),
                        "w",
                        0)))
                .containsExactly(List.of(
                        Instant.parse("2026-11-20T08:24:00.123Z"),
                        "r",
                        "192.0.2.7",
                        200L,
                        13L,
                        42L,
                        "/a?b",
                        "https",
                        "TLSv1.3"));
        assertThat(site.number(
                        "SELECT COUNT(*) FROM request_log WHERE target IS NULL AND scheme IS NULL AND tls IS NULL"))
                .isEqualTo(2);
    }

    @Test
    void oldRequests_areDeleted_oldestFirst() {
        Instant old = NOW.minus(Duration.ofDays(2));
        get(entries.add("w", 0, List.of(at(old), at(NOW), at(old.minusSeconds(1)), at(old.plusSeconds(1)))));
        get(entries.addGap("w", old.minusSeconds(1), 7));
        get(entries.addGap("w", NOW, 8));

        assertThat(get(entries.forget(Duration.ofDays(2), 1))).isEqualTo(1);
        assertThat(get(entries.forget(Duration.ofDays(2), 9))).isZero();
        assertThat(get(entries.forget(Duration.ofDays(1), 9))).isEqualTo(2);
        assertThat(site.number("SELECT number FROM request_log")).isEqualTo(1);
        assertThat(site.number("SELECT dropped FROM request_log_gaps")).isEqualTo(8);
    }
}
