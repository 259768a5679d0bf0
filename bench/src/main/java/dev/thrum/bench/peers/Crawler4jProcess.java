package dev.thrum.bench.peers;

import edu.uci.ics.crawler4j.crawler.CrawlConfig;
import edu.uci.ics.crawler4j.crawler.CrawlController;
import edu.uci.ics.crawler4j.crawler.Page;
import edu.uci.ics.crawler4j.crawler.WebCrawler;
import edu.uci.ics.crawler4j.fetcher.PageFetcher;
import edu.uci.ics.crawler4j.parser.HtmlParseData;
import edu.uci.ics.crawler4j.robotstxt.RobotstxtConfig;
import edu.uci.ics.crawler4j.robotstxt.RobotstxtServer;
import edu.uci.ics.crawler4j.url.WebURL;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/**
 * The main class of a process that crawls the hosts of its seeds with crawler4j, and writes a line of JSON for each page. It obeys robots.txt,
 * and has no delay. Its frontier is in Berkeley DB, not durable, as it is unless it is told to be; it has no archive, and finds no duplicates.
 */
public final class Crawler4jProcess {
    /** The same for its threads, its shutdown and what it cleans up, which are 10 and more otherwise. */
    private static final int DELAY_SECONDS = 1;

    private static final int MAX_PAGE_BYTES = 8_000_000;

    private Crawler4jProcess() {}

    /** Arguments: the folder to write into, which is made, and the seeds. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        List<String> seeds = Arrays.asList(arguments).subList(1, arguments.length);
        Path state = Files.createDirectories(folder.resolve("state"));
        CrawlConfig config = new CrawlConfig();
        config.setCrawlStorageFolder(state.toString());
        config.setPolitenessDelay(0);
        config.setMaxDownloadSize(MAX_PAGE_BYTES);
        config.setThreadMonitoringDelaySeconds(DELAY_SECONDS);
        config.setThreadShutdownDelaySeconds(DELAY_SECONDS);
        config.setCleanupDelaySeconds(DELAY_SECONDS);
        PageFetcher fetcher = new PageFetcher(config);
        CrawlController controller =
                new CrawlController(config, fetcher, new RobotstxtServer(new RobotstxtConfig(), fetcher));
        for (String seed : seeds) {
            controller.addSeed(seed);
        }
        Set<String> authorities =
                seeds.stream().map(Crawler4jProcess::authority).collect(Collectors.toSet());
        try (Writer lines = Files.newBufferedWriter(folder.resolve("pages.jsonl"))) {
            controller.start(() -> new RecordingCrawler(authorities, lines), authorities.size());
        }
    }

    private static String authority(String url) {
        return URI.create(url).getRawAuthority();
    }

    /** What is recorded of a page. */
    private record Line(String url, int status, String title, int depth, String from, int length) {}

    /** One of its threads. */
    private static final class RecordingCrawler extends WebCrawler {
        private static final JsonMapper MAPPER = new JsonMapper();

        private final Set<String> authorities;

        /** Of all threads. It has a lock. */
        private final Writer lines;

        RecordingCrawler(Set<String> authorities, Writer lines) {
            this.authorities = authorities;
            this.lines = lines;
        }

        @Override
        public boolean shouldVisit(Page from, WebURL url) {
            return authorities.contains(authority(url.getURL()));
        }

        @Override
        public void visit(Page page) {
            WebURL url = page.getWebURL();
            String title = page.getParseData() instanceof HtmlParseData html ? html.getTitle() : "";
            String line = MAPPER.writeValueAsString(new Line(
                    url.getURL(),
                    page.getStatusCode(),
                    title,
                    url.getDepth(),
                    String.valueOf(url.getParentUrl()),
                    page.getContentData().length));
            try {
                // In one call: two threads that write would mix lines and line ends.
                lines.write(line + "\n");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
