package dev.thrum.crawl.crawler;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.base.Clock;
import dev.thrum.base.Deadline;
import dev.thrum.crawl.crawler.Authority.Retries;
import dev.thrum.crawl.crawler.Authority.Trouble;
import dev.thrum.crawl.crawler.CrawlTask.Again;
import dev.thrum.crawl.crawler.CrawlTask.Found;
import dev.thrum.crawl.frontier.Frontier;
import dev.thrum.crawl.frontier.KnownUrl;
import dev.thrum.crawl.robots.RobotsRules;
import dev.thrum.http.client.url.Url;
import dev.thrum.pipeline.Item;
import dev.thrum.pipeline.PipelineQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The queue in front of the stage that fetches: it delivers a URL of the frontier when its host may be asked. Each host, by name, has as many
 * <em>turns</em> as requests of it may run at once. A turn is due from the pause after its last response; then it takes the next URL of one of the
 * host's authorities, which alternate. As long as the rules of an authority are not known, it has only one request. An authority that does not
 * answer rests without the others of its host; if one asks for fewer requests, the whole host rests.
 *
 * <p>Acknowledgements don't matter to it: a URL is done when the frontier says so.
 */
final class PoliteQueue implements PipelineQueue<CrawlTask> {
    private final Frontier frontier;
    private final Clock clock;
    private final BackOff backOff;
    private final int atOnce;
    private final Duration delay;
    private final Duration maxWait;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<String, Host> hosts = new HashMap<>();

    @GuardedBy("lock")
    private final Map<String, Authority> authorities = new HashMap<>();

    /** The turns that may take a URL, the one that is due first being the first. */
    @GuardedBy("lock")
    private final PriorityQueue<Turn> turns = new PriorityQueue<>(Comparator.comparingLong(Turn::due));

    /** Hosts with an authority that rests, and until when. */
    @GuardedBy("lock")
    private final PriorityQueue<Turn> resting = new PriorityQueue<>(Comparator.comparingLong(Turn::due));

    /** URLs that wait for another attempt. */
    @GuardedBy("lock")
    private final PriorityQueue<Again> later = new PriorityQueue<>(Comparator.comparingLong(Again::due));

    @GuardedBy("lock")
    private final Alarm alarm;

    @GuardedBy("lock")
    private boolean isClosed;

    /** Whether nothing is delivered any more. */
    @GuardedBy("lock")
    private boolean isStopped;

    /** URLs that were delivered, and neither recorded nor put back, and what else is to be recorded. */
    private final InHand inHand = new InHand();

    private final Condition isOver = lock.newCondition();

    /** Set once, before the first poll. */
    private volatile Runnable arrived = () -> {};

    private record Turn(Host host, long due) {}

    /** A URL that was delivered. */
    private record Delivered(Item<CrawlTask> item, long since) implements Delivery<CrawlTask> {}

    /**
     * A queue over a frontier.
     *
     * @param atOnce how many requests of a host may run at once
     * @param delay from the end of a response to the next request of the host
     * @param maxWait how long an authority may go on without an answer, or ask for a pause, before it is given up
     */
    PoliteQueue(Frontier frontier, Clock clock, BackOff backOff, int atOnce, Duration delay, Duration maxWait) {
        this.frontier = frontier;
        this.clock = clock;
        this.backOff = backOff;
        this.atOnce = atOnce;
        this.delay = delay;
        this.maxWait = maxWait;
        this.alarm = new Alarm(clock, this::ring);
        lock.lock();
        try {
            frontier.hosts().forEach((name, waiting) -> {
                if (!Aside.isName(name)) {
                    Authority authority = authority(name);
                    for (long i = Math.min(waiting, atOnce); i > 0; i--) {
                        use(authority);
                    }
                }
            });
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean waitsForRoom() {
        return false;
    }

    @Override
    public void listen(Runnable called) {
        arrived = called;
    }

    @Override
    public void put(Item<CrawlTask> item) {
        lock.lock();
        try {
            switch (item.value()) {
                case Found found -> {
                    frontier.add(found.url());
                    use(authority(found.url().host()));
                }
                case Again again -> {
                    later.add(again);
                    inHand.settled();
                }
            }
        } finally {
            lock.unlock();
        }
        arrived.run();
    }

    @Override
    public int poll(int most, Consumer<? super Delivery<CrawlTask>> to) {
        List<Delivered> delivered = new ArrayList<>();
        lock.lock();
        try {
            if (isClosed || isStopped) {
                return 0;
            }
            long now = clock.nanoTime();
            putBack(now);
            while (!resting.isEmpty() && resting.peek().due() - now <= 0) {
                useAll(resting.remove().host());
            }
            while (delivered.size() < most && !turns.isEmpty() && turns.peek().due() - now <= 0) {
                take(turns.remove(), now).ifPresent(url -> delivered.add(delivered(url, now)));
            }
            setAlarm(now);
        } finally {
            lock.unlock();
        }
        delivered.forEach(to);
        return delivered.size();
    }

    private static Delivered delivered(KnownUrl url, long now) {
        return new Delivered(Item.of(url.url(), url.host(), new Again(url, now)), now);
    }

    /** Returns URLs whose pause is over to the frontier. */
    @GuardedBy("lock")
    private void putBack(long now) {
        while (!later.isEmpty() && later.peek().due() - now <= 0) {
            KnownUrl url = later.remove().url();
            frontier.putBack(url);
            use(authority(url.host()));
        }
    }

    /** The URL for a turn that is due; empty if there is none, or it may not be taken now. */
    @GuardedBy("lock")
    private Optional<KnownUrl> take(Turn turn, long now) {
        Host host = turn.host();
        if (host.notBefore - now > 0) {
            turns.add(new Turn(host, host.notBefore));
            return Optional.empty();
        }
        Optional<KnownUrl> url = host.take(frontier, now);
        if (url.isEmpty()) {
            host.idle.add(turn.due());
        } else {
            inHand.add();
        }
        return url;
    }

    /** Lets a turn take a URL of an authority, if one is idle. */
    @GuardedBy("lock")
    private void use(Authority authority) {
        authority.host.waits(authority);
        Long due = authority.host.idle.poll();
        if (due != null) {
            turns.add(new Turn(authority.host, due));
        }
    }

    /** Lets all idle turns of a host take URLs. */
    @GuardedBy("lock")
    private void useAll(Host host) {
        host.idle.forEach(due -> turns.add(new Turn(host, due)));
        host.idle.clear();
    }

    @GuardedBy("lock")
    private Authority authority(String name) {
        return authorities.computeIfAbsent(name, _ -> {
            long now = clock.nanoTime();
            Host host = hosts.computeIfAbsent(Url.parse(name).host(), _ -> new Host(atOnce, now));
            return new Authority(name, host, delay, now);
        });
    }

    /** Sets the alarm to the next time at which something is due; what is due already is polled without it. */
    @GuardedBy("lock")
    private void setAlarm(long now) {
        long next = Math.min(nanosLeft(turns.peek(), now), nanosLeft(resting.peek(), now));
        Again again = later.peek();
        next = Math.min(next, again == null ? Long.MAX_VALUE : Math.max(0, again.due() - now));
        if (next != Long.MAX_VALUE && next != 0 && !isClosed) {
            alarm.set(now, next);
        }
    }

    private static long nanosLeft(@Nullable Turn turn, long now) {
        return turn == null ? Long.MAX_VALUE : Math.max(0, turn.due() - now);
    }

    private void ring() {
        lock.lock();
        try {
            alarm.rang();
        } finally {
            lock.unlock();
        }
        arrived.run();
    }

    /** Delivers nothing any more. */
    void stop() {
        lock.lock();
        try {
            isStopped = true;
            isOver.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until it was stopped or closed, which the end of its pipeline does; returns whether that is so. */
    boolean awaitOver(Deadline deadline) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!isStopped && !isClosed && deadline.nanosLeft() > 0) {
                deadline.await(isOver);
            }
            return isStopped || isClosed;
        } finally {
            lock.unlock();
        }
    }

    /** What was delivered or is to be recorded. */
    InHand inHand() {
        return inHand;
    }

    /** The rules of an authority if they are known and not too old; the caller requests robots.txt otherwise. */
    Optional<RobotsRules> rules(String name) {
        return ask(
                name,
                authority ->
                        authority.hasRules(clock.nanoTime()) ? Optional.ofNullable(authority.rules) : Optional.empty());
    }

    /** Why nothing more is requested of an authority; empty if it is. */
    Optional<String> givenUp(String name) {
        return ask(name, authority -> Optional.ofNullable(authority.givenUp));
    }

    /** The authorities that will take longest as far as that is known now, the slowest first, and what they wait for. */
    List<HostWait> slowest(int most) {
        lock.lock();
        try {
            long now = clock.nanoTime();
            Map<String, Retries> retries = new HashMap<>();
            later.forEach(again -> retries.merge(again.url().host(), new Retries(again.due(), 1), Retries::and));
            Map<HostWait, Duration> waits = new HashMap<>();
            for (Authority authority : authorities.values()) {
                authority
                        .wait(now, frontier.waiting(authority.name), retries.get(authority.name))
                        .ifPresent(
                                wait -> waits.put(wait, wait.time().plus(authority.delay.multipliedBy(wait.urls()))));
            }
            return waits.entrySet().stream()
                    .sorted(Map.Entry.<HostWait, Duration>comparingByValue()
                            .reversed()
                            .thenComparing(wait -> wait.getKey().host()))
                    .limit(most)
                    .map(Map.Entry::getKey)
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    private <R> R ask(String name, Function<Authority, R> question) {
        lock.lock();
        try {
            return question.apply(authority(name));
        } finally {
            lock.unlock();
        }
    }

    /** Sets the rules of an authority; from now on it may use all turns of its host. */
    void allow(String name, RobotsRules rules, Duration valid, Duration pause) {
        lock.lock();
        try {
            Authority authority = authority(name);
            authority.rules = rules;
            authority.rulesUntil = clock.nanoTime() + Clock.nanos(valid);
            authority.delay = pause;
            useAll(authority.host);
        } finally {
            lock.unlock();
        }
        arrived.run();
    }

    /** An authority has answered: its failures are forgotten. */
    void answered(String name) {
        lock.lock();
        try {
            authority(name).failures = 0;
        } finally {
            lock.unlock();
        }
    }

    /**
     * An authority has not answered, or wants fewer requests. It rests, and in the latter case its host.
     *
     * @param reason one line
     * @param asked how long it wants no requests; null if it has not said so
     * @return whether it is given up
     */
    boolean failed(String name, Trouble trouble, String reason, @Nullable Duration asked) {
        lock.lock();
        try {
            Authority authority = authority(name);
            long now = clock.nanoTime();
            Duration pause = asked == null ? backOff.pause(authority.failures + 1) : asked;
            if (authority.failed(trouble, now, pause, maxWait)) {
                authority.givenUp = reason;
                return true;
            }
            resting.add(new Turn(authority.host, authority.notBefore));
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Requests nothing more of an authority. */
    void giveUp(String name, String reason) {
        lock.lock();
        try {
            authority(name).givenUp = reason;
        } finally {
            lock.unlock();
        }
    }

    /** A request has ended: its turn is due again after the pause. */
    void ended(String name) {
        endTurn(name, true);
    }

    /** No request was made after all: the turn is due at once. */
    void unused(String name) {
        endTurn(name, false);
    }

    private void endTurn(String name, boolean wasUsed) {
        lock.lock();
        try {
            Authority authority = authority(name);
            authority.active--;
            // An authority that is given up has no request any more, so there is nothing to wait for.
            Duration pause = wasUsed && authority.givenUp == null ? authority.delay : Duration.ZERO;
            long now = clock.nanoTime();
            authority.activeSince = now;
            authority.host.due = now + Clock.nanos(pause);
            turns.add(new Turn(authority.host, authority.host.due));
            setAlarm(now);
        } finally {
            lock.unlock();
        }
        arrived.run();
    }

    @Override
    public void done(Delivery<CrawlTask> delivery) {}

    @Override
    public long size() {
        lock.lock();
        try {
            return frontier.waiting() - Aside.count(frontier) + later.size();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<Delivery<CrawlTask>> peek() {
        return Optional.empty();
    }

    @Override
    public boolean isDurable() {
        return true;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            isClosed = true;
            isOver.signalAll();
            alarm.cancel();
        } finally {
            lock.unlock();
        }
    }
}
