package dev.thrum.app.crawl;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.app.Ran;
import dev.thrum.cluster.LocalBroker;
import dev.thrum.crawl.merge.CrawlMerge;
import dev.thrum.crawl.search.SearchIndex;
import dev.thrum.engine.Engine;
import dev.thrum.pipeline.kafka.KafkaAddress;
import dev.thrum.pipeline.kafka.partitions.LogWatch;
import dev.thrum.testkit.scripted.Mutations;
import dev.thrum.testkit.web.PlannedPage;
import dev.thrum.testkit.web.ScriptedWeb;
import dev.thrum.testkit.web.WebMap;
import dev.thrum.testkit.web.WebPlan;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that crawl together on a real broker, while some are killed, one is stopped for longer than its session, one is added, and the broker is
 * restarted: their merged folders are like the folder of one crawl that nothing has disturbed, and no host was asked too often.
 */
class SharedCrawlKillTest {
    private static final int HOSTS = 6;
    private static final int PAGES = 50;
    private static final Duration DELAY = Duration.ofMillis(150);
    private static final Pattern URL = Pattern.compile("\\{\"url\":\"([^\"]+)\"");
    private static final Pattern URLS = Pattern.compile("(\"(?:from|to)\":\")(http[^\"]*)\"");
    private static final Pattern RESPONSE =
            Pattern.compile("WARC-Type: (?:response|revisit)\r\n(?:[\\w-]+: [^\r]*\r\n)*?WARC-Target-URI: ([^\r]+)");

    @TempDir
    private static Path folder;

    private static LocalBroker broker;

    /** Lets a process be missed sooner than it would be otherwise. */
    private static Path properties;

    @BeforeAll
    static void startBroker() throws IOException {
        broker = LocalBroker.start(folder.resolve("broker"));
        properties = Files.writeString(
                folder.resolve("kafka.properties"), "session.timeout.ms=" + LocalBroker.SESSION.toMillis() + "\n");
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    /** What is done to the processes, each time after some more pages were asked for. */
    private enum Disturbance {
        KILL,
        STOP,
        ADD,
        RESTART_BROKER
    }

    @Test
    @Timeout(value = 90, unit = TimeUnit.MINUTES)
    void crawlOfSeveralProcesses_whateverHappensToThem_isLikeAnUndisturbedOne() throws Exception {
        int rounds = Mutations.count(1, 50);
        SplittableRandom random = new SplittableRandom(Long.getLong("thrum.seed", 1));
        for (int round = 0; round < rounds; round++) {
            try (Engine engine = Engine.virtual();
                    ScriptedWeb web = ScriptedWeb.start(
                            engine, WebPlan.of(round).withHosts(HOSTS).withPages(PAGES))) {
                disturb(web, "round-" + round, random);
            }
        }
    }

    private static void disturb(ScriptedWeb web, String name, SplittableRandom random) throws Exception {
        Path own = Files.createDirectories(folder.resolve(name));
        List<Worker> workers = new ArrayList<>();
        try {
            for (int number = 1; number <= 3; number++) {
                workers.add(Worker.start(web, name, own.resolve("worker-" + number)));
            }
            int stopped = 0;
            for (Disturbance next : order(random)) {
                awaitRequests(web, web.log().all().size() + 25, workers);
                int which = random.nextInt(3);
                switch (next) {
                    case KILL -> workers.set(which, workers.get(which).killAndStartAgain(web, name));
                    case STOP -> {
                        workers.get(which).stopForLongerThanItsSession();
                        stopped++;
                    }
                    case ADD -> workers.add(Worker.start(web, name, own.resolve("worker-4")));
                    case RESTART_BROKER -> {
                        awaitReports(name, workers);
                        broker.restart();
                    }
                }
            }
            Ran status = Ran.of("crawl", "status", "--queue", "kafka://" + broker.address() + "/" + name);
            assertThat(status.err()).isEmpty();
            assertThat(status.out()).containsPattern("^(goes on|has ended): \\d process(es)?, 32 partitions, ");
            for (Worker worker : workers) {
                worker.awaitEnd();
            }
            assertPoliteness(web, stopped);
        } finally {
            workers.forEach(Worker::kill);
        }
        Path merged = own.resolve("merged");
        CrawlMerge.run(workers.stream().map(Worker::folder).toList(), merged, true);
        assertUndisturbed(web, merged, own.resolve("undisturbed"));
    }

    private static List<Disturbance> order(SplittableRandom random) {
        List<Disturbance> order = new ArrayList<>(List.of(
                Disturbance.KILL,
                Disturbance.STOP,
                Disturbance.KILL,
                Disturbance.ADD,
                Disturbance.RESTART_BROKER,
                Disturbance.KILL));
        for (int i = order.size() - 1; i > 0; i--) {
            order.set(i, order.set(random.nextInt(i + 1), order.get(i)));
        }
        return order;
    }

    /** Waits until the web was asked this often; a crawl that has ended before asks for nothing more. */
    private static void awaitRequests(ScriptedWeb web, int count, List<Worker> workers) {
        while (web.log().all().size() < count && workers.stream().anyMatch(Worker::isAlive)) {
            Thread.onSpinWait();
        }
    }

    /** Waits until each process is in the crawl, or has ended: one that finds no broker when it starts gives up. */
    private static void awaitReports(String name, List<Worker> workers) throws Exception {
        try (LogWatch log = LogWatch.open(KafkaAddress.parse("kafka://" + broker.address() + "/" + name))) {
            for (Worker worker : workers) {
                while (worker.isAlive() && log.notices().values().stream().noneMatch(worker::isToldBy)) {
                    Thread.onSpinWait();
                }
            }
        }
    }

    /** No pause is shorter than asked, but for one of each process that was stopped after it had checked its lease. */
    private static void assertPoliteness(ScriptedWeb web, int stopped) {
        List<Duration> tooShort = web.log().hosts().stream()
                .flatMap(host -> web.log().pauses(host).stream())
                .filter(pause -> pause.compareTo(DELAY) < 0)
                .toList();
        assertThat(tooShort).hasSizeLessThanOrEqualTo(stopped);
    }

    private static void assertUndisturbed(ScriptedWeb web, Path merged, Path undisturbed) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("crawl"));
        arguments.addAll(web.map().seeds());
        arguments.addAll(
                List.of("--out", undisturbed.toString(), "--delay", "0", "--allow-private=127.0.0.0/8", "--no-index"));
        assertThat(Ran.of(arguments.toArray(String[]::new)).status()).isZero();
        List<String> pages = urls(merged.resolve("pages.jsonl"));
        assertThat(pages)
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(urls(undisturbed.resolve("pages.jsonl")));
        assertThat(links(merged)).containsExactlyInAnyOrderElementsOf(links(undisturbed));
        Map<String, Integer> archived = archived(merged.resolve("warc"));
        assertThat(pages).allSatisfy(url -> assertThat(archived).containsEntry(url, 1));
        try (Engine engine = Engine.virtual();
                SearchIndex index = SearchIndex.open(merged, engine.clock())) {
            for (PlannedPage page : web.map().pages().toList()) {
                assertThat(index.search(page.marker(), 1).total())
                        .as(page.url())
                        .isEqualTo(1);
            }
        }
    }

    private static List<String> urls(Path pages) throws IOException {
        List<String> urls = new ArrayList<>();
        for (String line : Files.readAllLines(pages)) {
            Matcher url = URL.matcher(line);
            assertThat(url.find()).as(line).isTrue();
            // Whoever finds a page first says how its URL is spelled.
            urls.add(WebMap.canonical(url.group(1)));
        }
        return urls;
    }

    private static List<String> links(Path crawl) throws IOException {
        try (Stream<String> lines = Files.lines(crawl.resolve("links.jsonl"))) {
            return lines.map(line -> URLS.matcher(line).replaceAll(url -> Matcher.quoteReplacement(canonical(url))))
                    .sorted()
                    .toList();
        }
    }

    private static String canonical(MatchResult member) {
        return member.group(1) + WebMap.canonical(member.group(2)) + "\"";
    }

    private static Map<String, Integer> archived(Path warc) throws IOException {
        Map<String, Integer> count = new TreeMap<>();
        try (Stream<Path> files = Files.list(warc)) {
            for (Path file : files.toList()) {
                try (InputStream bytes = new GZIPInputStream(Files.newInputStream(file))) {
                    Matcher response = RESPONSE.matcher(new String(bytes.readAllBytes(), ISO_8859_1));
                    while (response.find()) {
                        count.merge(WebMap.canonical(response.group(1)), 1, Integer::sum);
                    }
                }
            }
        }
        return count;
    }

    /**
     * A process that crawls.
     *
     * @param folder that it writes to
     * @param begun when it was started
     */
    private record Worker(Process process, Path folder, Instant begun) {
        private static final long PATIENCE_SECONDS = 180;
        private static final Pattern TIME = Pattern.compile("\"time\":\"([^\"]+)\"");

        static Worker start(ScriptedWeb web, String name, Path folder) throws IOException {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx256m",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-cp",
                    System.getProperty("java.class.path"),
                    "dev.thrum.app.Main",
                    "crawl"));
            command.addAll(web.map().seeds());
            command.addAll(List.of("--queue", "kafka://" + broker.address() + "/" + name, "--out", folder.toString()));
            command.addAll(List.of("--kafka-properties", properties.toString()));
            command.addAll(List.of("--delay", DELAY.toMillis() + "ms", "--allow-private=127.0.0.0/8"));
            Path log = folder.resolveSibling(folder.getFileName() + ".log");
            Instant begun = Instant.now();
            return new Worker(
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                            .start(),
                    folder,
                    begun);
        }

        /** Whether this is a report of this process, and not of one before it in the same folder. */
        boolean isToldBy(String report) {
            Matcher time = TIME.matcher(report);
            return report.contains("\"dir\":\"" + folder + "\"")
                    && time.find()
                    && Instant.parse(time.group(1)).isAfter(begun);
        }

        boolean isAlive() {
            return process.isAlive();
        }

        void kill() {
            process.destroyForcibly();
        }

        Worker killAndStartAgain(ScriptedWeb web, String name) throws Exception {
            process.destroyForcibly().waitFor();
            return start(web, name, folder);
        }

        void stopForLongerThanItsSession() throws Exception {
            signal("STOP");
            // It has ended before if it was slow to be stopped.
            boolean _ = process.waitFor(LocalBroker.SESSION.plusSeconds(3).toMillis(), TimeUnit.MILLISECONDS);
            signal("CONT");
        }

        private void signal(String name) throws Exception {
            if (process.isAlive()) {
                assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                                .start()
                                .waitFor())
                        .isZero();
            }
        }

        void awaitEnd() throws Exception {
            boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            String log = Files.readString(folder.resolveSibling(folder.getFileName() + ".log"));
            assertThat(ended).as("%s has ended: %s", folder, log).isTrue();
            assertThat(process.exitValue()).as("%s: %s", folder, log).isZero();
        }
    }
}
