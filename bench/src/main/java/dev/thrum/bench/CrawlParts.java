package dev.thrum.bench;

import dev.thrum.bench.crawl.Reading;
import dev.thrum.bench.crawl.ReadingProcess;
import dev.thrum.bench.crawl.SearchProcess;
import dev.thrum.bench.tables.Figures;
import dev.thrum.measure.Child;
import dev.thrum.measure.statistics.Bound;
import dev.thrum.measure.statistics.Finding;
import dev.thrum.measure.statistics.Interval;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/**
 * Parts of a crawl by themselves: the page scanner compared with jsoup, and searches in the index. Each side is a process of its own on one
 * core, with its collector and its compiler; a round measures every side once, in a random order.
 */
record CrawlParts(Processes processes, PrintStream out) {
    private static final int SEED = 4711;
    private static final int WARM_UPS = 4;
    private static final int WINDOW_MILLIS = 1_000;
    private static final int QUERIES = 500;
    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final double NANOS = 1e9;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final Bound SCANNER = Bound.atLeast(7, 10);
    private static final Bound SEARCH = Bound.atMost(20, 5);

    List<Finding> scanner(int rounds) throws IOException, InterruptedException {
        Map<Reading, Child> sides = new EnumMap<>(Reading.class);
        Map<Reading, double[]> rates = new EnumMap<>(Reading.class);
        try {
            for (Reading side : Reading.values()) {
                sides.put(side, processes.server(ReadingProcess.class, side.word()));
                rates.put(side, new double[rounds]);
            }
            measure(sides, rates, rounds);
        } finally {
            sides.values().forEach(Child::close);
        }
        out.println();
        out.println("| links of a page with their texts, title | pages for a second of CPU, min - median - max |");
        out.println("|---|---|");
        out.println("| scanner | " + figures(rates, Reading.SCANNER_LINKS).whole() + " |");
        out.println("| jsoup, tree and select | "
                + figures(rates, Reading.JSOUP_LINKS).whole() + " |");
        out.println("| scanner, and the text | "
                + figures(rates, Reading.SCANNER_TEXT).whole() + " |");
        out.println(
                "| jsoup, and the text | " + figures(rates, Reading.JSOUP_TEXT).whole() + " |");
        return List.of(
                finding("links, title", rates, Reading.SCANNER_LINKS, Reading.JSOUP_LINKS),
                finding("links, title, text", rates, Reading.SCANNER_TEXT, Reading.JSOUP_TEXT));
    }

    private static void measure(Map<Reading, Child> sides, Map<Reading, double[]> rates, int rounds)
            throws IOException, InterruptedException {
        Random random = new Random(SEED);
        List<Reading> order = new ArrayList<>(List.of(Reading.values()));
        String found = "";
        for (int round = -WARM_UPS; round < rounds; round++) {
            System.err.println("scanner, round " + (round + 1) + " of " + rounds);
            Collections.shuffle(order, random);
            for (Reading side : order) {
                String[] answer = Objects.requireNonNull(sides.get(side))
                        .ask(Integer.toString(WINDOW_MILLIS), TIMEOUT)
                        .split(" ", -1);
                if (!found.isEmpty() && !found.equals(answer[2])) {
                    throw new IOException("expected all to find the same links and titles but " + side.word()
                            + " has found " + answer[2] + ", another one " + found);
                }
                found = answer[2];
                if (round >= 0) {
                    Objects.requireNonNull(rates.get(side))[round] =
                            Long.parseLong(answer[0]) * NANOS / Long.parseLong(answer[1]);
                }
            }
        }
    }

    private static Figures figures(Map<Reading, double[]> rates, Reading side) {
        return new Figures(Objects.requireNonNull(rates.get(side)));
    }

    private static Finding finding(String load, Map<Reading, double[]> rates, Reading ours, Reading theirs) {
        Interval ratio =
                Interval.ofPairs(Objects.requireNonNull(rates.get(ours)), Objects.requireNonNull(rates.get(theirs)));
        return new Finding("scanner : jsoup", "pages for a second of CPU", load, ratio, SCANNER);
    }

    /**
     * Measures searches for one word.
     *
     * @param crawl the folder of a crawl with an index
     * @param pages the number of pages in it
     */
    List<Finding> search(Path crawl, int pages, int rounds) throws IOException, InterruptedException {
        List<Double> millis = new ArrayList<>();
        String matches = "";
        try (Child process = processes.server(SearchProcess.class, crawl.toString())) {
            for (int round = -WARM_UPS; round < rounds; round++) {
                System.err.println("search, round " + (round + 1) + " of " + rounds);
                String[] answer =
                        process.ask(Integer.toString(QUERIES), TIMEOUT).split(" ", -1);
                if (answer[1].equals("0")) {
                    throw new IOException("expected the words to be found but none was");
                }
                if (round >= 0) {
                    millis.add(Long.parseLong(answer[0]) / NANOS_PER_MILLI);
                    matches = answer[1];
                }
            }
        }
        out.printf(
                Locale.ROOT,
                "%n| search, warm, one word, %,d pages | CPU for a query, ms, min - median - max |%n|---|---|%n| %s pages found, ten shown | %s |%n",
                pages,
                matches,
                Figures.of(millis));
        return List.of(new Finding("search", "CPU, ms", "one word", Interval.of(millis), SEARCH));
    }
}
