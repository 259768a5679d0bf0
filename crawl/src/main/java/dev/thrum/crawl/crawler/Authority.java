package dev.thrum.crawl.crawler;

import dev.thrum.base.Clock;
import dev.thrum.crawl.crawler.HostWait.Cause;
import dev.thrum.crawl.robots.RobotsRules;
import dev.thrum.crawl.shared.HostFacts;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an authority, such as {@code https://example.org}: what it allows, and when it may be asked again. All of it is
 * guarded by the lock of its {@link PoliteQueue}.
 */
final class Authority {
    final String name;
    final Host host;

    /** Whether it takes turns on its host; not if none of its URLs waits. */
    boolean hasTurns;

    /** Requests that run. */
    int active;

    /** Since when requests run without that one has ended, as a time of the clock; meaningless if none runs. */
    long activeSince;

    /** No request begins before, as a time of the clock. */
    long notBefore;

    /** What robots.txt allows; null until it is known. */
    @Nullable
    RobotsRules rules;

    /** When robots.txt is to be requested again; as a time of the clock. */
    long rulesUntil;

    /** Since when all attempts have failed, as a time of the clock; meaningless if there is no failure. */
    long failingSince;

    /** Why the last request was in vain; meaningless if there is no failure. */
    Trouble trouble = Trouble.NO_ANSWER;

    /** Failures since the last response. */
    int failures;

    /** The pause from the end of a response to the next request of its host. */
    Duration delay;

    /** Why nothing more is requested of it; null if it is. */
    @Nullable
    String givenUp;

    Authority(String name, Host host, Duration delay, long now) {
        this.name = name;
        this.host = host;
        this.delay = delay;
        this.notBefore = now;
    }

    /** Why a request was in vain. */
    enum Trouble {
        /** There is no answer, or none that is whole. */
        NO_ANSWER(0),
        /** There is none to the request of robots.txt, so nothing else may be requested. */
        NO_ROBOTS(1),
        /** The server wants fewer requests. */
        THROTTLED(2);

        /** As it is written for other processes. */
        private final int code;

        Trouble(int code) {
            this.code = code;
        }

        static Trouble of(int code) {
            for (Trouble trouble : values()) {
                if (trouble.code == code) {
                    return trouble;
                }
            }
            throw new IllegalArgumentException("expected the code of a trouble from 0 to 2 but was " + code);
        }
    }

    /**
     * URLs that are to be tried again.
     *
     * @param due when the first one is, as a time of the clock
     */
    record Retries(long due, int count) {
        Retries and(Retries other) {
            return new Retries(Math.min(due, other.due), count + other.count);
        }
    }

    /** Lets it rest for a pause, and its host if it wants fewer requests. Returns whether it has to be given up instead. */
    boolean failed(Trouble why, long now, Duration pause, Duration maxWait) {
        if (failures++ == 0) {
            failingSince = now;
        }
        trouble = why;
        if (pause.compareTo(maxWait) > 0 || now - failingSince > Clock.nanos(maxWait)) {
            return true;
        }
        long end = now + Clock.nanos(pause);
        notBefore = Math.max(notBefore, end);
        if (why == Trouble.THROTTLED) {
            host.notBefore = Math.max(host.notBefore, end);
        }
        return false;
    }

    /**
     * What it waits for; empty if it doesn't.
     *
     * @param waiting URLs of it that wait
     * @param retries those that are to be tried again and don't wait yet; null if there are none
     */
    Optional<HostWait> wait(long now, long waiting, @Nullable Retries retries) {
        long urls = waiting + (retries == null ? 0 : retries.count);
        if (active > 0) {
            return Optional.of(wait(Cause.RESPONSE, now - activeSince, urls));
        }
        if (givenUp != null || urls == 0) {
            return Optional.empty();
        }
        if (waiting == 0 && retries != null) {
            return Optional.of(wait(Cause.BACK_OFF, Math.max(0, retries.due - now), urls));
        }
        if (notBefore - now > 0 && notBefore - host.notBefore >= 0) {
            return Optional.of(wait(cause(), notBefore - now, urls));
        }
        if (host.notBefore - now > 0) {
            return Optional.of(wait(Cause.THROTTLED, host.notBefore - now, urls));
        }
        return host.due - now > 0 ? Optional.of(wait(Cause.DELAY, host.due - now, urls)) : Optional.empty();
    }

    private HostWait wait(Cause cause, long nanos, long urls) {
        return new HostWait(name, cause, Duration.ofNanos(nanos), urls);
    }

    private Cause cause() {
        return switch (trouble) {
            case THROTTLED -> Cause.THROTTLED;
            case NO_ROBOTS -> Cause.ROBOTS;
            case NO_ANSWER -> Cause.BACK_OFF;
        };
    }

    /** Sets its rules until a time of the clock; returns whether its delay is another one now. */
    boolean allow(RobotsRules allowed, long until, Duration pause) {
        boolean isNews = !delay.equals(pause);
        rules = allowed;
        rulesUntil = until;
        delay = pause;
        return isNews;
    }

    /** It has answered: its failures are forgotten. Returns whether there were some. */
    boolean answered() {
        boolean isNews = failures > 0;
        failures = 0;
        return isNews;
    }

    /** Takes over what another process has known of it. */
    void recall(HostFacts facts, long now) {
        host.rest(now + Clock.nanos(facts.hostRest()));
        notBefore = Math.max(notBefore, now + Clock.nanos(facts.rest()));
        delay = facts.delay().compareTo(delay) > 0 ? facts.delay() : delay;
        failures = facts.failures();
        failingSince = now - Clock.nanos(facts.failingFor());
        trouble = Trouble.of(facts.trouble());
        givenUp = facts.givenUp();
    }

    /** What the process must know that asks it next. */
    HostFacts facts(long now) {
        long hostRest = Math.max(host.notBefore, host.due) - now;
        return new HostFacts(
                Duration.ofNanos(Math.max(0, hostRest)),
                Duration.ofNanos(Math.max(0, notBefore - now)),
                delay,
                failures,
                failures == 0 ? Duration.ZERO : Duration.ofNanos(now - failingSince),
                trouble.code,
                givenUp);
    }

    boolean hasRules(long now) {
        return rules != null && rulesUntil - now > 0;
    }

    /** Whether a URL may be taken: one at a time until the rules are known, and any if it is left out anyway. */
    boolean mayTake(long now) {
        return givenUp != null || (notBefore - now <= 0 && (active == 0 || hasRules(now)));
    }
}
