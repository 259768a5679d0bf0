package dev.thrum.services.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.database.Database;
import dev.thrum.database.DatabaseConfig;
import dev.thrum.database.Source;
import dev.thrum.store.Heartbeat;
import dev.thrum.store.StoreSchema;
import dev.thrum.testkit.LeakCheck;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Which programs count as using a database: those that have started completely and were neither ended nor killed. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
final class RunningProgramsTest {
    private static final Instant START = Instant.parse("2026-11-20T08:24:00Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(START);

    @TempDir
    Path folder;

    private Data open() {
        DatabaseConfig database = DatabaseConfig.of(Source.embedded(folder));
        return Data.open(new DataConfig(database, folder, Optional.empty(), Optional.empty()), now::get);
    }

    private static List<String> names(Data data) throws InterruptedException {
        return data.servers().stream().map(Heartbeat.Seen::name).toList();
    }

    private static String heartbeatResult(Data data) {
        data.beat();
        return data.background().getFirst().last().orElseThrow().said();
    }

    @Test
    void program_isListed_fromItsStart_untilItDrains() throws Exception {
        try (Data data = open()) {
            assertThat(names(data)).isEmpty();

            data.start();
            assertThat(heartbeatResult(data)).isEqualTo("the database works; 0 other programs use it");
            assertThat(names(data))
                    .singleElement()
                    .asString()
                    .endsWith("/" + ProcessHandle.current().pid());

            try (Data other = open()) {
                data.drain(Duration.ofSeconds(10));
                assertThat(names(other)).isEmpty();
            }
        }
    }

    @Test
    void program_whenClosedWithoutADrain_isNoLongerListed() throws Exception {
        try (Data other = open()) {
            try (Data data = open()) {
                data.start();
                data.beat();
                assertThat(names(other)).hasSize(1);
            }
            assertThat(names(other)).isEmpty();
        }
    }

    /** The second signal does this while the rest of the program still runs. */
    @Test
    void program_whenItLeaves_isNoLongerListed_evenIfItsHeartbeatGoesOn() throws Exception {
        try (Data data = open()) {
            data.start();
            data.beat();

            data.leave();
            data.beat();
            assertThat(names(data)).isEmpty();
        }
    }

    @Test
    void killedProgram_countsAsAnotherProgram_forThreePeriodsOnly() throws Exception {
        try (Database database = StoreSchema.open(DatabaseConfig.of(Source.embedded(folder)))) {
            int _ = new Heartbeat(database, now::get, () -> "killed/1", Duration.ofSeconds(10))
                    .beat()
                    .get(30, TimeUnit.SECONDS);
        }
        try (Data data = open()) {
            data.start();
            assertThat(heartbeatResult(data)).isEqualTo("the database works; 1 other program uses it");

            now.set(START.plusSeconds(31));
            assertThat(heartbeatResult(data)).isEqualTo("the database works; 0 other programs use it");
            assertThat(names(data)).hasSize(1).doesNotContain("killed/1");
        }
    }
}
