package dev.thrum.crawl.crawler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.crawl.archive.OutputOptions;
import dev.thrum.crawl.crawler.CrawlOptions.Pace;
import dev.thrum.engine.AddressRule;
import dev.thrum.engine.Engine;
import dev.thrum.http.client.address.Cidr;
import dev.thrum.http.client.address.PublicAddresses;
import dev.thrum.http.client.url.Url;
import dev.thrum.testkit.web.ScriptedWeb;
import dev.thrum.testkit.web.WebPlan;
import dev.thrum.tls.TlsClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/** A scripted web on this machine, and a folder to crawl it into. */
final class CrawlScene implements AutoCloseable {
    /** Where the hosts of scripted webs are. */
    static final AddressRule LOOPBACK = PublicAddresses.only().allowing(List.of(Cidr.parse("127.0.0.0/8")));

    private final Engine engine = Engine.virtual();
    private final Path folder;
    final ScriptedWeb web;

    private CrawlScene(Path folder, WebPlan plan) throws IOException {
        this.folder = folder;
        boolean started = false;
        try {
            web = ScriptedWeb.start(engine, plan);
            started = true;
        } finally {
            if (!started) {
                engine.close();
            }
        }
    }

    static CrawlScene of(Path folder, WebPlan plan) throws IOException {
        return new CrawlScene(folder, plan);
    }

    /** A crawl from all seeds of the web without pauses. */
    CrawlOptions options() {
        return options(engine, web.map().seeds());
    }

    static CrawlOptions options(Engine engine, List<String> seeds) {
        return options(engine, seeds, OutputOptions.Warc.GZIP);
    }

    static CrawlOptions options(Engine engine, List<String> seeds, OutputOptions.Warc warc) {
        return CrawlOptions.of(
                        seeds.stream().map(Url::parse).toList(),
                        OutputOptions.of(engine.clock(), new SplittableRandom()).withWarc(warc))
                .withPace(Pace.defaults().withDelay(Duration.ZERO));
    }

    static Crawl.Surroundings around(Engine engine, AddressRule guard) {
        return new Crawl.Surroundings(engine, guard, TlsClient.ofSystem(), new SplittableRandom());
    }

    Crawl create(CrawlOptions options) throws Exception {
        return Crawl.create(folder, options, around(engine, LOOPBACK), new CrawlListener() {});
    }

    Crawl resume(CrawlOptions options) throws Exception {
        return Crawl.resume(folder, options, around(engine, LOOPBACK), new CrawlListener() {});
    }

    Crawl refresh(CrawlOptions options) throws Exception {
        return Crawl.refresh(folder, options, around(engine, LOOPBACK), new CrawlListener() {});
    }

    Crawl.Surroundings around(AddressRule guard) {
        return around(engine, guard);
    }

    /** Crawls to the end. */
    WrittenCrawl crawl(CrawlOptions options) throws Exception {
        try (Crawl crawl = create(options)) {
            assertThat(crawl.run().end()).isEqualTo(new CrawlEnd.Finished());
        }
        return written();
    }

    WrittenCrawl written() throws IOException {
        return WrittenCrawl.read(folder);
    }

    Path folder() {
        return folder;
    }

    Engine engine() {
        return engine;
    }

    /** Runs a crawl and stops it when this many pages are recorded. */
    static CrawlEnd stopAt(Crawl crawl, int pages) throws InterruptedException {
        Thread stopper = Thread.ofVirtual().start(() -> {
            while (crawl.counts().pages() < pages && !Thread.currentThread().isInterrupted()) {
                LockSupport.parkNanos(100_000);
            }
            crawl.stop("the test");
        });
        try {
            return crawl.run().end();
        } finally {
            stopper.interrupt();
            stopper.join();
        }
    }

    @Override
    public void close() {
        web.close();
        engine.close();
    }
}
