package dev.thrum.crawl.crawler;

import dev.thrum.crawl.frontier.KnownUrl;
import dev.thrum.crawl.frontier.UrlsByHost;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * A host by its name, whatever the schemes and ports of its URLs are: most sites have one server for all of them. All of it is guarded by the
 * lock of its {@link PoliteQueue}.
 */
final class Host {
    /** When each of the requests that it doesn't get now may begin, as times of the clock, one for each that may run at once. */
    final Deque<Long> idle = new ArrayDeque<>();

    /** No request begins before, as a time of the clock. */
    long notBefore;

    /** When the turn is due that was used last, as a time of the clock. */
    long due;

    /** Its authorities with URLs that wait, in the order of their turns. */
    private final Deque<Authority> authorities = new ArrayDeque<>();

    Host(int atOnce, long now) {
        this.notBefore = now;
        this.due = now;
        for (int i = 0; i < atOnce; i++) {
            idle.add(now);
        }
    }

    /** Lets it rest until a time of the clock. */
    void rest(long until) {
        notBefore = Math.max(notBefore, until);
    }

    /** An authority has a URL that waits. */
    void waits(Authority authority) {
        if (!authority.hasTurns) {
            authority.hasTurns = true;
            authorities.add(authority);
        }
    }

    /** Takes a URL of the next authority that may be asked, which then has one more request; empty if there is none. */
    Optional<KnownUrl> take(UrlsByHost urls, long now) {
        for (int left = authorities.size(); left > 0; left--) {
            Authority authority = authorities.remove();
            boolean mayTake = authority.mayTake(now);
            Optional<KnownUrl> url = mayTake ? urls.next(authority.name) : Optional.empty();
            if (mayTake && url.isEmpty()) {
                authority.hasTurns = false;
                continue;
            }
            authorities.add(authority);
            if (url.isPresent()) {
                if (authority.active++ == 0) {
                    authority.activeSince = now;
                }
                return url;
            }
        }
        return Optional.empty();
    }
}
