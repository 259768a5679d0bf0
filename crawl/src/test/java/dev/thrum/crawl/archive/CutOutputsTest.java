package dev.thrum.crawl.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.crawl.archive.OutputOptions.Warc;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * Outputs of crawls that were killed: whatever the files have beyond a checkpoint, opening brings back what they had at
 * it.
 */
class CutOutputsTest {
    private static final boolean SOAK = Boolean.getBoolean("thrum.soak");

    @TempDir
    private Path temporary;

    private static void write(CrawlOutputs outputs, int number) throws IOException {
        String url = "http://a.example/" + number;
        outputs.page(
                Samples.page(url), List.of(new LinkRecord(url, null, "a", false)), Samples.exchange(url, "content"));
        outputs.skipped(new SkippedRecord(url, null, "scope", null));
    }

    /** All files below a folder. */
    private static Map<String, byte[]> files(Path folder) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> entries = Files.walk(folder)) {
            for (Path entry : entries.filter(Files::isRegularFile).toList()) {
                files.put(folder.relativize(entry).toString(), Files.readAllBytes(entry));
            }
        }
        return files;
    }

    private static void restore(Path folder, Map<String, byte[]> files) throws IOException {
        Files.createDirectories(folder.resolve("warc"));
        for (Path known : files(folder).keySet().stream().map(folder::resolve).toList()) {
            Files.delete(known);
        }
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Files.write(folder.resolve(file.getKey()), file.getValue());
        }
    }

    private static void requireSame(Map<String, byte[]> found, Map<String, byte[]> expected) {
        assertThat(found).containsOnlyKeys(expected.keySet());
        found.forEach((name, content) -> assertThat(content).as(name).isEqualTo(expected.get(name)));
    }

    private static OutputOptions options(int warcSize, int seed) {
        return Samples.options(seed).withWarc(Warc.GZIP).withWarcSize(warcSize);
    }

    private static CrawlOutputs open(Path folder, OutputOptions options, byte[] checkpoint) throws IOException {
        return CrawlOutputs.open(folder, options, Samples.QUICK, Checkpoint.decode(checkpoint));
    }

    /** A crawl that was killed after more was written than its checkpoint says; one or many WARC files. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Killed(byte[] checkpoint, Map<String, byte[]> before, Map<String, byte[]> after) {
        static Killed in(Path folder, int warcSize) throws IOException {
            byte[] checkpoint;
            Map<String, byte[]> before;
            try (CrawlOutputs outputs = CrawlOutputs.create(folder, options(warcSize, 1), Samples.QUICK)) {
                write(outputs, 1);
                write(outputs, 2);
                outputs.force();
                checkpoint = outputs.checkpoint();
                before = files(folder);
                write(outputs, 3);
                write(outputs, 4);
                outputs.force();
            }
            return new Killed(checkpoint, before, files(folder));
        }

        /** The files with one cut to a length, and the others cut too, by chance. */
        Map<String, byte[]> cut(String name, int length, SplittableRandom random) {
            Map<String, byte[]> cut = new TreeMap<>(after);
            cut.replaceAll((other, content) -> {
                int least = before.getOrDefault(other, new byte[0]).length;
                return Arrays.copyOf(content, other.equals(name) ? length : random.nextInt(least, content.length + 1));
            });
            // A file that was begun later may have no name yet.
            cut.keySet().removeIf(other -> !before.containsKey(other) && !other.equals(name) && random.nextBoolean());
            return cut;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000_000, 1_500, 1})
    void filesCutAtAnyLength_areThoseOfTheCheckpoint_twiceInARow(int warcSize) throws Exception {
        SplittableRandom random = new SplittableRandom(warcSize);
        Killed killed = Killed.in(temporary.resolve("killed"), warcSize);
        Path folder = temporary.resolve("resumed");
        int step = SOAK ? 1 : 5;
        for (String name : killed.after().keySet()) {
            int least = killed.before().getOrDefault(name, new byte[0]).length;
            for (int length = least;
                    length <= killed.after().get(name).length;
                    length += 1 + random.nextInt(2 * step - 1)) {
                restore(folder, killed.cut(name, length, random));
                for (int twice = 0; twice < 2; twice++) {
                    try (CrawlOutputs outputs = open(folder, options(warcSize, 2), killed.checkpoint())) {
                        requireSame(files(folder), killed.before());
                        assertThat(outputs.checkpoint()).isEqualTo(killed.checkpoint());
                        write(outputs, 5);
                        outputs.force();
                    }
                }
            }
        }
        requireValid(folder, List.of(1, 2, 5));
    }

    private static void requireValid(Path folder, List<Integer> numbers) throws IOException {
        List<String> urls = numbers.stream().map(it -> "http://a.example/" + it).toList();
        for (Map.Entry<String, String> file : Map.of(
                        "pages.jsonl", "url", "links.jsonl", "from", "skipped.jsonl", "url")
                .entrySet()) {
            assertThat(Files.readAllLines(folder.resolve(file.getKey())).stream()
                            .map(line -> JsonMapper.shared()
                                    .readTree(line)
                                    .get(file.getValue())
                                    .asString()))
                    .isEqualTo(urls);
        }
        List<String> archived = new ArrayList<>();
        for (Path file : Warcs.files(folder)) {
            assertThat(Warcs.isValid(file)).isTrue();
            Warcs.read(file).stream()
                    .filter(it -> it.type().equals("response"))
                    .forEach(it -> archived.add(it.field("WARC-Target-URI")));
        }
        assertThat(archived).isEqualTo(urls);
    }

    /** Notes what was forced. */
    private static final class Noting implements FileCalls {
        private final Map<FileChannel, Long> lengths = new HashMap<>();
        private final Set<Path> names = new HashSet<>();

        @Override
        public void force(FileChannel file) throws IOException {
            lengths.put(file, file.size());
        }

        @Override
        public void forceNames(Path folder) throws IOException {
            try (Stream<Path> entries = Files.list(folder)) {
                entries.map(it -> it.toAbsolutePath().normalize()).forEach(names::add);
            }
        }
    }

    @Test
    void allBytesAndNames_areForced_beforeACheckpointCountsThem() throws Exception {
        Path folder = temporary.resolve("deep/er/out");
        Noting noting = new Noting();
        try (CrawlOutputs outputs = CrawlOutputs.create(folder, options(1_500, 1), noting)) {
            outputs.force();
            for (int number = 0; number < 10; number++) {
                if (number % 3 > 0) {
                    write(outputs, number);
                }
                byte[] before = outputs.checkpoint();
                write(outputs, number);
                assertThat(outputs.checkpoint()).isEqualTo(before);
                outputs.force();
                assertThat(outputs.checkpoint()).isNotEqualTo(before);
                try (Stream<Path> all = Files.walk(folder)) {
                    assertThat(noting.names)
                            .containsAll(all.map(Path::toAbsolutePath).toList());
                }
                assertThat(noting.lengths.values().stream()
                                .mapToLong(Long::longValue)
                                .sum())
                        .isEqualTo(files(folder).values().stream()
                                .mapToLong(it -> it.length)
                                .sum());
            }
        }
        assertThat(Warcs.files(folder)).hasSizeGreaterThan(4);
    }

    /** Kills and commits in any order: each page that was committed is there once, and no other. */
    @Test
    void manyKills_loseAndRepeatNothing() throws Exception {
        SplittableRandom random = new SplittableRandom(77);
        for (int run = 0; run < (SOAK ? 500 : 25); run++) {
            Path folder = temporary.resolve("run" + run);
            byte[] checkpoint = CrawlOutputs.firstCheckpoint();
            List<Integer> committed = new ArrayList<>();
            int next = 1;
            for (int life = 0; life < 12; life++) {
                OutputOptions options = options(random.nextInt(1, 4_000), life);
                try (CrawlOutputs outputs = open(folder, options, checkpoint)) {
                    List<Integer> written = new ArrayList<>();
                    for (int i = random.nextInt(6); i > 0; i--) {
                        write(outputs, next);
                        written.add(next);
                        next++;
                        if (random.nextInt(3) == 0) {
                            outputs.force();
                            checkpoint = outputs.checkpoint();
                            committed.addAll(written);
                            written.clear();
                        }
                    }
                    if (random.nextBoolean()) {
                        // Durable, but the commit record of the frontier was not.
                        outputs.force();
                    }
                }
            }
            open(folder, options(1_000, 99), checkpoint).close();
            requireValid(folder, committed);
        }
    }
}
