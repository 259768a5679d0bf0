package dev.thrum.crawl.frontier;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The measurement of decision 43, not a test: a crawl of as many URLs as the argument says on 1,000 hosts. Half of them are seeds, and
 * half are found. For each page: two offers (of which one
 * is known), one URL taken of the next host, one finished; a commit for every 256 pages.
 */
final class FrontierMeasurement {
    private static final int HOSTS = 1_000;
    private static final int PAGES_PER_COMMIT = 256;

    private final Random random = new Random(1);
    private final int count;
    private int found;

    private FrontierMeasurement(int count) {
        this.count = count;
    }

    /** Arguments: the number of URLs, and the folder, which is made and must be new. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[1]);
        for (int round = 0; round < 3; round++) {
            new FrontierMeasurement(Integer.parseInt(arguments[0])).run(folder.resolve("round-" + round));
        }
    }

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private NewUrl url(int number, String from) {
        long mixed = number * 0x9E3779B97F4A7C15L;
        Fingerprint fingerprint = new Fingerprint(mixed ^ mixed >>> 29, (mixed ^ mixed >>> 32) * 0xBF58476D1CE4E5B9L);
        String host = "www.host-" + number % HOSTS + ".example";
        String url = "http://" + host + "/category/" + number % 97 + "/article-" + number + ".html";
        return new NewUrl(fingerprint, url, host, number % 7, number / 50_000, from, (byte) 0);
    }

    private void run(Path folder) throws IOException {
        long offersOnly = harness();
        long before = cpu();
        try (Frontier frontier = Frontier.create(folder)) {
            while (found < count / 2) {
                offer(frontier, found++, "");
            }
            crawl(frontier);
        }
        int pages = count / 2;
        report("crawl, per page without the harness", (cpu() - before - offersOnly) / 1e3 / pages, "us CPU");
        report("harness", offersOnly / 1e3 / pages, "us CPU");
        report("on disk, half done, per URL", (double) size(folder) / found, "bytes");
        before = cpu();
        try (Frontier frontier = Frontier.open(folder, _ -> {})) {
            report(
                    "replay of " + frontier.known() + ", " + frontier.waiting() + " wait",
                    (cpu() - before) / 1e9,
                    "s CPU");
            finish(frontier);
        }
        report("on disk, all done, per URL", (double) size(folder) / found, "bytes");
        before = cpu();
        Frontier.open(folder, _ -> {}).close();
        report("replay, all done", (cpu() - before) / 1e9, "s CPU");
    }

    private long harness() {
        long before = cpu();
        long sum = 0;
        for (int i = 0; i < count + count / 2; i++) {
            sum += url(i, "").url().length();
        }
        return sum == 0 ? 0 : cpu() - before;
    }

    private void offer(Frontier frontier, int number, String from) {
        NewUrl url = url(number, from);
        if (frontier.claim(url.fingerprint())) {
            frontier.add(url);
        }
    }

    private void crawl(Frontier frontier) throws IOException {
        byte[] checkpoint = new byte[200];
        byte[] note = new byte[8];
        String[] hosts = Stream.iterate(0, it -> it + 1)
                .limit(HOSTS)
                .map(it -> "www.host-" + it + ".example")
                .toArray(String[]::new);
        for (int page = 0; page < count / 2; page++) {
            KnownUrl taken = frontier.next(hosts[page % HOSTS]).orElseThrow();
            offer(frontier, found++, taken.url());
            offer(frontier, random.nextInt(found), taken.url());
            frontier.done(taken, note);
            if (page % PAGES_PER_COMMIT == 0) {
                frontier.commit(checkpoint);
            }
        }
        frontier.commit(checkpoint);
    }

    private static void finish(Frontier frontier) throws IOException {
        int done = 0;
        for (String host : frontier.hosts().keySet()) {
            Optional<KnownUrl> next = frontier.next(host);
            while (next.isPresent()) {
                frontier.done(next.get(), new byte[8]);
                if (++done % PAGES_PER_COMMIT == 0) {
                    frontier.commit("x".getBytes(StandardCharsets.US_ASCII));
                }
                next = frontier.next(host);
            }
        }
        frontier.commit(new byte[0]);
        frontier.commit(new byte[0]);
    }

    private static long size(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    private static void report(String what, double value, String unit) {
        System.out.printf(Locale.ROOT, "%-40s %8.2f %s%n", what, value, unit);
    }
}
