package dev.thrum.crawl.crawler;

import dev.thrum.crawl.robots.RobotsRules;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an authority, such as {@code https://example.org}: what it allows, and when it may be asked again. All of it is
 * guarded by the lock of its {@link PoliteQueue}.
 */
final class Host {
    final String name;

    /** When each of the requests that it doesn't get now may begin, as times of the clock, one for each that may run at once. */
    final Deque<Long> idle = new ArrayDeque<>();

    /** Requests that run. */
    int active;

    /** No request begins before, as a time of the clock. */
    long notBefore;

    /** What robots.txt allows; null until it is known. */
    @Nullable
    RobotsRules rules;

    /** When robots.txt is to be requested again; as a time of the clock. */
    long rulesUntil;

    /** Since when all attempts have failed, as a time of the clock; meaningless if there is no failure. */
    long failingSince;

    /** Failures since the last response. */
    int failures;

    /** The pause between two requests. */
    Duration delay;

    /** Why nothing more is requested of it; null if it is. */
    @Nullable
    String givenUp;

    Host(String name, int atOnce, Duration delay, long now) {
        this.name = name;
        this.delay = delay;
        this.notBefore = now;
        for (int i = 0; i < atOnce; i++) {
            idle.add(now);
        }
    }
}
