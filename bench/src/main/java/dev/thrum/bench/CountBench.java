package dev.thrum.bench;

import dev.thrum.bench.options.CountOptions;
import dev.thrum.bench.tables.Figures;
import dev.thrum.measure.statistics.Bound;
import dev.thrum.measure.statistics.Finding;
import dev.thrum.measure.statistics.Interval;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * {@code thrum bench count}: the CPU of {@code thrum count} for 1 GB in 1,000 files, compared with {@code wc -lwm} in a UTF-8
 * locale. Both are whole processes, the start of the JVM included, in turn.
 */
final class CountBench {
    private static final int FILES = 1_000;
    private static final int BYTES = 1_000_000;
    private static final int SEED = 4711;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Map<String, String> UTF8 = Map.of("LC_ALL", "C.UTF-8");
    private static final Bound BOUND = Bound.atMost(1, 0.5);

    private static final String[] ENGLISH = ("the quick brown fox jumps over a lazy dog and then some other words"
                    + " follow, because it is not easy to say how much text there would be in a file of this kind")
            .split(" ", -1);

    private static final String[] INTERNATIONAL =
            "Größe naïve déjà über Ελλάδα привет мир 日本語 中文 العربية the of and in a".split(" ", -1);

    private final Path thrum;
    private final PrintStream out;

    /** A kind of text, and the words it is made of. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Text(String name, String[] words) {}

    /** The CPU seconds of both in each round. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Measured(String text, double[] ours, double[] theirs, double[] start) {
        Finding finding() {
            return new Finding("thrum count : wc -lwm", "CPU", text, Interval.ofPairs(ours, theirs), BOUND);
        }
    }

    CountBench(Path thrum, PrintStream out) {
        this.thrum = thrum;
        this.out = out;
    }

    void run(List<String> arguments) throws IOException, InterruptedException {
        CountOptions options = CountOptions.of(arguments);
        List<Measured> all = new ArrayList<>();
        for (Text text : List.of(
                new Text("English text (ASCII)", ENGLISH), new Text("text in several scripts", INTERNATIONAL))) {
            try (ScratchFolder folder = ScratchFolder.nextTo(thrum)) {
                write(text, Files.createDirectory(folder.resolve("files")));
                all.add(measure(text, folder, options.rounds()));
            }
        }
        SpeedBench.about(out, "count", arguments);
        out.println("* 1 GB in 1,000 files, read before; CPU in user mode and in the kernel of whole processes, "
                + options.rounds() + " rounds, in turn");
        out.println();
        out.println("| CPU, s, min - median - max | `thrum count` | of that, its start (`thrum count` of an empty file)"
                + " | `wc -lwm` |");
        out.println("|---|---|---|---|");
        for (Measured measured : all) {
            out.println("| " + measured.text + " | " + new Figures(measured.ours) + " | " + new Figures(measured.start)
                    + " | " + new Figures(measured.theirs) + " |");
        }
        Finding.print(out, all.stream().map(Measured::finding).toList());
    }

    private Measured measure(Text text, ScratchFolder folder, int rounds) throws IOException, InterruptedException {
        List<String> files;
        try (Stream<Path> all = Files.list(folder.resolve("files"))) {
            files = all.map(Path::toString).sorted().toList();
        }
        Path empty = Files.createFile(folder.resolve("empty"));
        double[][] cpu = new double[3][rounds];
        // The first round fills the system's cache.
        for (int round = -1; round < rounds; round++) {
            System.err.println("count, " + text.name + ", round " + (round + 1) + " of " + rounds);
            ProgramRun ours = run(folder, Stream.of(thrum.toString(), "count"), files);
            ProgramRun theirs = run(folder, Stream.of("wc", "-lwm"), files);
            ProgramRun start = run(folder, Stream.of(thrum.toString(), "count"), List.of(empty.toString()));
            compare(ours, theirs);
            if (round >= 0) {
                cpu[0][round] = ours.cpu();
                cpu[1][round] = theirs.cpu();
                cpu[2][round] = start.cpu();
            }
        }
        return new Measured(text.name, cpu[0], cpu[1], cpu[2]);
    }

    private static ProgramRun run(ScratchFolder folder, Stream<String> command, List<String> files)
            throws IOException, InterruptedException {
        List<String> words = Stream.concat(command, files.stream()).toList();
        return ProgramRun.of(words, UTF8, folder.path(), PATIENCE).succeeded(words.getFirst());
    }

    /** Lines, words and characters of the last line, the total, must be the same. */
    private static void compare(ProgramRun ours, ProgramRun theirs) throws IOException {
        String one = total(ours);
        String other = total(theirs);
        if (!one.equals(other)) {
            throw new IOException("expected the totals to be those of wc, " + other + ", but they were " + one);
        }
    }

    private static String total(ProgramRun run) {
        String[] columns = run.output().getLast().strip().split(" +", -1);
        return String.join(" ", Arrays.asList(columns).subList(0, 3));
    }

    /** Lines of 4 to 14 words at random, the same in every run of the benchmark. */
    private static void write(Text text, Path folder) throws IOException {
        Random random = new Random(SEED);
        for (int i = 0; i < FILES; i++) {
            ByteArrayOutputStream file = new ByteArrayOutputStream(BYTES + 1_000);
            while (file.size() < BYTES) {
                file.writeBytes(line(text.words, random).getBytes(StandardCharsets.UTF_8));
            }
            Files.write(folder.resolve("file-" + i), file.toByteArray());
        }
    }

    private static String line(String[] words, Random random) {
        StringBuilder line = new StringBuilder();
        for (int left = 4 + random.nextInt(11); left > 0; left--) {
            line.append(words[random.nextInt(words.length)]).append(left == 1 ? '\n' : ' ');
        }
        return line.toString();
    }
}
