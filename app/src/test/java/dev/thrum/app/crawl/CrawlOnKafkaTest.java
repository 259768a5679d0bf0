package dev.thrum.app.crawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.cluster.LocalBroker;
import dev.thrum.crawl.archive.OutputOptions;
import dev.thrum.crawl.crawler.Crawl;
import dev.thrum.crawl.crawler.CrawlEnd;
import dev.thrum.crawl.crawler.CrawlListener;
import dev.thrum.crawl.crawler.CrawlOptions;
import dev.thrum.crawl.crawler.CrawlResult;
import dev.thrum.engine.AddressRule;
import dev.thrum.engine.Engine;
import dev.thrum.http.client.url.Url;
import dev.thrum.pipeline.kafka.KafkaAddress;
import dev.thrum.pipeline.kafka.KafkaTopic;
import dev.thrum.pipeline.kafka.partitions.KafkaPartitions;
import dev.thrum.testkit.scripted.Mutations;
import dev.thrum.testkit.web.ScriptedWeb;
import dev.thrum.testkit.web.WebMap;
import dev.thrum.testkit.web.WebPlan;
import dev.thrum.tls.TlsClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Crawls of several processes, here threads, that share a broker. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class CrawlOnKafkaTest {
    private static final Duration DELAY = Duration.ofMillis(20);
    private static final Pattern URL = Pattern.compile("\\{\"url\":\"([^\"]+)\"");

    @TempDir
    private static Path shared;

    private static LocalBroker broker;

    @TempDir
    private Path temporary;

    @BeforeAll
    static void start() throws IOException {
        broker = LocalBroker.start(shared.resolve("broker"));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static KafkaAddress address(String name) {
        return KafkaAddress.parse("kafka://" + broker.address() + "/" + name);
    }

    private static CrawlOptions options(Engine engine, ScriptedWeb web) {
        OutputOptions outputs =
                OutputOptions.of(engine.clock(), new SplittableRandom()).withWarc(OutputOptions.Warc.OFF);
        CrawlOptions options = CrawlOptions.of(
                        web.map().seeds().stream().map(Url::parse).toList(), outputs)
                .withIndex(false);
        return options.withPace(options.pace().withDelay(DELAY));
    }

    private Crawl join(Engine engine, CrawlOptions options, String name, String folder) throws Exception {
        Crawl.Surroundings around =
                new Crawl.Surroundings(engine, AddressRule.ANY, TlsClient.ofSystem(), new SplittableRandom());
        return Crawl.join(
                temporary.resolve(folder),
                options,
                around,
                new CrawlListener() {},
                KafkaPartitions.open(address(name)));
    }

    private static Future<CrawlResult> run(ExecutorService threads, Crawl crawl) {
        Callable<CrawlResult> run = () -> {
            try (crawl) {
                return crawl.run();
            }
        };
        return threads.submit(run);
    }

    private List<String> pages(String... folders) throws IOException {
        List<String> pages = new ArrayList<>();
        for (String folder : folders) {
            for (String line : Files.readAllLines(temporary.resolve(folder).resolve("pages.jsonl"))) {
                Matcher url = URL.matcher(line);
                assertThat(url.lookingAt()).as(line).isTrue();
                pages.add(WebMap.canonical(url.group(1)));
            }
        }
        return pages;
    }

    private static void awaitRequests(ScriptedWeb web, int count) {
        while (web.log().all().size() < count) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void run_byTwoProcesses_ofWhichOneLeavesAndComesBack_recordsEachPageOnce() throws Exception {
        try (Engine engine = Engine.virtual();
                ScriptedWeb web =
                        ScriptedWeb.start(engine, WebPlan.of(1).withHosts(6).withPages(60));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CrawlOptions options = options(engine, web);
            Crawl first = join(engine, options, "pages", "a");
            Future<CrawlResult> one = run(threads, first);
            Future<CrawlResult> two = run(threads, join(engine, options, "pages", "b"));
            awaitRequests(web, 100);
            first.stop("the test");
            assertThat(one.get().end()).isEqualTo(new CrawlEnd.Stopped("the test"));
            Future<CrawlResult> again = run(threads, join(engine, options, "pages", "a"));

            assertThat(two.get().end()).isEqualTo(new CrawlEnd.Finished());
            assertThat(again.get().end()).isEqualTo(new CrawlEnd.Finished());
            List<String> pages = pages("a", "b");
            assertThat(pages).doesNotHaveDuplicates();
            assertThat(new TreeSet<>(pages)).isEqualTo(new TreeSet<>(web.map().reachable(_ -> true)));
            for (String host : web.log().hosts()) {
                assertThat(web.log().mostAtOnce(host)).as(host).isEqualTo(1);
                assertThat(web.log().pauses(host))
                        .as(host)
                        .allSatisfy(pause -> assertThat(pause).isGreaterThanOrEqualTo(DELAY));
            }
        }
    }

    @Test
    void run_whileTheBrokerIsAway_waits_andGoesOn() throws Exception {
        try (Engine engine = Engine.virtual();
                ScriptedWeb web =
                        ScriptedWeb.start(engine, WebPlan.of(2).withHosts(4).withPages(60));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CrawlOptions options = options(engine, web);
            Future<CrawlResult> one = run(threads, join(engine, options, "away", "a"));
            Future<CrawlResult> two = run(threads, join(engine, options, "away", "b"));
            awaitRequests(web, 60);
            broker.stop();
            // Longer than the lease.
            assertGoesOn(one, 5);
            int asked = web.log().all().size();
            assertGoesOn(two, Mutations.count(3, 60));
            assertThat(web.log().all()).as("requests without a lease").hasSize(asked);
            broker.startAgain();

            assertThat(one.get().end()).isEqualTo(new CrawlEnd.Finished());
            assertThat(two.get().end()).isEqualTo(new CrawlEnd.Finished());
            assertThat(new TreeSet<>(pages("a", "b")))
                    .isEqualTo(new TreeSet<>(web.map().reachable(_ -> true)));
        }
    }

    private static void assertGoesOn(Future<CrawlResult> crawl, int seconds) {
        assertThatThrownBy(() -> crawl.get(seconds, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
    }

    /** A process counts by its own clock only what it has begun itself; what others have told has its age by the broker's. */
    @Test
    void run_byProcessesWhoseClocksAreAnHourOff_shortensNoPause_andNoHostWaits() throws Exception {
        try (Engine engine = Engine.virtual();
                Engine ahead = OffClock.engine(Duration.ofHours(1));
                Engine behind = OffClock.engine(Duration.ofHours(-1));
                ScriptedWeb web =
                        ScriptedWeb.start(engine, WebPlan.of(3).withHosts(6).withPages(60));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Crawl first = join(ahead, options(ahead, web), "clocks", "ahead");
            Future<CrawlResult> one = run(threads, first);
            awaitRequests(web, 60);
            Future<CrawlResult> two = run(threads, join(behind, options(behind, web), "clocks", "behind"));
            awaitRequests(web, 150);
            first.stop("the test");
            assertThat(one.get().end()).isEqualTo(new CrawlEnd.Stopped("the test"));
            Future<CrawlResult> again = run(threads, join(engine, options(engine, web), "clocks", "right"));

            assertThat(two.get().end()).isEqualTo(new CrawlEnd.Finished());
            assertThat(again.get().end()).isEqualTo(new CrawlEnd.Finished());
            List<String> pages = pages("ahead", "behind", "right");
            assertThat(pages).doesNotHaveDuplicates();
            assertThat(new TreeSet<>(pages)).isEqualTo(new TreeSet<>(web.map().reachable(_ -> true)));
            assertThat(web.log().hosts())
                    .allSatisfy(host -> assertThat(web.log().pauses(host))
                            .allSatisfy(pause -> assertThat(pause).isGreaterThanOrEqualTo(DELAY)));
        }
    }

    @Test
    void run_withATopicThatTakesOnlySmallRecords_fails_andSaysWhatToRaise() throws Exception {
        try (Admin admin = Admin.create(address("small").settings())) {
            KafkaTopic small = KafkaTopic.keeping("small.urls", 2).with("max.message.bytes", "100");
            KafkaTopic.require(admin, List.of(small), Duration.ofSeconds(10));
        }
        try (Engine engine = Engine.virtual();
                ScriptedWeb web =
                        ScriptedWeb.start(engine, WebPlan.of(4).withHosts(2).withPages(5));
                Crawl crawl = join(engine, options(engine, web), "small", "a")) {
            assertThat(crawl.run().end())
                    .isInstanceOfSatisfying(
                            CrawlEnd.Failed.class,
                            failed -> assertThat(failed.cause())
                                    .hasMessageContaining("small.urls")
                                    .hasMessageContaining("max.message.bytes"));
        }
    }

    @Test
    void open_withATopicThatForgets_isRefused_withItsNameAndTheSetting() throws Exception {
        try (Admin admin = Admin.create(address("short").settings())) {
            var _ = admin.createTopics(List.of(new NewTopic("short.urls", 2, (short) 1)))
                    .all()
                    .get();
        }
        assertThatThrownBy(() -> KafkaPartitions.open(address("short")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("short.urls")
                .hasMessageContaining("but it has");
    }
}
