package dev.thrum.crawl.crawler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.crawl.crawler.Authority.Trouble;
import dev.thrum.crawl.crawler.CrawlTask.Again;
import dev.thrum.crawl.crawler.CrawlTask.Found;
import dev.thrum.crawl.frontier.Fingerprint;
import dev.thrum.crawl.frontier.Frontier;
import dev.thrum.crawl.frontier.KnownUrl;
import dev.thrum.crawl.frontier.NewUrl;
import dev.thrum.crawl.robots.RobotsRules;
import dev.thrum.crawl.shared.HostMemory;
import dev.thrum.pipeline.Item;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users are told that a crawl waits for. */
class SlowestHostsTest {
    private static final Duration DELAY = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofDays(1);
    private static final String A = "http://a.test";
    private static final String A_TLS = "https://a.test";
    private static final String B = "http://b.test";
    private static final String C = "http://c.test";

    private final AlarmClock clock = new AlarmClock();

    @TempDir
    private Path folder;

    private Frontier frontier;
    private PoliteQueue queue;
    private long added;

    @BeforeEach
    void begin() throws IOException {
        frontier = Frontier.create(folder.resolve("frontier"));
        CrawlOptions.Pace pace = CrawlOptions.Pace.defaults()
                .withDelay(DELAY)
                .withAtOnce(1, 1)
                .withWaits(Duration.ofSeconds(30), Duration.ofMinutes(2));
        queue = new PoliteQueue(frontier, HostMemory.none(), clock, new BackOff(new SplittableRandom(1)), pace);
        queue.listen(() -> {});
    }

    @AfterEach
    void end() throws IOException {
        frontier.close();
    }

    private void allow(String... hosts) {
        for (String host : hosts) {
            queue.allow(host, RobotsRules.ALLOW_ALL, LONG, DELAY);
        }
    }

    private void add(String host, int count) {
        for (int i = 0; i < count; i++) {
            Fingerprint fingerprint = new Fingerprint(added, ++added);
            assertThat(frontier.claim(fingerprint)).isTrue();
            queue.put(Item.of(
                    "new", host, new Found(new NewUrl(fingerprint, host + "/" + i, host, 7, 1, "", Kind.PAGE.code()))));
        }
    }

    private List<KnownUrl> poll() {
        List<KnownUrl> urls = new ArrayList<>();
        int _ = queue.poll(100, delivery -> urls.add(((Again) delivery.item().value()).url()));
        return urls;
    }

    @Test
    void slowest_areNamed_andWhatTheyWaitFor() {
        allow(A, A_TLS, B);
        queue.allow(B, RobotsRules.ALLOW_ALL, LONG, Duration.ofSeconds(5));
        add(A, 31);
        add(B, 2);
        add(C, 1);
        assertThat(queue.slowest(9))
                .as("what has not been asked waits for nothing")
                .isEmpty();
        assertThat(poll()).extracting(KnownUrl::host).containsExactlyInAnyOrder(A, B, C);
        clock.pass(Duration.ofMillis(1_500));
        assertThat(queue.failed(C, Trouble.NO_ROBOTS, "no answer", Duration.ofSeconds(60)))
                .isFalse();
        queue.ended(B);
        queue.ended(C);
        add(C, 1);

        assertThat(queue.slowest(9).stream().map(HostWait::toString))
                .containsExactly(
                        "http://c.test waits 60 s more until it is asked for robots.txt again, with 1 URL",
                        "http://a.test waits 1 s for a response, with 30 URLs",
                        "http://b.test waits 5 s more for its delay, with 1 URL");
        assertThat(queue.slowest(1)).hasSize(1);

        add(A_TLS, 1);
        assertThat(queue.failed(A, Trouble.THROTTLED, "status 429", Duration.ofSeconds(90)))
                .isFalse();
        queue.ended(A);
        assertThat(queue.slowest(2).stream().map(HostWait::toString))
                .containsExactly(
                        "http://a.test waits 90 s more, as it wants fewer requests (Retry-After, or our back-off),"
                                + " with 30 URLs",
                        "https://a.test waits 90 s more, as it wants fewer requests (Retry-After, or our back-off),"
                                + " with 1 URL");
    }

    @Test
    void slowest_isAHostWhoseOnlyUrlIsTriedAgainLater_andNoneThatIsGivenUp() {
        allow(A, B);
        add(A, 1);
        add(B, 2);
        List<KnownUrl> urls = poll();
        queue.giveUp(B, "the test");
        queue.ended(A);
        queue.ended(B);
        clock.pass(DELAY);
        KnownUrl url =
                urls.stream().filter(one -> one.host().equals(A)).findFirst().orElseThrow();
        long due = clock.nanoTime() + Duration.ofSeconds(9).toNanos();
        queue.put(Item.of(url.url(), url.host(), new Again(url, due)));

        assertThat(queue.slowest(9).stream().map(HostWait::toString))
                .containsExactly("http://a.test waits 9 s more until it is tried again, with 1 URL");
    }
}
