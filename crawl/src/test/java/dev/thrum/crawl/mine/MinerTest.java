package dev.thrum.crawl.mine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.base.Deadline;
import dev.thrum.crawl.mine.PageException.Next;
import dev.thrum.engine.Engine;
import dev.thrum.http.client.url.Url;
import dev.thrum.pipeline.RetryPolicy;
import dev.thrum.testkit.LeakCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The miner as a pipeline, with pages from a script. */
@ExtendWith(LeakCheck.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class MinerTest {
    private static final RetryPolicy THREE = new RetryPolicy(3, Duration.ZERO, Duration.ZERO, _ -> true);
    private static final MinerOptions OPTIONS = MinerOptions.defaults().withRetry(THREE);

    /** Only for its clock. */
    private final Engine engine = Engine.virtual();

    private final List<Mined> results = new ArrayList<>();

    @AfterEach
    void close() {
        engine.close();
    }

    private static FetchedPage page(Url url, String body) {
        return new FetchedPage(url.toString(), Url.parse(url + "?final"), 200, "text/html", body.getBytes(UTF_8));
    }

    private Miner miner(PageSource source, MinerOptions options, String... selections) {
        return new Miner(
                source, List.of(selections).stream().map(Selection::parse).toList(), options, engine.clock());
    }

    private static List<Url> urls(int number) {
        return IntStream.range(0, number)
                .mapToObj(i -> Url.parse("http://host" + i % 7 + "/" + i))
                .toList();
    }

    /** The listener is called by one thread at a time, so a list needs no lock of its own. */
    private List<Mined> mine(Miner miner, List<Url> urls) throws InterruptedException {
        miner.mine(urls.iterator(), results::add);
        return results;
    }

    @Test
    void everyUrl_always_hasOneResult() throws InterruptedException {
        Miner miner = miner((url, _) -> page(url, "<title>" + url.path() + "</title>"), OPTIONS, "title");
        List<Url> urls = urls(3_000);
        assertThat(mine(miner, urls))
                .hasSameSizeAs(urls)
                .allSatisfy(result -> assertThat(result)
                        .isEqualTo(new Mined.Values(
                                result.url(),
                                Url.parse(result.url() + "?final"),
                                200,
                                List.of(Url.parse(result.url()).path()))));
        assertThat(results.stream().map(Mined::url).distinct()).hasSameSizeAs(urls);
    }

    @Test
    void noUrl_always_isTheEndAtOnce() throws InterruptedException {
        assertThat(mine(miner((url, _) -> page(url, ""), OPTIONS, "title"), List.of()))
                .isEmpty();
    }

    @Test
    void values_always_areInTheOrderOfTheSelections() throws InterruptedException {
        Miner miner = miner(
                (url, _) -> page(url, "<title>t</title><p>a<h1>b</h1><p><a href=x>c</a>"),
                OPTIONS,
                "p",
                "title",
                "a@href",
                "h2");
        assertThat(mine(miner, urls(1)).getFirst())
                .isEqualTo(new Mined.Values(
                        "http://host0/0",
                        Url.parse("http://host0/0?final"),
                        200,
                        List.of("a", "c", "t", "http://host0/x")));
    }

    @Test
    void failure_thatMayPass_isTriedAgainUpToTheLimit() throws InterruptedException {
        AtomicInteger attempts = new AtomicInteger();
        Miner miner = miner(
                (_, _) -> {
                    throw new PageException("attempt " + attempts.incrementAndGet(), null, 503, Next.RETRY);
                },
                OPTIONS,
                "title");
        assertThat(mine(miner, urls(1))).containsExactly(new Mined.Failed("http://host0/0", null, 503, "attempt 3"));
    }

    @Test
    void failure_thatPasses_leavesNoTrace() throws InterruptedException {
        AtomicInteger attempts = new AtomicInteger();
        Miner miner = miner(
                (url, _) -> {
                    if (attempts.incrementAndGet() == 1) {
                        throw new PageException("later", url, 429, new Next(true, Duration.ofMillis(1), true));
                    }
                    return page(url, "<h1>a</h1>");
                },
                OPTIONS,
                "h1");
        assertThat(mine(miner, urls(1))).singleElement().isInstanceOf(Mined.Values.class);
        assertThat(attempts).hasValue(2);
    }

    @Test
    void failure_thatLasts_isReportedAtOnceAndOthersGoOn() throws InterruptedException {
        AtomicInteger attempts = new AtomicInteger();
        Miner miner = miner(
                (url, _) -> {
                    if (url.path().equals("/3")) {
                        attempts.incrementAndGet();
                        throw new PageException("gone", url, 404, Next.NOTHING);
                    }
                    return page(url, "<h1>a</h1>");
                },
                OPTIONS,
                "h1");
        assertThat(mine(miner, urls(9)))
                .hasSize(9)
                .contains(new Mined.Failed("http://host3/3", Url.parse("http://host3/3"), 404, "gone"));
        assertThat(attempts).hasValue(1);
        assertThat(results).filteredOn(Mined.Values.class::isInstance).hasSize(8);
    }

    @Test
    void url_withAPassword_isShownWithoutIt() throws InterruptedException {
        Miner miner = miner(
                (_, _) -> {
                    throw new PageException("no", null, 0, Next.NOTHING);
                },
                OPTIONS,
                "h1");
        assertThat(mine(miner, List.of(Url.parse("http://user:secret@host/"))))
                .extracting(Mined::url)
                .containsExactly("http://host/");
    }

    @Test
    void deadline_always_isTheSameForAllAttempts() throws InterruptedException {
        List<@Nullable Deadline> deadlines = Collections.synchronizedList(new ArrayList<>());
        Miner miner = miner(
                (_, until) -> {
                    deadlines.add(until);
                    throw new PageException("no", null, 0, Next.RETRY);
                },
                OPTIONS.withMaxTime(Duration.ofMinutes(1)),
                "h1");
        mine(miner, urls(1));
        assertThat(deadlines).hasSize(3).doesNotContainNull();
        assertThat(deadlines.stream().distinct()).hasSize(1);
    }

    @Test
    void fetchers_always_areAsManyAsAllowed() throws InterruptedException {
        CyclicBarrier six = new CyclicBarrier(6);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Miner miner = miner(
                (url, _) -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    try {
                        six.await(30, TimeUnit.SECONDS);
                    } catch (BrokenBarrierException | TimeoutException e) {
                        throw new PageException("expected six at once", null, 0, Next.NOTHING);
                    } finally {
                        running.decrementAndGet();
                    }
                    return page(url, "<h1>a</h1>");
                },
                OPTIONS.withFetchers(6, 1),
                "h1");
        List<Url> urls = IntStream.range(0, 12)
                .mapToObj(i -> Url.parse("http://host" + i % 6 + "/" + i))
                .toList();
        assertThat(mine(miner, urls)).hasSize(12).allMatch(Mined.Values.class::isInstance);
        assertThat(most.get()).isLessThanOrEqualTo(6);
    }

    @Test
    void parsers_thatFallBehind_keepPagesFromBeingFetched() throws InterruptedException {
        CountDownLatch mayParse = new CountDownLatch(1);
        AtomicInteger fetched = new AtomicInteger();
        AtomicInteger taken = new AtomicInteger();
        int most = 2 + 4 + 1;
        Iterator<Url> urls = urls(5_000).iterator();
        Iterator<Url> counted = new Iterator<>() {
            @Override
            public boolean hasNext() {
                if (fetched.get() >= most) {
                    mayParse.countDown();
                }
                return urls.hasNext();
            }

            @Override
            public Url next() {
                taken.incrementAndGet();
                return urls.next();
            }
        };
        AtomicInteger mostWaiting = new AtomicInteger();
        AtomicInteger parsed = new AtomicInteger();
        Miner miner = miner(
                (url, _) -> {
                    mostWaiting.accumulateAndGet(fetched.incrementAndGet() - parsed.get(), Math::max);
                    return page(url, "<h1>a</h1>");
                },
                OPTIONS.withFetchers(2, 2).withParsers(1),
                "h1");
        miner.mine(counted, _ -> {
            try {
                assertThat(mayParse.await(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            parsed.incrementAndGet();
        });
        assertThat(parsed).hasValue(5_000);
        // Those in the queue, those that a fetcher can't put yet, and the one that is parsed.
        assertThat(mostWaiting.get()).isLessThanOrEqualTo(most + 1);
        assertThat(taken).hasValue(5_000);
    }

    @Test
    void interrupt_always_stopsTheFetchers() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Miner miner = miner(
                (_, _) -> {
                    begun.countDown();
                    try {
                        new CountDownLatch(1).await();
                        throw new IllegalStateException("expected an interrupt");
                    } finally {
                        ended.countDown();
                    }
                },
                OPTIONS,
                "h1");
        Thread caller = Thread.currentThread();
        Thread interrupter = Thread.ofVirtual().start(() -> {
            try {
                begun.await();
                caller.interrupt();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThatThrownBy(() -> mine(miner, urls(1))).isInstanceOf(InterruptedException.class);
        assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
        interrupter.join();
        assertThat(results).isEmpty();
    }

    @Test
    void miner_withoutSelections_isRefused() {
        assertThatThrownBy(() -> miner((url, _) -> page(url, ""), OPTIONS))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
