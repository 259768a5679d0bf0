package dev.thrum.crawl.crawler;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.base.Clock;
import dev.thrum.base.Deadline;
import dev.thrum.crawl.crawler.Authority.Trouble;
import dev.thrum.crawl.crawler.CrawlTask.Again;
import dev.thrum.crawl.crawler.CrawlTask.Found;
import dev.thrum.crawl.frontier.KnownUrl;
import dev.thrum.crawl.frontier.UrlsByHost;
import dev.thrum.crawl.robots.RobotsRules;
import dev.thrum.crawl.shared.HostFacts;
import dev.thrum.crawl.shared.HostMemory;
import dev.thrum.pipeline.Item;
import dev.thrum.pipeline.PipelineQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
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
    /** More than a process takes: with URLs of others, the pipeline can't count what is left. */
    private static final long ANY_NUMBER = Long.MAX_VALUE / 2;

    private final UrlsByHost urls;
    private final Clock clock;
    private final BackOff backOff;
    private final int atOnce;
    private final Duration maxWait;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Authorities authorities;

    /** The turns that may take a URL, the one that is due first being the first. */
    @GuardedBy("lock")
    private final PriorityQueue<Turn> turns = new PriorityQueue<>(Comparator.comparingLong(Turn::due));

    /** Hosts with an authority that rests, and until when. */
    @GuardedBy("lock")
    private final PriorityQueue<Turn> resting = new PriorityQueue<>(Comparator.comparingLong(Turn::due));

    @GuardedBy("lock")
    private final LaterUrls later = new LaterUrls();

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
    private record Delivered(Item<CrawlTask> item, long since) implements Delivery<CrawlTask> {
        static Delivered of(KnownUrl url, long now) {
            return new Delivered(Item.of(url.url(), url.host(), new Again(url, now)), now);
        }
    }

    /**
     * A queue over URLs that wait.
     *
     * @param memory what other processes have kept of hosts, if there are some
     */
    PoliteQueue(UrlsByHost urls, HostMemory memory, Clock clock, BackOff backOff, CrawlOptions.Pace pace) {
        this.urls = urls;
        this.clock = clock;
        this.backOff = backOff;
        this.atOnce = pace.perHost();
        this.maxWait = pace.maxWait();
        this.authorities = new Authorities(clock, memory, pace);
        this.alarm = new Alarm(clock, this::ring);
        lock.lock();
        try {
            urls.hosts().forEach((name, waiting) -> {
                if (!Aside.isName(name)) {
                    use(authorities.meet(name), waiting);
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
                    urls.add(found.url());
                    use(authorities.meet(found.url().host()));
                }
                case Again again -> {
                    if (authority(again.url().host()) == null) {
                        urls.putBack(again.url());
                    } else {
                        later.add(again);
                    }
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
            for (Optional<KnownUrl> due = later.take(now); due.isPresent(); due = later.take(now)) {
                urls.putBack(due.get());
                use(authorities.meet(due.get().host()));
            }
            while (!resting.isEmpty() && resting.peek().due() - now <= 0) {
                useAll(resting.remove().host());
            }
            while (delivered.size() < most && !turns.isEmpty() && turns.peek().due() - now <= 0) {
                take(turns.remove(), now).ifPresent(url -> delivered.add(Delivered.of(url, now)));
            }
            setAlarm(now);
        } finally {
            lock.unlock();
        }
        delivered.forEach(to);
        return delivered.size();
    }

    /** The URL for a turn that is due; empty if there is none, or it may not be taken now. */
    @GuardedBy("lock")
    private Optional<KnownUrl> take(Turn turn, long now) {
        Host host = turn.host();
        if (host.notBefore - now > 0) {
            turns.add(new Turn(host, host.notBefore));
            return Optional.empty();
        }
        Optional<KnownUrl> url = host.take(urls, now);
        if (url.isEmpty()) {
            host.idle.add(turn.due());
        } else {
            inHand.add();
        }
        return url;
    }

    /** Lets as many turns take URLs of an authority as wait, as far as turns are idle. */
    @GuardedBy("lock")
    private void use(Authority authority, long waiting) {
        for (long i = Math.min(waiting, atOnce); i > 0; i--) {
            use(authority);
        }
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

    /** Sets the alarm to the next time at which something is due; what is due already is polled without it. */
    @GuardedBy("lock")
    private void setAlarm(long now) {
        long next = Math.min(nanosLeft(turns.peek(), now), nanosLeft(resting.peek(), now));
        next = Math.min(next, later.nanosLeft(now));
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
    void endDelivery() {
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
        return ask(name, authority -> authority.hasRules(clock.nanoTime()) ? authority.rules : null);
    }

    /** Why nothing more is requested of an authority; empty if it is. */
    Optional<String> givenUp(String name) {
        return ask(name, authority -> authority.givenUp);
    }

    /** The authorities that will take longest as far as that is known now, the slowest first, and what they wait for. */
    List<HostWait> slowest(int most) {
        lock.lock();
        try {
            return authorities.slowest(urls, later.retries(), most);
        } finally {
            lock.unlock();
        }
    }

    /** An authority; null if it is another process's now. */
    @GuardedBy("lock")
    private @Nullable Authority authority(String name) {
        return urls.isShared() ? authorities.find(name) : authorities.meet(name);
    }

    private <R> Optional<R> ask(String name, Function<Authority, @Nullable R> question) {
        lock.lock();
        try {
            Authority authority = authority(name);
            return authority == null ? Optional.empty() : Optional.ofNullable(question.apply(authority));
        } finally {
            lock.unlock();
        }
    }

    /** Changes what is known of an authority, unless it is another process's; the change returns whether others must know. */
    private void change(String name, Predicate<Authority> change) {
        lock.lock();
        try {
            Authority authority = authority(name);
            if (authority != null && change.test(authority)) {
                authorities.keep(authority);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Sets the rules of an authority; from now on it may use all turns of its host. */
    void allow(String name, RobotsRules rules, Duration valid, Duration pause) {
        lock.lock();
        try {
            Authority authority = authority(name);
            if (authority != null) {
                if (authority.allow(rules, clock.nanoTime() + Clock.nanos(valid), pause)) {
                    authorities.keep(authority);
                }
                useAll(authority.host);
            }
        } finally {
            lock.unlock();
        }
        arrived.run();
    }

    /** An authority has answered: its failures are forgotten. */
    void answered(String name) {
        change(name, Authority::answered);
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
            if (authority == null) {
                return false;
            }
            Duration pause = asked == null ? backOff.pause(authority.failures + 1) : asked;
            if (authority.failed(trouble, clock.nanoTime(), pause, maxWait)) {
                authority.givenUp = reason;
            } else {
                resting.add(new Turn(authority.host, authority.notBefore));
            }
            authorities.keep(authority);
            return authority.givenUp != null;
        } finally {
            lock.unlock();
        }
    }

    /** Requests nothing more of an authority. */
    void giveUp(String name, String reason) {
        change(name, authority -> {
            authority.givenUp = reason;
            return true;
        });
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
            if (authority == null) {
                return;
            }
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
        return urls.isShared() ? ANY_NUMBER : waiting();
    }

    /** The number of URLs that wait here. */
    long waiting() {
        lock.lock();
        try {
            return urls.waiting() - Aside.count(urls) + later.size();
        } finally {
            lock.unlock();
        }
    }

    /** Another process has found a URL of an authority, or left it to this one. */
    void waits(String name) {
        lock.lock();
        try {
            use(authorities.meet(name), Math.max(1, urls.waiting(name)));
        } finally {
            lock.unlock();
        }
        arrived.run();
    }

    /** A URL that was delivered is not fetched after all, since its host is another process's now. */
    void abandon(KnownUrl url) {
        unused(url.host());
        urls.putBack(url);
        inHand.settled();
    }

    /** What the next owner of authorities must know. */
    Map<String, HostFacts> facts(Predicate<String> names) {
        lock.lock();
        try {
            return authorities.facts(names);
        } finally {
            lock.unlock();
        }
    }

    /** Returns URLs to the frontier that wait for another attempt. */
    void putBackNow(Predicate<String> names) {
        lock.lock();
        try {
            later.takeAll(names).forEach(urls::putBack);
        } finally {
            lock.unlock();
        }
    }

    /** Authorities are another process's now. */
    void drop(Predicate<String> names) {
        putBackNow(names);
        lock.lock();
        try {
            Set<Host> dropped = authorities.forget(names);
            turns.removeIf(turn -> dropped.contains(turn.host()));
            resting.removeIf(turn -> dropped.contains(turn.host()));
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
