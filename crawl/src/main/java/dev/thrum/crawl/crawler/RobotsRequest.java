package dev.thrum.crawl.crawler;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.base.Clock;
import dev.thrum.crawl.crawler.Visit.Answered;
import dev.thrum.crawl.robots.RobotsAnswer;
import dev.thrum.crawl.robots.RobotsRules;
import dev.thrum.http.Headers;
import dev.thrum.http.client.url.Url;
import dev.thrum.http.client.url.UrlException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/** Asks hosts for their robots.txt (RFC 9309). Safe for concurrent use. */
final class RobotsRequest {
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private static final int MOST_REDIRECTS = 5;

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private final CrawlNetwork network;
    private final Clock clock;
    private final String agent;

    RobotsRequest(CrawlNetwork network, Clock clock, String agent) {
        this.network = network;
        this.clock = clock;
        this.agent = agent;
    }

    /** Where a response redirects to; empty if it doesn't, or nowhere. */
    static Optional<Url> target(Answered answered, Url url) {
        String location = answered.field("Location");
        if (!REDIRECTS.contains(answered.status()) || location.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(url.resolve(decoded(location)));
        } catch (UrlException e) {
            return Optional.empty();
        }
    }

    /** Bytes outside of ASCII are UTF-8, as browsers take them; if they are not, each is percent-encoded. */
    private static String decoded(String location) {
        byte[] bytes = location.getBytes(ISO_8859_1);
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            StringBuilder encoded = new StringBuilder();
            for (byte b : bytes) {
                encoded.append(b < 0 ? "%" + HEX.toHexDigits(b) : Character.toString(b));
            }
            return encoded.toString();
        }
    }

    /** What the authority of this URL answers, over at most five redirects. */
    RobotsAnswer of(Url url) throws InterruptedException {
        Url current = url.resolve("/robots.txt");
        for (int hops = 0; ; hops++) {
            switch (network.get(current, Headers.none(), RobotsRules.MOST_BYTES, _ -> true)) {
                case Visit.Failed failed -> {
                    return RobotsAnswer.ofFailure(failed.failure().reason());
                }
                case Visit.Refused refused -> {
                    return RobotsAnswer.ofFailure(refused.reason());
                }
                case Answered answered -> {
                    Optional<Url> target = target(answered, current);
                    if (target.isEmpty() || hops == MOST_REDIRECTS) {
                        return answer(answered);
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
