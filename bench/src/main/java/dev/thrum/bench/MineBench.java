package dev.thrum.bench;

import dev.thrum.bench.load.WebPages;
import dev.thrum.bench.options.PagesOptions;
import dev.thrum.bench.options.Protocol;
import dev.thrum.bench.peers.NginxProcess;
import dev.thrum.bench.tables.Figures;
import dev.thrum.measure.Child;
import dev.thrum.measure.Pinning;
import dev.thrum.measure.statistics.Bound;
import dev.thrum.measure.statistics.Finding;
import dev.thrum.measure.statistics.Interval;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * {@code thrum bench mine}: the CPU of {@code thrum mine --select title} for 20,000 pages, compared with that of a program in
 * Python with two queues and Beautiful Soup. Both are whole processes, the start of the JVM included, in turn; nginx serves
 * the pages.
 */
final class MineBench {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration PATIENCE = Duration.ofMinutes(30);
    private static final Bound BOUND = Bound.atMost(0.1, 0.05);
    private static final String PEER = "two_queues.py";

    private final Path thrum;
    private final PrintStream out;

    MineBench(Path thrum, PrintStream out) {
        this.thrum = thrum;
        this.out = out;
    }

    void run(List<String> arguments) throws IOException, InterruptedException {
        PagesOptions options = PagesOptions.of(arguments);
        Path nginx = NginxProcess.find();
        Processes processes = new Processes(Protocol.HTTP, thrum.toAbsolutePath(), Pinning.find());
        try (ScratchFolder folder = ScratchFolder.nextTo(thrum)) {
            PythonPeer peer = PythonPeer.of("bs4", "Beautiful Soup", "python3-bs4", PEER, folder);
            System.err.println("writing the pages");
            Path root = Files.createDirectory(folder.resolve("pages"));
            long bytes = WebPages.write(root, options.pages());
            Path prefix = Files.createDirectory(folder.resolve("nginx"));
            try (Child server =
                    processes.unpinned(NginxProcess.class, nginx.toString(), root.toString(), prefix.toString())) {
                String[] ready = server.answer(START).split(" ", -1);
                Path urls = urls(folder, "http://127.0.0.1:" + ready[1] + "/", options.pages());
                List<String> theirs = List.of(peer.python(), peer.script().toString(), urls.toString());
                about(options, arguments, bytes);
                measure(options, theirs, urls, folder);
            }
        }
    }

    private void measure(PagesOptions options, List<String> theirCommand, Path urls, ScratchFolder folder)
            throws IOException, InterruptedException {
        Path one = Files.writeString(
                folder.resolve("one"), Files.readAllLines(urls).getFirst() + "\n");
        double[][] cpu = new double[3][options.rounds()];
        double[][] elapsed = new double[2][options.rounds()];
        for (int round = 0; round < options.rounds(); round++) {
            System.err.println("mine, round " + (round + 1) + " of " + options.rounds());
            ProgramRun ours = run(ourCommand(urls), folder);
            requireTitles(ours, options.pages(), title -> "\"value\":\"" + title + "\"}");
            ProgramRun theirs = run(theirCommand, folder);
            requireTitles(theirs, options.pages(), title -> title);
            cpu[0][round] = ours.cpu();
            cpu[1][round] = run(ourCommand(one), folder).cpu();
            cpu[2][round] = theirs.cpu();
            elapsed[0][round] = ours.elapsed();
            elapsed[1][round] = theirs.elapsed();
        }
        out.println("| min - median - max | `thrum mine --select title` | of that, its start (one page)"
                + " | two queues in Python, Beautiful Soup |");
        out.println("|---|---|---|---|");
        out.println(
                "| CPU, s | " + new Figures(cpu[0]) + " | " + new Figures(cpu[1]) + " | " + new Figures(cpu[2]) + " |");
        out.println("| elapsed, s | " + new Figures(elapsed[0]) + " | | " + new Figures(elapsed[1]) + " |");
        Finding.print(
                out,
                List.of(new Finding(
                        "thrum mine : two queues in Python",
                        "CPU",
                        "titles of pages",
                        Interval.ofPairs(cpu[0], cpu[2]),
                        BOUND)));
    }

    private void about(PagesOptions options, List<String> arguments, long bytes) throws IOException {
        SpeedBench.about(out, "mine", arguments);
        out.printf(
                Locale.ROOT,
                "* %,d pages of HTML, %.1f KB on average, from nginx on a loopback address; CPU in user mode and in the kernel"
                        + " of whole processes, %d rounds, in turn; python3-bs4 with html.parser%n%n",
                options.pages(),
                bytes / 1e3 / options.pages(),
                options.rounds());
    }

    private List<String> ourCommand(Path urls) {
        return List.of(thrum.toString(), "mine", "-i", urls.toString(), "--select", "title");
    }

    private static ProgramRun run(List<String> command, ScratchFolder folder) throws IOException, InterruptedException {
        return ProgramRun.of(command, Map.of("LC_ALL", "C.UTF-8"), folder.path(), PATIENCE)
                .succeeded(command.getFirst());
    }

    /** The text of a title in the output of a program. */
    @FunctionalInterface
    private interface Shown {
        String of(String title);
    }

    /** Every title must be there once, in any order. */
    private static void requireTitles(ProgramRun run, int pages, Shown shown) throws IOException {
        List<String> expected = IntStream.range(0, pages)
                .mapToObj(page -> shown.of(WebPages.title(page)))
                .sorted()
                .toList();
        List<String> actual = new ArrayList<>();
        for (String line : run.output()) {
            actual.add(line.substring(Math.max(line.lastIndexOf("\"value\":"), 0)));
        }
        actual.sort(null);
        if (!actual.equals(expected)) {
            throw new IOException("expected the titles of " + pages + " pages but the output has " + actual.size()
                    + " lines: " + actual.stream().limit(2).toList());
        }
    }

    private static Path urls(ScratchFolder folder, String base, int pages) throws IOException {
        return Files.write(
                folder.resolve("urls"),
                IntStream.range(0, pages)
                        .mapToObj(page -> base + WebPages.name(page))
                        .toList());
    }
}
