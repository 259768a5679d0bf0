package dev.thrum.crawl.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.base.Disk;
import dev.thrum.testkit.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The disk: what is written where, and what a run finds that another one has left. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class DownloadFolderTest {
    private static final String URL = "http://a/b.txt";
    private static final Validators STRONG = new Validators("\"1\"", "", false);

    @TempDir
    private Path temporary;

    private Surroundings around;

    @BeforeEach
    void surround() throws IOException {
        around = Surroundings.in(temporary);
    }

    private static PartRecord record(String url, String name, long total) {
        return new PartRecord(url, name, STRONG, total, Boot.ID, 0);
    }

    private static Part write(DownloadFolder folder, PartRecord record, String text) throws IOException {
        Part part = folder.part(record.url());
        part.describe(record);
        part.write(text.getBytes(UTF_8), text.length());
        return part;
    }

    private static String save(DownloadFolder folder, String name, String text) throws IOException {
        PartRecord record = record("http://a/" + text + "/" + name, name, text.length());
        return folder.save(write(folder, record, text), record);
    }

    /** The length of the part that there is of {@link #URL}; it stays. */
    private static long partLength(DownloadFolder folder) throws IOException {
        Part part = folder.part(URL);
        long length = part.length();
        folder.leave(part);
        return length;
    }

    private Path state() {
        return around.out().resolve(DownloadFolder.STATE);
    }

    private List<String> stateEntries() throws IOException {
        try (Stream<Path> entries = Files.list(state())) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void folder_isMade_andLeftWithItsFilesAndTheRecord() throws Exception {
        Path fresh = around.out().resolve("x/y");
        try (DownloadFolder folder = DownloadFolder.open(fresh)) {
            assertThat(save(folder, "a.txt", "one")).isEqualTo("a.txt");
        }
        assertThat(Files.readString(fresh.resolve("a.txt"))).isEqualTo("one");
        try (Stream<Path> entries = Files.list(fresh.resolve(DownloadFolder.STATE))) {
            assertThat(entries.map(entry -> entry.getFileName().toString())).containsExactlyInAnyOrder("done", "lock");
        }
        around.assertUnharmed();
    }

    @Test
    void fileInPlaceOfTheFolder_isNamed() {
        assertThatThrownBy(() -> DownloadFolder.open(around.canary()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is a file: name another one");
        assertThatThrownBy(() -> DownloadFolder.open(around.canary().resolve("out")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("name another one");
    }

    @Test
    void stateFolderThatIsALink_isRefused() throws Exception {
        Files.createSymbolicLink(state(), around.out().resolve("../out-2"));
        around.remember();
        assertThatThrownBy(() -> DownloadFolder.open(around.out())).hasMessageContaining("a file or a link: remove it");
        around.assertUnharmed();
    }

    @ParameterizedTest
    @ValueSource(strings = {"done", "lock"})
    void linksInTheStateFolder_areNotFollowed(String name) throws Exception {
        Files.createDirectory(state());
        Files.createSymbolicLink(state().resolve(name), around.canary());
        around.remember();
        assertThatThrownBy(() -> DownloadFolder.open(around.out())).isInstanceOf(IOException.class);
        around.assertUnharmed();
    }

    @Test
    void linksWithTheNameOfAFile_areNotFollowed() throws Exception {
        try (DownloadFolder folder = DownloadFolder.open(around.out())) {
            // After the folder was opened, so that only the file system knows.
            Files.createSymbolicLink(around.out().resolve("a.txt"), around.canary());
            Files.createSymbolicLink(
                    around.out().resolve("b.txt"), around.canary().resolveSibling("nothing"));
            Files.createDirectory(around.out().resolve("c.txt"));
            Files.createSymbolicLink(
                    around.out().resolve("d.txt"), around.canary().getParent());
            around.remember();
            for (String name : List.of("a", "b", "c", "d")) {
                assertThat(save(folder, name + ".txt", "text")).isEqualTo(name + "-2.txt");
            }
        }
        around.assertUnharmed();
    }

    /** A part of a run that has ended, with its bytes and its record replaced by links. */
    @ParameterizedTest
    @ValueSource(strings = {"symbolic part", "symbolic record", "hard part"})
    void partsThatAreLinks_areNotUsed(String kind) throws Exception {
        try (DownloadFolder folder = DownloadFolder.open(around.out())) {
            folder.leave(write(folder, record(URL, "b.txt", 10), "part"));
        }
        Path bytes = found(".part");
        Path replaced = kind.endsWith("part") ? bytes : found(".record");
        Files.delete(replaced);
        if (kind.startsWith("hard")) {
            Files.createLink(replaced, around.canary());
        } else {
            Files.createSymbolicLink(replaced, around.canary());
        }
        try (DownloadFolder folder = DownloadFolder.open(around.out())) {
            Part part = folder.part(URL);
            assertThat(part.length()).isZero();
            part.describe(record(URL, "b.txt", 10));
            part.write("0123456789".getBytes(UTF_8), 10);
            assertThat(folder.save(part, record(URL, "b.txt", 10))).isEqualTo("b.txt");
        }
        around.assertUnharmed();
    }

    private Path found(String ending) throws IOException {
        try (Stream<Path> entries = Files.walk(state())) {
            return entries.filter(entry -> entry.toString().endsWith(ending))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void part_isFoundByTheNextRun_withItsDescription() throws Exception {
        try (DownloadFolder folder = DownloadFolder.open(around.out())) {
            folder.leave(write(folder, record(URL, "b.txt", 10), "part"));
        }
        for (int run = 0; run < 3; run++) {
            try (DownloadFolder folder = DownloadFolder.open(around.out())) {
                Part part = folder.part(URL);
                assertThat(part.length()).isEqualTo(4);
                assertThat(part.description())
                        .isEqualTo(record(URL, "b.txt", 10).withDurable(4));
                assertThat(partLength(folder))
                        .as("a second part of the same URL")
                        .isZero();
                folder.leave(part);
            }
        }
        assertThat(stateEntries()).hasSize(3);
    }

    @Test
    void partOfAnEarlierBoot_isTrustedAsFarAsItWasDurable() throws Exception {
        try (DownloadFolder folder = DownloadFolder.open(around.out())) {
            folder.leave(write(folder, record(URL, "b.txt", 10), "part"));
        }
        Path record = found(".record");
        Files.writeString(record, record(URL, "b.txt", 10).withDurable(2).line().replace(Boot.ID, "another"));
        try (DownloadFolder folder = DownloadFolder.open(around.out())) {
            assertThat(partLength(folder)).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "part-1\t", "part-1\ta\tb\tc\td\te\tf\tg\th\n", "nonsense\n", "\n"})
    void partWithABrokenRecord_isRemoved(String broken) throws Exception {
        try (DownloadFolder folder = DownloadFolder.open(around.out())) {
            folder.leave(write(folder, record(URL, "b.txt", 10), "part"));
        }
        Files.writeString(found(".record"), broken);
        try (DownloadFolder folder = DownloadFolder.open(around.out())) {
            assertThat(partLength(folder)).isZero();
        }
        assertThat(around.parts()).isEmpty();
    }

    @Test
    void recordThatWasCut_losesNothingElse() throws Exception {
        try (DownloadFolder folder = DownloadFolder.open(around.out())) {
            assertThat(save(folder, "a.txt", "one")).isEqualTo("a.txt");
        }
        Files.writeString(state().resolve("done"), "file-1\thttp://cut", StandardOpenOption.APPEND);
        try (DownloadFolder folder = DownloadFolder.open(around.out())) {
            assertThat(folder.completed("http://a/one/a.txt")).isPresent();
            assertThat(save(folder, "b.txt", "two")).isEqualTo("b.txt");
        }
        try (DownloadFolder folder = DownloadFolder.open(around.out())) {
            assertThat(folder.completed("http://a/one/a.txt")).isPresent();
            assertThat(folder.completed("http://a/two/b.txt")).isPresent();
        }
    }

    @Test
    void completedFile_thatWasChangedOrRemoved_isNotThere() throws Exception {
        try (DownloadFolder folder = DownloadFolder.open(around.out())) {
            assertThat(save(folder, "a.txt", "one")).isEqualTo("a.txt");
            Path file = around.out().resolve("a.txt");
            assertThat(folder.completed("http://a/one/a.txt")).isPresent();
            Files.writeString(file, "two");
            assertThat(folder.completed("http://a/one/a.txt")).isEmpty();
            Files.delete(file);
            assertThat(folder.completed("http://a/one/a.txt")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void diskThatFails_leavesNoFileAndKeepsThePart(boolean names) throws Exception {
        AtomicInteger failures = new AtomicInteger(1);
        Disk failing = path -> {
            if (names && failures.getAndDecrement() > 0) {
                throw new IOException("injected");
            }
        };
        Forcing forcing = file -> {
            if (!names && failures.getAndDecrement() > 0) {
                throw new IOException("injected");
            }
            file.force(false);
        };
        PartRecord record = record(URL, "b.txt", 4);
        try (DownloadFolder folder = DownloadFolder.open(around.out(), forcing, failing)) {
            Part part = write(folder, record, "text");
            assertThatThrownBy(() -> folder.save(part, record))
                    .isInstanceOf(DiskException.class)
                    .hasMessageContaining("injected");
            assertThat(around.names()).isEmpty();
            folder.leave(part);
            Part again = folder.part(URL);
            assertThat(again.isComplete()).isTrue();
            assertThat(folder.save(again, record)).startsWith("b");
        }
        around.assertUnharmed();
    }

    @Test
    void manyThreads_getDifferentNames() throws Exception {
        int each = 20;
        Set<String> names = Collections.synchronizedSet(new TreeSet<>());
        try (DownloadFolder folder = DownloadFolder.open(around.out())) {
            CompletableFuture<?>[] threads = Stream.iterate(0, i -> i + 1)
                    .limit(8)
                    .map(thread -> CompletableFuture.runAsync(() -> {
                        for (int i = 0; i < each; i++) {
                            try {
                                names.add(save(folder, "same.txt", thread + "-" + i));
                            } catch (IOException e) {
                                throw new AssertionError(e);
                            }
                        }
                    }))
                    .toArray(CompletableFuture<?>[]::new);
            CompletableFuture.allOf(threads).get(60, TimeUnit.SECONDS);
        }
        assertThat(names).hasSize(8 * each);
        assertThat(around.names()).hasSize(8 * each);
    }

    /** Saves files of one name, leaves a part and prints what it has found; run in a process of its own. */
    public static final class OtherProcess {
        private OtherProcess() {}

        public static void main(String[] args) throws IOException {
            try (DownloadFolder folder = DownloadFolder.open(Path.of(args[0]))) {
                System.out.println("found " + partLength(folder));
                for (int i = 0; i < 50; i++) {
                    save(folder, "same.txt", args[1] + i);
                }
                System.out.println("saved");
            }
        }
    }

    @Test
    void processesAtTheSameTime_dontTouchEachOther() throws Exception {
        try (DownloadFolder folder = DownloadFolder.open(around.out())) {
            folder.leave(write(folder, record(URL, "b.txt", 10), "part"));
            CompletableFuture<String> first = CompletableFuture.supplyAsync(() -> run("x"));
            CompletableFuture<String> second = CompletableFuture.supplyAsync(() -> run("y"));
            for (int i = 0; i < 50; i++) {
                save(folder, "same.txt", "z" + i);
            }
            // The part belongs to a run that lives.
            assertThat(first.get(100, TimeUnit.SECONDS)).contains("found 0").contains("saved");
            assertThat(second.get(100, TimeUnit.SECONDS)).contains("found 0").contains("saved");
            assertThat(partLength(folder)).isEqualTo(4);
        }
        Set<String> contents = new TreeSet<>();
        for (String name : around.names()) {
            contents.add(Files.readString(around.out().resolve(name)));
        }
        assertThat(contents).hasSize(150);
        around.assertUnharmed();
        try (DownloadFolder folder = DownloadFolder.open(around.out())) {
            assertThat(folder.completed("http://a/x7/same.txt")).isPresent();
            assertThat(folder.completed("http://a/z49/same.txt")).isPresent();
        }
    }

    private String run(String name) {
        try {
            return ChildJvm.run("true", OtherProcess.class, "--", around.out().toString(), name);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Writes until the system allows no more; run in a process of its own, with a limit of the file size. */
    public static final class FullDisk {
        private FullDisk() {}

        public static void main(String[] args) throws IOException {
            try (DownloadFolder folder = DownloadFolder.open(Path.of(args[0]))) {
                Part part = folder.part(URL);
                part.describe(record(URL, "b.txt", 1L << 30));
                byte[] block = new byte[64 * 1024];
                try {
                    while (part.length() < 1L << 30) {
                        part.write(block, block.length);
                    }
                } catch (DiskException e) {
                    System.out.println(e.getMessage());
                }
                folder.leave(part);
            }
        }
    }

    @Test
    void diskWithoutSpace_isReported_andThePartStays() throws Exception {
        String printed =
                ChildJvm.run("ulimit -f 400", FullDisk.class, "--", around.out().toString());
        assertThat(printed).contains("expected to write to the part").contains("the disk failed");
        try (DownloadFolder folder = DownloadFolder.open(around.out())) {
            assertThat(partLength(folder)).isEqualTo(400 * 1024);
        }
        assertThat(around.names()).isEmpty();
    }
}
