package dev.thrum.crawl.crawler;

import dev.thrum.crawl.crawler.Authority.Retries;
import dev.thrum.crawl.crawler.CrawlTask.Again;
import dev.thrum.crawl.frontier.KnownUrl;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Predicate;

/** URLs that wait for another attempt. Guarded by the lock of their {@link PoliteQueue}. */
final class LaterUrls {
    private final PriorityQueue<Again> urls = new PriorityQueue<>(Comparator.comparingLong(Again::due));

    void add(Again again) {
        urls.add(again);
    }

    /** Takes a URL whose pause is over; empty if there is none. */
    Optional<KnownUrl> take(long now) {
        return nanosLeft(now) == 0 ? Optional.of(urls.remove().url()) : Optional.empty();
    }

    /** The time until the first pause is over, in nanoseconds; {@link Long#MAX_VALUE} if there is none. */
    long nanosLeft(long now) {
        Again first = urls.peek();
        return first == null ? Long.MAX_VALUE : Math.max(0, first.due() - now);
    }

    /** Takes all URLs of authorities. */
    List<KnownUrl> takeAll(Predicate<String> authorities) {
        List<KnownUrl> taken = new ArrayList<>();
        urls.removeIf(again -> authorities.test(again.url().host()) && taken.add(again.url()));
        return taken;
    }

    /** When the first URL of each authority is due, and how many there are. */
    Map<String, Retries> retries() {
        Map<String, Retries> retries = new HashMap<>();
        urls.forEach(again -> retries.merge(again.url().host(), new Retries(again.due(), 1), Retries::and));
        return retries;
    }

    int size() {
        return urls.size();
    }
}
