package dev.thrum.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thrum.testkit.LeakCheck;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
@ExtendWith(LeakCheck.class)
final class LogFileTest {
    private static final ZoneId ZONE = ZoneId.of("America/New_York");

    @TempDir
    private Path folder;

    private Instant now = Instant.parse("2026-11-20T08:20:00Z");
    private final InstantSource clock = () -> now;
    private long elapsed;
    private final List<LogFile> opened = new ArrayList<>();

    /** Lets a second pass, while the wall clock is set back by an hour. */
    private void passASecond() {
        elapsed += TimeUnit.SECONDS.toNanos(1);
        now = now.minusSeconds(3_600);
    }

    private Path path() {
        return folder.resolve("logs/requests.log");
    }

    private LogFile open(Rotation rotation) throws IOException {
        LogFile file = LogFile.open(path(), LogFormat.JSON, rotation, clock, ZONE, () -> elapsed);
        opened.add(file);
        return file;
    }

    @AfterEach
    void close() throws IOException {
        for (LogFile file : opened) {
            file.close();
        }
    }

    private static void write(LogFile file, long from, long to) throws IOException {
        List<RequestRecord> records =
                LongStream.range(from, to).mapToObj(Records::numbered).toList();
        int done = 0;
        while (done < records.size()) {
            done += file.write(records.subList(done, records.size()));
        }
    }

    /** The numbers of the records in a file, in file order. */
    private static List<Long> numbers(Path file) throws IOException {
        try (InputStream in = file.toString().endsWith(".gz")
                ? new GZIPInputStream(Files.newInputStream(file))
                : Files.newInputStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> line.startsWith("{\"time\"") && line.endsWith("}"))
                    .map(line -> Long.parseLong(line.replaceFirst(".*\"id\":\"r-(\\d+)\".*", "$1")))
                    .toList();
        }
    }

    private List<Path> rotated() throws IOException {
        try (Stream<Path> files = Files.list(path().getParent())) {
            return files.filter(file -> !file.equals(path())).sorted().toList();
        }
    }

    @Test
    void records_areAppendedToAnExistingFile_inBatches() throws IOException {
        write(open(Rotation.never()), 0, 3);
        LogFile again = open(Rotation.never());
        write(again, 3, 5_000);
        assertThat(numbers(path())).hasSize(5_000).isSorted().doesNotHaveDuplicates();
        assertThat(Files.size(path())).isGreaterThan(500_000);
    }

    @Test
    void incompleteLastLine_isEnded_beforeTheNextLine() throws IOException {
        Files.createDirectories(path().getParent());
        Files.writeString(path(), "{\"time\":\"20");
        write(open(Rotation.never()), 0, 2);
        assertThat(Files.readAllLines(path())).hasSize(3).startsWith("{\"time\":\"20");
        assertThat(numbers(path())).containsExactly(0L, 1L);
    }

    @Test
    void fileThatWouldExceedItsSize_isRotated_andCompressed() throws IOException {
        LogFile file = open(new Rotation(1_000, false, 100));
        for (int i = 0; i < 50; i++) {
            now = now.plusMillis(i % 2);
            write(file, i, i + 1);
            assertThat(Files.size(path())).isLessThanOrEqualTo(1_000);
        }
        file.close();
        List<Long> all = new ArrayList<>();
        for (Path rotatedFile : rotated()) {
            assertThat(rotatedFile.getFileName().toString())
                    .matches("requests\\.log\\.20261120-0820\\d\\d-\\d{3}\\.gz");
            all.addAll(numbers(rotatedFile));
        }
        all.addAll(numbers(path()));
        assertThat(all).hasSize(50).isSorted().doesNotHaveDuplicates();
        assertThat(rotated()).hasSizeGreaterThan(5);
    }

    @Test
    void newestFiles_areKept_andFilesWithOtherNamesAreNotTouched() throws IOException {
        Files.createDirectories(path().getParent());
        Path other = Files.writeString(path().resolveSibling("requests.log.old"), "mine");
        LogFile file = open(new Rotation(1, false, 3));
        for (int i = 0; i < 10; i++) {
            now = now.plusSeconds(1);
            write(file, i, i + 1);
        }
        file.close();
        assertThat(rotated()).hasSize(4).contains(other);
        assertThat(numbers(rotated().getFirst())).containsExactly(6L);
        assertThat(numbers(rotated().get(2))).containsExactly(8L);
        assertThat(numbers(path())).containsExactly(9L);
    }

    @Test
    void file_isRotated_atMidnightOfItsZone() throws IOException {
        now = Instant.parse("2026-11-21T04:59:59.999Z");
        LogFile file = open(new Rotation(0, true, 5));
        write(file, 0, 1);
        now = Instant.parse("2026-11-21T05:00:00Z");
        write(file, 1, 2);
        now = Instant.parse("2026-11-22T04:59:59Z");
        write(file, 2, 3);
        now = Instant.parse("2026-11-22T05:00:00Z");
        file.idle();
        file.idle();
        file.close();
        assertThat(rotated()).hasSize(2);
        assertThat(numbers(rotated().get(0))).containsExactly(0L);
        assertThat(numbers(rotated().get(1))).containsExactly(1L, 2L);
        assertThat(path()).isEmptyFile();
    }

    @Test
    void yesterdaysFile_isRotated_whenAProgramStartsToday() throws IOException {
        now = Instant.now();
        write(open(new Rotation(0, true, 5)), 0, 1);
        now = now.plus(Duration.ofDays(1));
        LogFile today = open(new Rotation(0, true, 5));
        write(today, 1, 2);
        today.close();
        assertThat(numbers(path())).containsExactly(1L);
        assertThat(rotated()).hasSize(1);
    }

    @Test
    void interruptedCompression_isFinished_atTheNextStart() throws IOException {
        Files.createDirectories(path().getParent());
        Path plain = path().resolveSibling("requests.log.20261119-000000-000");
        write(open(Rotation.never()), 0, 2);
        Files.move(path(), plain);
        Files.writeString(path().resolveSibling("requests.log.20261119-000000-000.gz.part"), "half");
        LogFile file = open(new Rotation(1_000, false, 5));
        file.close();
        assertThat(rotated()).containsExactly(path().resolveSibling("requests.log.20261119-000000-000.gz"));
        assertThat(numbers(rotated().getFirst())).containsExactly(0L, 1L);
    }

    @Test
    void fileThatWasMovedOrDeleted_isCreatedAgain_withinASecond() throws IOException {
        LogFile file = open(Rotation.never());
        write(file, 0, 1);
        Path moved = Files.move(path(), path().resolveSibling("moved"));
        write(file, 1, 2);
        passASecond();
        write(file, 2, 3);
        assertThat(numbers(moved)).containsExactly(0L, 1L);
        assertThat(numbers(path())).containsExactly(2L);
        Files.delete(path());
        passASecond();
        write(file, 3, 4);
        assertThat(numbers(path())).containsExactly(3L);
    }

    @Test
    void writing_fails_whileAFolderIsInPlaceOfTheFile() throws IOException {
        Files.createDirectories(path());
        assertThatThrownBy(() -> open(Rotation.never())).isInstanceOf(IOException.class);
        Files.delete(path());
        LogFile file = open(Rotation.never());
        write(file, 0, 1);
        Files.delete(path());
        Files.createDirectories(path());
        passASecond();
        assertThatThrownBy(() -> write(file, 1, 2)).isInstanceOf(IOException.class);
        Files.delete(path());
        write(file, 1, 2);
        assertThat(numbers(path())).containsExactly(1L);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void writing_failsOnAFullDisk_andWorksAgainWhenThereIsSpace() throws IOException {
        Files.createDirectories(path().getParent());
        Files.createSymbolicLink(path(), Path.of("/dev/full"));
        LogFile file = open(new Rotation(100, true, 5));
        assertThatThrownBy(() -> write(file, 0, 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("No space left");
        assertThatThrownBy(() -> write(file, 0, 1)).hasMessageContaining("No space left");
        Files.delete(path());
        write(file, 0, 1);
        assertThat(numbers(path())).containsExactly(0L);
    }

    @Test
    void gap_isWrittenAsALine() throws IOException {
        LogFile file = open(Rotation.never());
        write(file, 0, 1);
        file.write(new LogSink.Gap(now.toEpochMilli(), 7));
        write(file, 1, 2);
        assertThat(Files.readAllLines(path()).get(1))
                .isEqualTo("{\"time\":\"2026-11-20T08:20:00.000Z\",\"dropped\":7}");
        Files.writeString(path(), "x", StandardOpenOption.APPEND);
    }

    /** Opening a pipe blocks until another process reads it, which may be never. */
    @Test
    void pipe_isRefused_atOnce() throws Exception {
        Files.createDirectories(path().getParent());
        Process made = new ProcessBuilder("mkfifo", path().toString()).start();
        assumeTrue(made.waitFor(30, TimeUnit.SECONDS) && made.exitValue() == 0);

        assertThatThrownBy(() -> open(Rotation.never()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("it is a pipe");
    }

    @Test
    void link_isWrittenThrough_andNeverRenamed() throws Exception {
        Path target = folder.resolve("target.log");
        Files.createDirectories(path().getParent());
        Files.createSymbolicLink(path(), target);

        LogFile file = open(new Rotation(1_000, true, 3));
        write(file, 0, 100);

        assertThat(path()).isSymbolicLink();
        assertThat(numbers(target)).hasSize(100);
    }

    @Test
    void dailyRotation_goesOn_afterAClockThatWasAheadIsCorrected() throws IOException {
        LogFile file = open(new Rotation(0, true, 5));
        Instant correct = now;
        now = Instant.parse("2099-01-01T12:00:00Z");
        write(file, 0, 1);
        now = correct;
        write(file, 1, 2);
        now = correct.plus(Duration.ofDays(1));
        write(file, 2, 3);
        now = correct.plus(Duration.ofDays(2));
        write(file, 3, 4);
        file.close();
        assertThat(numbers(path())).containsExactly(3L);
    }

    @Test
    void fileCreatedWhileTheClockWasAhead_isRotated_atTheNextMidnight() throws IOException {
        Instant correct = now;
        now = Instant.parse("2099-01-01T12:00:00Z");
        LogFile file = open(new Rotation(0, true, 5));
        write(file, 0, 1);
        now = correct;
        write(file, 1, 2);
        assertThat(numbers(path())).containsExactly(0L, 1L);
        now = correct.plus(Duration.ofDays(1));
        write(file, 2, 3);
        file.close();
        assertThat(numbers(path())).containsExactly(2L);
        assertThat(rotated())
                .singleElement()
                .satisfies(rotatedFile -> assertThat(numbers(rotatedFile)).containsExactly(0L, 1L));
    }

    @Test
    void truncatedFile_isRotated_onlyWhenItIsFullAgain() throws IOException {
        LogFile file = open(new Rotation(1_000, false, 5));
        write(file, 0, 4);
        Files.write(path(), new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
        passASecond();
        write(file, 4, 8);
        file.close();
        assertThat(numbers(path())).containsExactly(4L, 5L, 6L, 7L);
        assertThat(rotated()).isEmpty();
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void writing_fails_whileAPipeIsInPlaceOfTheFile() throws Exception {
        LogFile file = open(Rotation.never());
        write(file, 0, 1);
        Files.delete(path());
        Process made = new ProcessBuilder("mkfifo", path().toString()).start();
        assertThat(made.waitFor(60, TimeUnit.SECONDS)).isTrue();
        passASecond();
        assertThatThrownBy(() -> write(file, 1, 2)).hasMessageContaining("it is a pipe");
        assertThatThrownBy(() -> write(file, 1, 2)).hasMessageContaining("it is a pipe");
        Files.delete(path());
        write(file, 1, 2);
        assertThat(numbers(path())).containsExactly(1L);
    }
}
