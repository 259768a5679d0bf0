package dev.thrum.crawl.frontier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Single promises, on the disk. */
@Timeout(60)
class FrontierTest {
    private static final String HOST = "a.example";
    private static final byte[] NOTE = {1, 2, 3};

    @TempDir
    private Path temporary;

    private Path folder;
    private Random random;

    @BeforeEach
    void prepare() {
        folder = temporary.resolve("crawl/state");
        random = new Random(4);
    }

    private NewUrl url(String path, long shape) {
        Fingerprint fingerprint = new Fingerprint(random.nextLong(), random.nextLong());
        return new NewUrl(fingerprint, "http://" + HOST + path, HOST, shape, 1, "http://" + HOST + "/", (byte) 1);
    }

    private static void add(Frontier frontier, NewUrl url) {
        assertThat(frontier.claim(url.fingerprint())).isTrue();
        frontier.add(url);
    }

    private static KnownUrl take(Frontier frontier) {
        return frontier.next(HOST).orElseThrow();
    }

    private static List<String> takeAll(Frontier frontier) {
        return Stream.generate(() -> frontier.next(HOST))
                .takeWhile(next -> next.isPresent())
                .map(next -> next.orElseThrow().url().substring(("http://" + HOST).length()))
                .toList();
    }

    @Test
    void frontier_reopened_hasWhatWasCommitted() throws IOException {
        NewUrl first = url("/1", 1);
        NewUrl second = url("/2", 1);
        Fingerprint skipped = new Fingerprint(7, 8);
        try (Frontier frontier = Frontier.create(folder)) {
            assertThat(frontier.checkpoint()).isEmpty();
            add(frontier, first);
            add(frontier, second);
            assertThat(frontier.claim(skipped)).isTrue();
            frontier.skip(skipped, 3, new byte[0]);
            frontier.done(take(frontier), NOTE);
            assertThat(frontier.uncommitted()).isPositive();
            frontier.commit(new byte[] {9});
            assertThat(frontier.uncommitted()).isZero();
            add(frontier, url("/lost", 1));
        }
        List<Noted> notes = new ArrayList<>();
        try (Frontier frontier = Frontier.open(folder, notes::add)) {
            assertThat(frontier.checkpoint()).contains(new byte[] {9});
            assertThat(notes).hasSize(2);
            assertThat(notes.stream().filter(note -> note.fingerprint().equals(first.fingerprint())))
                    .singleElement()
                    .satisfies(note -> assertThat(note.note()).isEqualTo(NOTE))
                    .satisfies(note -> assertThat(note.depth()).isEqualTo(1));
            assertThat(frontier.known()).isEqualTo(3);
            assertThat(frontier.waiting(HOST)).isEqualTo(1);
            assertThat(take(frontier))
                    .isEqualTo(new KnownUrl(
                            second.fingerprint(), second.url(), HOST, 1, 1, second.from(), second.kind(), 0));
        }
    }

    @Test
    void shapes_ofAHost_takeTurns() throws IOException {
        try (Frontier frontier = Frontier.create(folder)) {
            for (int day = 0; day < 5; day++) {
                add(frontier, url("/calendar/" + day, 1));
            }
            add(frontier, url("/shop/0", 2));
            add(frontier, url("/shop/1", 2));
            add(frontier, url("/help", 3));

            assertThat(takeAll(frontier))
                    .containsExactly(
                            "/calendar/0",
                            "/shop/0",
                            "/help",
                            "/calendar/1",
                            "/shop/1",
                            "/calendar/2",
                            "/calendar/3",
                            "/calendar/4");
        }
    }

    @Test
    void url_putBack_isTheNextOfItsShape_withItsAttempts() throws IOException {
        try (Frontier frontier = Frontier.create(folder)) {
            add(frontier, url("/1", 1));
            add(frontier, url("/2", 1));
            KnownUrl taken = take(frontier);

            frontier.putBack(taken.afterAttempt());

            assertThat(frontier.waiting()).isEqualTo(2);
            assertThat(take(frontier)).isEqualTo(taken.afterAttempt());
            assertThat(takeAll(frontier)).containsExactly("/2");
        }
    }

    @Test
    void depth_lowered_countsWhereverTheUrlIs() throws IOException {
        NewUrl waiting = url("/waiting", 1);
        NewUrl done = url("/done", 1);
        try (Frontier frontier = Frontier.create(folder)) {
            add(frontier, done);
            frontier.done(take(frontier), NOTE);
            add(frontier, waiting);
            assertThat(frontier.lowerDepth(done.fingerprint(), 0)).isTrue();
            assertThat(frontier.lowerDepth(waiting.fingerprint(), 0)).isTrue();
            assertThat(frontier.lowerDepth(waiting.fingerprint(), 0)).isFalse();
            assertThat(frontier.lowerDepth(new Fingerprint(1, 1), 0)).isFalse();
            assertThat(frontier.depth(new Fingerprint(1, 1))).isEqualTo(-1);
            frontier.commit(NOTE);
        }
        try (Frontier frontier =
                Frontier.open(folder, note -> assertThat(note.depth()).isZero())) {
            assertThat(frontier.depth(done.fingerprint())).isZero();
            assertThat(take(frontier).depth()).isZero();
        }
    }

    /** A page that is found again while it is only claimed must not become known without its URL. */
    @Test
    void depth_loweredBetweenClaimAndAdd_isThatOfTheUrl() throws IOException {
        NewUrl url = url("/1", 1);
        try (Frontier frontier = Frontier.create(folder)) {
            assertThat(frontier.claim(url.fingerprint())).isTrue();
            assertThat(frontier.lowerDepth(url.fingerprint(), 0)).isTrue();
            frontier.commit(NOTE);
            try (Frontier _ = Frontier.open(copy(), _ -> {})) {
                assertThat(frontier.knows(url.fingerprint())).isTrue();
            }
            frontier.add(url);
            assertThat(take(frontier).depth()).isZero();
        }
        try (Frontier frontier = Frontier.open(folder, _ -> {})) {
            assertThat(frontier.knows(url.fingerprint())).isFalse();
        }
    }

    private Path copy() throws IOException {
        Path copy = Files.createDirectories(temporary.resolve("copy"));
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        return copy;
    }

    @Test
    void callsInAWrongOrder_areRefused() throws IOException {
        NewUrl url = url("/1", 1);
        try (Frontier frontier = Frontier.create(folder)) {
            assertThatThrownBy(() -> frontier.add(url)).hasMessageContaining("nobody has claimed");
            add(frontier, url);
            assertThatThrownBy(() -> frontier.add(url)).hasMessageContaining("there is a record");
            assertThatThrownBy(() -> frontier.skip(url.fingerprint(), 1, NOTE))
                    .hasMessageContaining("there is a record");
            KnownUrl taken = take(frontier);
            frontier.done(taken, NOTE);
            assertThatThrownBy(() -> frontier.done(taken, NOTE)).hasMessageContaining("this one is not");
            assertThatThrownBy(() -> frontier.putBack(taken)).hasMessageContaining("this one is not");
            assertThatThrownBy(() -> frontier.done(taken, new byte[65])).hasMessageContaining("at most 64 bytes");
            assertThatThrownBy(() -> frontier.commit(new byte[16_001])).hasMessageContaining("at most 16000 bytes");
            assertThatThrownBy(() -> frontier.lowerDepth(url.fingerprint(), -1)).hasMessageContaining("but was -1");
            assertThat(frontier.next("other")).isEmpty();
            assertThat(frontier.known()).isEqualTo(1);
        }
    }

    @Test
    void longTexts_areKept() throws IOException {
        String path = "/" + "ü".repeat(60_000);
        NewUrl url = url(path, 1);
        try (Frontier frontier = Frontier.create(folder)) {
            add(frontier, url);
            assertThat(take(frontier).url()).isEqualTo(url.url());
            frontier.commit(new byte[Frontier.LONGEST_CHECKPOINT]);
        }
        try (Frontier frontier = Frontier.open(folder, _ -> {})) {
            assertThat(frontier.checkpoint()).contains(new byte[Frontier.LONGEST_CHECKPOINT]);
            assertThat(takeAll(frontier)).containsExactly(path);
        }
        assertThatThrownBy(() -> url("/" + "x".repeat(65_536), 1)).hasMessageContaining("at most 65536");
    }

    @Test
    void folder_withAFrontier_isNotOverwritten() throws IOException {
        try (Frontier frontier = Frontier.create(folder)) {
            add(frontier, url("/1", 1));
            frontier.commit(NOTE);
        }
        assertThatThrownBy(() -> Frontier.create(folder)).hasMessageContaining("resume it, or name another folder");
        try (Frontier frontier = Frontier.open(folder, _ -> {})) {
            assertThat(frontier.waiting()).isEqualTo(1);
        }
    }

    @Test
    void folder_withoutAFrontier_isNamed() throws IOException {
        assertThatThrownBy(() -> Frontier.open(folder, _ -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("expected the frontier of a crawl in " + folder);
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("commits"), "somebody's notes about commits");
        assertThatThrownBy(() -> Frontier.open(folder, _ -> {}))
                .hasMessageContaining("expected a file of a frontier of Thrum");
        assertThat(folder.resolve("commits")).hasContent("somebody's notes about commits");
    }

    @Test
    void folder_ofAnotherVersion_isNamed() throws IOException {
        Frontier.create(folder).close();
        byte[] content = Files.readAllBytes(folder.resolve("commits"));
        content[8] = 2;
        CRC32C checksum = new CRC32C();
        checksum.update(content, 0, 16);
        RecordWriter.INTS.set(content, 16, (int) checksum.getValue());
        Files.write(folder.resolve("commits"), content);

        assertThatThrownBy(() -> Frontier.open(folder, _ -> {}))
                .hasMessageContaining("expected version 1 of a frontier but ")
                .hasMessageContaining("has version 2: use the release");
    }

    @Test
    void otherFilesInTheFolder_stay() throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("lock"), "x");
        Frontier.create(folder).close();
        Frontier.open(folder, _ -> {}).close();
        assertThat(folder.resolve("lock")).hasContent("x");
    }

    /** What is finished takes little room, and a closed frontier no descriptors. */
    @Test
    void crawl_finished_leavesLittle() throws IOException {
        int count = 60_000;
        try (Frontier frontier = Frontier.create(new DiskFolder(Files.createDirectories(folder), _ -> {}), 1 << 16)) {
            for (int i = 0; i < count; i++) {
                add(frontier, url("/some/page/that/has/a/name/" + i, i % 10));
                if (i % 2 == 1) {
                    frontier.done(take(frontier), NOTE);
                }
                if (i % 1_000 == 0) {
                    frontier.commit(NOTE);
                }
            }
            while (frontier.waiting() > 0) {
                frontier.done(take(frontier), NOTE);
                if (frontier.waiting() % 250 == 0) {
                    frontier.commit(NOTE);
                }
            }
            frontier.commit(NOTE);
        }
        assertThat(sizeOfFolder()).isBetween(count * 21L, count * 21L + 3 * (1 << 16) + 100_000);
        int[] notes = {0};
        try (Frontier frontier = Frontier.open(folder, _ -> notes[0]++)) {
            assertThat(frontier.waiting()).isZero();
            assertThat(frontier.known()).isEqualTo(count);
        }
        assertThat(notes[0]).isEqualTo(count);
    }

    private long sizeOfFolder() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    @Test
    void interrupt_whileReading_doesNoHarm() throws IOException {
        try (Frontier frontier = Frontier.create(folder)) {
            IntStream.range(0, 3).forEach(i -> add(frontier, url("/" + i, 1)));
            frontier.commit(NOTE);
            Thread.currentThread().interrupt();
            assertThat(takeAll(frontier)).hasSize(3);
            frontier.commit(NOTE);
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
