package dev.thrum.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code thrum lab} as a packaged program: with sources from its jar, and the flag of the explorer. */
@Timeout(180)
final class LabIT {
    @TempDir
    private Path folder;

    private static Child run(String... arguments) throws IOException {
        return Child.thrum(Map.of(), arguments);
    }

    @Test
    void show_hasTheSource() throws IOException {
        try (Child show = run("lab", "show", "deadlock")) {
            assertThat(show.awaitExit()).as("%s", show.err()).isZero();
            assertThat(show.out())
                    .contains(
                            "   7  /** Ann and Bob eat at one table with one fork and one knife: each needs both. */");
        }
    }

    @Test
    void explore_findsTheDeadlock_andDrawsIt() throws IOException {
        Path page = folder.resolve("deadlock.html");
        try (Child explore = run("lab", "explore", "deadlock", "--html", page.toString())) {
            assertThat(explore.awaitExit()).as("%s", explore.err()).isEqualTo(1);
            assertThat(explore.err()).isEmpty();
            assertThat(explore.out()).anyMatch(line -> line.startsWith("Deadlock: Ann waits for knife"));
        }
        assertThat(Files.readString(page)).contains("knife");
    }

    /** It ends, whether the two have met or not. */
    @Test
    void run_ofADeadlock_ends() throws IOException {
        try (Child run = run("lab", "run", "deadlock")) {
            assertThat(run.awaitExit()).as("%s", run.err()).isIn(0, 1);
            assertThat(run.out()).last().asString().startsWith("fixed");
        }
    }
}
