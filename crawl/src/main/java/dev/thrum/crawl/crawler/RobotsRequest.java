package dev.thrum.crawl.crawler;

import dev.thrum.base.Clock;
import dev.thrum.crawl.archive.Exchange;
import dev.thrum.crawl.crawler.Visit.Answered;
import dev.thrum.crawl.robots.RobotsAnswer;
import dev.thrum.crawl.robots.RobotsRules;
import dev.thrum.crawl.shared.RequestPermits;
import dev.thrum.http.Headers;
import dev.thrum.http.client.Redirects;
import dev.thrum.http.client.url.Url;
import dev.thrum.http.client.url.UrlException;
import java.util.Optional;
import java.util.function.Consumer;

/** Asks hosts for their robots.txt (RFC 9309). Safe for concurrent use. */
final class RobotsRequest {
    private static final int MOST_REDIRECTS = 5;

    private final CrawlNetwork network;
    private final RequestPermits permits;
    private final Clock clock;
    private final String agent;

    RobotsRequest(CrawlNetwork network, RequestPermits permits, Clock clock, String agent) {
        this.network = network;
        this.permits = permits;
        this.clock = clock;
        this.agent = agent;
    }

    /** Where a response redirects to; empty if it doesn't, or nowhere. */
    static Optional<Url> target(Answered answered, Url url) {
        Optional<String> location =
                Redirects.location(answered.status(), answered.headers()).filter(text -> !text.isEmpty());
        try {
            return location.map(text -> Redirects.resolve(url, text));
        } catch (UrlException e) {
            return Optional.empty();
        }
    }

    /**
     * What the authority of this URL answers, over at most five redirects.
     *
     * @param authority of which a permit is needed for each request
     * @param exchanges receives each response
     * @return empty if the authority must not be asked any more
     */
    Optional<RobotsAnswer> of(String authority, Url url, Consumer<Exchange> exchanges) throws InterruptedException {
        Url current = url.resolve("/robots.txt");
        for (int hops = 0; ; hops++) {
            Url asked = current;
            Optional<Visit> visit = permits.request(
                    authority, () -> network.get(asked, Headers.none(), RobotsRules.MOST_BYTES, _ -> true));
            if (visit.isEmpty()) {
                return Optional.empty();
            }
            switch (visit.get()) {
                case Visit.Failed failed -> {
                    return Optional.of(RobotsAnswer.ofFailure(failed.failure().reason()));
                }
                case Visit.Refused refused -> {
                    return Optional.of(RobotsAnswer.ofFailure(refused.reason()));
                }
                case Answered answered -> {
                    exchanges.accept(answered.exchange());
                    Optional<Url> target = target(answered, current);
                    if (target.isEmpty() || hops == MOST_REDIRECTS) {
                        return Optional.of(answer(answered));
                    }
                    current = target.get();
                }
            }
        }
    }

    private RobotsAnswer answer(Answered answered) {
        boolean isCut = answered.truncated() != null && answered.body().length < RobotsRules.MOST_BYTES;
        return isCut && answered.status() < 300
                ? RobotsAnswer.ofFailure("expected all of robots.txt but it ended early")
                : RobotsAnswer.of(answered.status(), answered.headers(), answered.body(), agent, clock.instant());
    }
}
