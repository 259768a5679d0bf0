package dev.thrum.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.base.Disk;
import dev.thrum.testkit.LeakCheck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
@ExtendWith(LeakCheck.class)
final class RotatedFilesTest {
    private static final String PLAIN = "requests.log.20261120-082000-000";

    private static final int KEPT = 5;

    @TempDir
    private Path folder;

    private Instant now = Instant.parse("2026-11-20T08:20:00Z");

    /** Each path that was forced to disk, with the files that the folder contained then. */
    private final List<String> forced = new ArrayList<>();

    @BeforeEach
    void putAside() throws IOException {
        Files.writeString(folder.resolve("requests.log"), "a line\n");
    }

    private List<String> names() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private RotatedFiles files(Disk disk, ThreadFactory threads) {
        return new RotatedFiles(folder.resolve("requests.log"), KEPT, () -> now, disk, threads);
    }

    private void tidy(Disk disk) throws IOException {
        RotatedFiles files = files(disk, Thread.ofPlatform().daemon().factory());
        if (Files.exists(folder.resolve("requests.log"))) {
            files.putAside();
        }
        files.tidy();
        files.awaitTidy(Duration.ofSeconds(60));
    }

    private void record(Path path) {
        forced.add(path.getFileName() + " of " + names());
    }

    @Test
    void originalIsDeleted_afterTheCompressedFileAndItsFolderAreForcedToDisk() throws IOException {
        tidy(this::record);

        assertThat(forced)
                .containsExactly(
                        PLAIN + ".gz.part of [" + PLAIN + ", " + PLAIN + ".gz.part]",
                        folder.getFileName() + " of [" + PLAIN + ", " + PLAIN + ".gz]");
        assertThat(names()).containsExactly(PLAIN + ".gz");
    }

    @Test
    void originalIsKept_whenTheCompressedFileCannotBeForcedToDisk() throws IOException {
        tidy(path -> {
            throw new IOException("Input/output error");
        });

        assertThat(names()).containsExactly(PLAIN);
    }

    @Test
    void originalIsKept_untilItsFolderCanBeForcedToDisk() throws IOException {
        tidy(path -> {
            if (Files.isDirectory(path)) {
                throw new IOException("Input/output error");
            }
        });
        assertThat(names()).containsExactly(PLAIN, PLAIN + ".gz");

        tidy(this::record);
        assertThat(forced).containsExactly(folder.getFileName() + " of [" + PLAIN + ", " + PLAIN + ".gz]");
        assertThat(names()).containsExactly(PLAIN + ".gz");
    }

    @Test
    void compression_isDoneLater_whenNoThreadCanBeStartedNow() throws IOException {
        AtomicInteger left = new AtomicInteger(2);
        RotatedFiles files = files(this::record, Reluctant.threads(left));
        files.putAside();
        files.tidy();
        assertThat(names()).containsExactly(PLAIN);

        files.catchUp();
        files.catchUp();
        files.awaitTidy(Duration.ofSeconds(60));
        assertThat(names()).containsExactly(PLAIN + ".gz");
    }

    @Test
    void filesDatedInTheFuture_doNotCountAgainstTheLimit() throws IOException {
        for (int i = 0; i < 2 * KEPT; i++) {
            Files.writeString(folder.resolve("requests.log.20990101-00000" + i + "-000.gz"), "");
        }
        tidy(this::record);
        assertThat(names()).contains(PLAIN + ".gz").hasSize(2 * KEPT + 1);
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void pipeNamedLikeARotatedFile_isNotRead() throws Exception {
        String pipe = "requests.log.20261119-082000-000";
        Process made = new ProcessBuilder("mkfifo", folder.resolve(pipe).toString()).start();
        assertThat(made.waitFor(60, TimeUnit.SECONDS)).isTrue();
        tidy(this::record);
        assertThat(names()).containsExactly(pipe, PLAIN + ".gz");
    }
}
