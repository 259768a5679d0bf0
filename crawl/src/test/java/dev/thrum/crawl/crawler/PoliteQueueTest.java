package dev.thrum.crawl.crawler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.base.Deadline;
import dev.thrum.crawl.crawler.Authority.Trouble;
import dev.thrum.crawl.crawler.CrawlTask.Again;
import dev.thrum.crawl.crawler.CrawlTask.Found;
import dev.thrum.crawl.frontier.Fingerprint;
import dev.thrum.crawl.frontier.Frontier;
import dev.thrum.crawl.frontier.KnownUrl;
import dev.thrum.crawl.frontier.NewUrl;
import dev.thrum.crawl.robots.RobotsRules;
import dev.thrum.crawl.shared.HostFacts;
import dev.thrum.crawl.shared.HostMemory;
import dev.thrum.pipeline.Item;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PoliteQueueTest {
    private static final Duration DELAY = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofDays(1);
    private static final Duration MAX_WAIT = Duration.ofMinutes(2);
    private static final Duration NANO = Duration.ofNanos(1);
    private static final String A = "http://a.test";
    private static final String A_TLS = "https://a.test";
    private static final String A_PORT = "http://a.test:8080";
    private static final String B = "http://b.test";

    private final AlarmClock clock = new AlarmClock();
    private final SplittableRandom random = new SplittableRandom(1);

    @TempDir
    private Path folder;

    private Frontier frontier;
    private int arrivals;

    @BeforeEach
    void begin() throws IOException {
        frontier = Frontier.create(folder.resolve("frontier"));
    }

    @AfterEach
    void end() throws IOException {
        frontier.close();
    }

    private PoliteQueue queue(int atOnce) {
        return queue(atOnce, HostMemory.none());
    }

    private PoliteQueue queue(int atOnce, HostMemory memory) {
        CrawlOptions.Pace pace = CrawlOptions.Pace.defaults()
                .withDelay(DELAY)
                .withAtOnce(atOnce, atOnce)
                .withWaits(Duration.ofSeconds(30), MAX_WAIT);
        PoliteQueue queue = new PoliteQueue(frontier, memory, clock, new BackOff(random), pace);
        queue.listen(() -> arrivals++);
        return queue;
    }

    /** A queue of hosts whose rules are known. */
    private PoliteQueue allowed(int atOnce, String... hosts) {
        PoliteQueue queue = queue(atOnce);
        for (String host : hosts) {
            queue.allow(host, RobotsRules.ALLOW_ALL, LONG, DELAY);
        }
        return queue;
    }

    private void add(PoliteQueue queue, String host, int count) {
        for (int i = 0; i < count; i++) {
            queue.put(Item.of("new", host, new Found(claimed(host, i))));
        }
    }

    private NewUrl claimed(String host, int number) {
        Fingerprint fingerprint = new Fingerprint(random.nextLong(), random.nextLong());
        assertThat(frontier.claim(fingerprint)).isTrue();
        return new NewUrl(fingerprint, host + "/" + number, host, 7, 1, "", Kind.PAGE.code());
    }

    private static List<KnownUrl> poll(PoliteQueue queue) {
        List<KnownUrl> urls = new ArrayList<>();
        int _ = queue.poll(100, delivery -> {
            if (delivery.item().value() instanceof Again(KnownUrl url, long _)) {
                urls.add(url);
            }
        });
        return urls;
    }

    private static List<String> hosts(List<KnownUrl> urls) {
        return urls.stream().map(KnownUrl::host).sorted().toList();
    }

    private static Item<CrawlTask> again(KnownUrl url, long due) {
        return Item.of(url.url(), url.host(), new Again(url, due));
    }

    @Test
    void poll_whenRulesAreNotKnown_deliversOneOfEachHost() {
        PoliteQueue queue = queue(3);
        add(queue, A, 5);
        add(queue, B, 5);

        assertThat(hosts(poll(queue))).containsExactly(A, B);
        assertThat(poll(queue)).isEmpty();
    }

    @Test
    void poll_whenRulesBecomeKnown_deliversAsManyAsMayRunAtOnce() {
        PoliteQueue queue = queue(3);
        add(queue, A, 5);
        assertThat(poll(queue)).hasSize(1);

        queue.allow(A, RobotsRules.ALLOW_ALL, LONG, DELAY);

        assertThat(poll(queue)).hasSize(2);
        assertThat(poll(queue)).isEmpty();
    }

    @Test
    void poll_whenRulesAreTooOld_deliversOneUntilTheyAreKnownAgain() {
        PoliteQueue queue = queue(2);
        queue.allow(A, RobotsRules.ALLOW_ALL, Duration.ofHours(1), DELAY);
        add(queue, A, 5);
        assertThat(queue.rules(A)).isPresent();

        clock.pass(Duration.ofHours(1));

        assertThat(queue.rules(A)).isEmpty();
        assertThat(poll(queue)).hasSize(1);
        queue.allow(A, RobotsRules.ALLOW_ALL, LONG, DELAY);
        assertThat(poll(queue)).hasSize(1);
    }

    @Test
    void poll_afterARequestHasEnded_waitsForThePause_andTellsWhenItIsOver() {
        PoliteQueue queue = allowed(1, A);
        add(queue, A, 2);
        assertThat(poll(queue)).hasSize(1);
        clock.pass(Duration.ofSeconds(10));
        assertThat(poll(queue)).as("while the request runs").isEmpty();
        queue.ended(A);
        assertThat(poll(queue)).isEmpty();
        int before = arrivals;

        clock.pass(DELAY.minus(NANO));
        assertThat(poll(queue)).isEmpty();
        assertThat(arrivals).isEqualTo(before);

        clock.pass(NANO);
        assertThat(arrivals).isEqualTo(before + 1);
        assertThat(poll(queue)).hasSize(1);
    }

    @Test
    void poll_afterAPauseWithoutUrls_deliversANewUrlAtOnce() {
        PoliteQueue queue = allowed(1, A);
        add(queue, A, 1);
        assertThat(poll(queue)).hasSize(1);
        queue.ended(A);
        clock.pass(DELAY);
        assertThat(poll(queue)).isEmpty();

        add(queue, A, 1);

        assertThat(poll(queue)).hasSize(1);
    }

    @Test
    void poll_withAPauseOfItsOwn_waitsForThat_andNotForOtherHosts() {
        PoliteQueue queue = allowed(1, A, B);
        queue.allow(A, RobotsRules.ALLOW_ALL, LONG, Duration.ofSeconds(5));
        add(queue, A, 2);
        add(queue, B, 2);
        assertThat(hosts(poll(queue))).containsExactly(A, B);
        queue.ended(A);
        queue.ended(B);

        clock.pass(DELAY);
        assertThat(hosts(poll(queue))).containsExactly(B);

        clock.pass(Duration.ofSeconds(4));
        assertThat(hosts(poll(queue))).containsExactly(A);
    }

    @Test
    void unused_makesTheTurnDueAtOnce() {
        PoliteQueue queue = allowed(1, A);
        add(queue, A, 2);
        assertThat(poll(queue)).hasSize(1);

        queue.unused(A);

        assertThat(poll(queue)).hasSize(1);
    }

    @Test
    void failed_letsAllTurnsOfTheHostWait_longerEachTime() {
        PoliteQueue queue = allowed(2, A);
        add(queue, A, 10);
        assertThat(poll(queue)).hasSize(2);
        for (int failures = 1; failures <= 4; failures++) {
            long least = 1_000L << (failures - 1);
            assertThat(queue.failed(A, Trouble.NO_ANSWER, "no answer", null)).isFalse();
            queue.ended(A);

            clock.pass(Duration.ofMillis(least).minus(NANO));
            assertThat(poll(queue))
                    .as("before the least pause after %s failures", failures)
                    .isEmpty();
            clock.pass(Duration.ofMillis(least).plus(NANO));
            assertThat(poll(queue)).as("after the longest one").hasSize(1);
        }
    }

    @Test
    void failed_whenTheHostAsksForAPause_waitsForThat() {
        PoliteQueue queue = allowed(1, A);
        add(queue, A, 2);
        assertThat(poll(queue)).hasSize(1);
        assertThat(queue.failed(A, Trouble.THROTTLED, "status 503", Duration.ofSeconds(30)))
                .isFalse();
        queue.ended(A);

        clock.pass(Duration.ofSeconds(30).minus(NANO));
        assertThat(poll(queue)).isEmpty();
        clock.pass(NANO);
        assertThat(poll(queue)).hasSize(1);
    }

    @Test
    void facts_ofAHostThatRests_letItsNextOwnerWait() {
        PoliteQueue queue = allowed(1, A);
        add(queue, A, 2);
        assertThat(poll(queue)).hasSize(1);
        assertThat(queue.failed(A, Trouble.THROTTLED, "status 503", Duration.ofSeconds(30)))
                .isFalse();
        queue.ended(A);
        Map<String, HostFacts> facts = queue.facts(_ -> true);

        PoliteQueue next = queue(1, new HostMemory() {
            @Override
            public @Nullable HostFacts recall(String authority) {
                return facts.get(authority);
            }

            @Override
            public void keep(String authority, HostFacts kept) {
                throw new AssertionError("expected nothing new but was " + kept);
            }
        });
        assertThat(poll(next)).isEmpty();
        clock.pass(Duration.ofSeconds(30).minus(NANO));
        assertThat(poll(next)).isEmpty();
        clock.pass(NANO);
        assertThat(poll(next)).hasSize(1);
    }

    @Test
    void failed_whenTheHostAsksForMoreThanTheLongestWait_givesUp() {
        PoliteQueue queue = allowed(1, A);
        add(queue, A, 3);
        assertThat(poll(queue)).hasSize(1);

        assertThat(queue.failed(A, Trouble.THROTTLED, "status 503", MAX_WAIT.plus(NANO)))
                .isTrue();

        assertThat(queue.givenUp(A)).contains("status 503");
        queue.ended(A);
        assertThat(poll(queue))
                .as("without a pause, so that it can be left out")
                .hasSize(1);
    }

    @Test
    void failed_whenItGoesOnForLongerThanTheLongestWait_givesUp() {
        PoliteQueue queue = allowed(1, A);

        assertThat(queue.failed(A, Trouble.NO_ANSWER, "no answer", null)).isFalse();
        clock.pass(MAX_WAIT);
        assertThat(queue.failed(A, Trouble.NO_ANSWER, "no answer", null)).isFalse();
        clock.pass(NANO);
        assertThat(queue.failed(A, Trouble.NO_ANSWER, "no answer", null)).isTrue();
    }

    @Test
    void poll_ofTwoAuthoritiesOfOneHost_asksThemInTurn_withThePauseBetween() {
        PoliteQueue queue = allowed(1, A, A_TLS, A_PORT);
        add(queue, A, 3);
        add(queue, A_TLS, 2);
        add(queue, A_PORT, 1);
        List<String> asked = new ArrayList<>();
        for (int request = 0; request < 6; request++) {
            List<KnownUrl> urls = poll(queue);
            assertThat(urls).as("request " + request).hasSize(1);
            assertThat(poll(queue)).as("while it runs").isEmpty();
            asked.add(urls.getFirst().host());
            queue.ended(asked.getLast());
            clock.pass(DELAY.minus(NANO));
            assertThat(poll(queue)).as("in the pause").isEmpty();
            clock.pass(NANO);
        }

        assertThat(asked).containsExactly(A, A_TLS, A_PORT, A, A_TLS, A);
        assertThat(poll(queue)).isEmpty();
    }

    @Test
    void poll_ofTwoAuthoritiesOfOneHost_deliversOneOfEachUntilItsRulesAreKnown() {
        PoliteQueue queue = queue(3);
        add(queue, A, 5);
        add(queue, A_TLS, 5);

        assertThat(hosts(poll(queue))).containsExactly(A, A_TLS);
        assertThat(poll(queue)).isEmpty();
        queue.allow(A_TLS, RobotsRules.ALLOW_ALL, LONG, DELAY);
        assertThat(hosts(poll(queue))).containsExactly(A_TLS);
    }

    @Test
    void failed_letsOneAuthorityRest_andTheOthersOfItsHostGoOn_alsoWithNewUrls() {
        PoliteQueue queue = allowed(1, A, A_TLS);
        add(queue, A_TLS, 2);
        assertThat(poll(queue)).hasSize(1);
        assertThat(queue.failed(A_TLS, Trouble.NO_ANSWER, "no answer", Duration.ofSeconds(60)))
                .isFalse();
        queue.ended(A_TLS);
        clock.pass(DELAY);
        assertThat(poll(queue)).isEmpty();

        add(queue, A, 1);
        assertThat(hosts(poll(queue))).containsExactly(A);
        queue.ended(A);
        clock.pass(Duration.ofSeconds(59).minus(NANO));
        assertThat(poll(queue)).isEmpty();
        int before = arrivals;
        clock.pass(NANO);
        assertThat(arrivals).isEqualTo(before + 1);
        assertThat(hosts(poll(queue))).containsExactly(A_TLS);
    }

    @Test
    void failed_whenThrottled_letsAllAuthoritiesOfTheHostRest() {
        PoliteQueue queue = allowed(2, A, A_TLS, B);
        add(queue, A_TLS, 2);
        assertThat(poll(queue)).hasSize(2);
        assertThat(queue.failed(A_TLS, Trouble.THROTTLED, "status 429", Duration.ofSeconds(60)))
                .isFalse();
        queue.ended(A_TLS);
        queue.ended(A_TLS);
        add(queue, A, 1);
        add(queue, B, 1);

        clock.pass(Duration.ofSeconds(60).minus(NANO));
        assertThat(hosts(poll(queue))).containsExactly(B);
        clock.pass(NANO);
        assertThat(hosts(poll(queue))).containsExactly(A);
    }

    @Test
    void answered_beginsTheCountOfFailuresAgain() {
        PoliteQueue queue = allowed(1, A);
        assertThat(queue.failed(A, Trouble.NO_ANSWER, "no answer", null)).isFalse();
        clock.pass(MAX_WAIT.plus(NANO));

        queue.answered(A);

        assertThat(queue.failed(A, Trouble.NO_ANSWER, "no answer", null)).isFalse();
    }

    @Test
    void put_ofAUrlToBeTriedAgain_deliversItWhenItIsDue_withItsAttempts() {
        PoliteQueue queue = allowed(1, A);
        add(queue, A, 1);
        KnownUrl url = poll(queue).getFirst();
        queue.ended(A);
        clock.pass(DELAY);
        assertThat(queue.inHand().count()).isEqualTo(1);

        queue.put(again(url.afterAttempt(), clock.nanoTime() + DELAY.toNanos()));

        assertThat(queue.inHand().count()).isZero();
        assertThat(queue.size()).isEqualTo(1);
        assertThat(poll(queue)).isEmpty();
        clock.pass(DELAY);
        assertThat(poll(queue)).containsExactly(url.afterAttempt());
    }

    @Test
    void endDelivery_deliversNothingAnyMore_andIdleIsWhenEverythingIsSettled() throws InterruptedException {
        PoliteQueue queue = allowed(2, A);
        add(queue, A, 5);
        List<KnownUrl> urls = poll(queue);
        assertThat(urls).hasSize(2);

        queue.endDelivery();

        queue.inHand().settled();
        assertThat(queue.inHand().awaitNone(Deadline.in(Duration.ZERO, clock))).isFalse();
        queue.put(again(urls.getLast(), clock.nanoTime()));
        assertThat(queue.inHand().awaitNone(Deadline.in(Duration.ZERO, clock))).isTrue();
        clock.pass(LONG);
        assertThat(poll(queue)).isEmpty();
    }

    @Test
    void close_cancelsTheAlarm() {
        PoliteQueue queue = allowed(1, A);
        add(queue, A, 2);
        assertThat(poll(queue)).hasSize(1);
        queue.ended(A);
        assertThat(clock.pending()).isEqualTo(1);

        queue.close();

        assertThat(clock.pending()).isZero();
    }

    @Test
    void newQueue_overAFrontierWithUrls_deliversThem_butNoneThatAreSetAside() {
        frontier.add(claimed(A, 1));
        frontier.add(claimed(A, 2));
        frontier.add(claimed(B, 1));
        frontier.add(claimed(Aside.LATER_FOUND, 1));

        PoliteQueue queue = queue(2);

        assertThat(queue.size()).isEqualTo(3);
        assertThat(hosts(poll(queue))).containsExactly(A, B);
    }

    @Test
    void queue_underRandomSteps_deliversEachUrlOnce_andNeverTooManyOfAHost_norTooEarly() {
        int atOnce = 2;
        PoliteQueue queue = allowed(atOnce, A, B);
        add(queue, A, 40);
        add(queue, B, 40);
        List<KnownUrl> running = new ArrayList<>();
        List<String> done = new ArrayList<>();
        while (done.size() < 80) {
            running.addAll(poll(queue));
            for (String host : List.of(A, B)) {
                assertThat(running).filteredOn(url -> url.host().equals(host)).hasSizeLessThanOrEqualTo(atOnce);
            }
            while (!running.isEmpty() && random.nextInt(3) > 0) {
                KnownUrl url = running.remove(random.nextInt(running.size()));
                queue.ended(url.host());
                if (random.nextInt(5) == 0) {
                    queue.put(again(url.afterAttempt(), clock.nanoTime() + random.nextInt(3) * DELAY.toNanos()));
                } else {
                    frontier.done(url, new byte[0]);
                    queue.inHand().settled();
                    done.add(url.url());
                }
            }
            clock.pass(Duration.ofMillis(random.nextInt(700)));
        }
        assertThat(done).doesNotHaveDuplicates();
        assertThat(queue.inHand().count()).isZero();
        assertThat(queue.size()).isZero();
        assertThat(clock.nanoTime()).isGreaterThanOrEqualTo((40 / atOnce - 1) * DELAY.toNanos());
    }
}
