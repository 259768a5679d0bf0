package dev.thrum.store;

import static dev.thrum.database.Waits.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.database.Database;
import dev.thrum.database.Kind;
import dev.thrum.database.PostgresServer;
import dev.thrum.database.Site;
import dev.thrum.database.Waits;
import dev.thrum.testkit.LeakCheck;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith({PostgresServer.class, LeakCheck.class})
@ParameterizedClass
@EnumSource(Kind.class)
final class HeartbeatTest {
    private static final Instant START = Instant.parse("2026-11-20T08:24:00.123Z");
    private static final Duration PERIOD = Duration.ofSeconds(10);

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final Site site;
    private final Database database;

    HeartbeatTest(Kind kind, @TempDir Path folder) {
        site = new Site(kind, folder);
        database = site.open();
    }

    @AfterEach
    void close() {
        site.close();
    }

    private Heartbeat program(String name) {
        return new Heartbeat(database, now::get, () -> name, PERIOD);
    }

    private static List<String> names(Heartbeat heartbeat) {
        return get(heartbeat.servers()).stream().map(Heartbeat.Seen::name).toList();
    }

    private void pass(Duration time) {
        now.updateAndGet(instant -> instant.plus(time));
    }

    @Test
    void killedProgram_countsForThreePeriodsOnly() {
        Heartbeat killed = program("killed");
        Heartbeat alive = program("alive");
        get(killed.beat());
        get(alive.beat());

        pass(PERIOD.multipliedBy(3));
        get(alive.beat());
        assertThat(names(alive)).containsExactly("alive", "killed");
        assertThat(alive.others(get(alive.servers()))).isEqualTo(1);

        pass(Duration.ofMillis(1));
        assertThat(names(alive)).containsExactly("alive");
        assertThat(alive.others(get(alive.servers()))).isZero();
    }

    @Test
    void programThatHasNotBeaten_countsOnlyTheOthers() {
        get(program("other").beat());

        Heartbeat starting = program("starting");
        assertThat(starting.others(get(starting.servers()))).isEqualTo(1);
        assertThat(get(starting.end())).isZero();
        assertThat(names(starting)).containsExactly("other");
    }

    @Test
    void programThatEnds_isNoLongerListed_andLaterBeatsDoNothing() {
        Heartbeat program = program("program");
        assertThat(get(program.beat())).isEqualTo(1);

        assertThat(get(program.end())).isEqualTo(1);
        assertThat(program.end()).isSameAs(program.end());
        assertThat(get(program.beat())).isZero();
        assertThat(names(program)).isEmpty();
    }

    @Test
    void removedEntry_isWrittenAgain() {
        Heartbeat program = program("program");
        get(program.beat());
        pass(PERIOD);
        get(program.forgetSilent(Duration.ofSeconds(9)));
        assertThat(names(program)).isEmpty();

        get(program.beat());
        assertThat(get(program.servers())).containsExactly(new Heartbeat.Seen("program", START, START.plus(PERIOD)));
    }

    /** The beat waits for a lock and is cancelled; on PostgreSQL another connection would be free. */
    @Test
    void programThatEnds_whileABeatIsInFlight_isNoLongerListed() throws SQLException {
        Heartbeat program = program("program");
        CompletableFuture<Integer> ended;
        try (Connection other = site.plain();
                Statement statement = other.createStatement()) {
            statement.execute(site.kind() == Kind.SQLITE ? "BEGIN IMMEDIATE" : "BEGIN");
            statement.execute("INSERT INTO servers VALUES ('program', '2026-11-20T08:00:00.000Z',"
                    + " '2026-11-20T08:00:00.000Z')");
            CompletableFuture<Integer> beat = program.beat();
            Waits.until("the beat is running", () -> database.stats().running() > 0);
            assertThat(beat.cancel(false)).isTrue();
            ended = program.end();
            statement.execute("ROLLBACK");
        }

        assertThat(get(ended)).isEqualTo(1);
        assertThat(names(program)).isEmpty();
    }
}
