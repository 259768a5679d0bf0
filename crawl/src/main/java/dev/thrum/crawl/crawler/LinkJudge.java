package dev.thrum.crawl.crawler;

import dev.thrum.crawl.crawler.Candidate.SkipReason;
import dev.thrum.crawl.frontier.Fingerprint;
import dev.thrum.crawl.frontier.NewUrl;
import dev.thrum.crawl.url.Scope;
import dev.thrum.crawl.url.SessionParameters;
import dev.thrum.crawl.url.Skip;
import dev.thrum.crawl.url.Traps;
import dev.thrum.crawl.url.UrlIdentity;
import dev.thrum.crawl.url.UrlShape;
import dev.thrum.http.client.url.Url;
import java.util.Optional;
import java.util.function.Predicate;

/** Decides which URLs are fetched, as far as that depends on what they are. Safe for concurrent use. */
final class LinkJudge {
    private final Scope scope;
    private final Traps traps;
    private final UrlIdentity identity;
    private final SessionParameters sessions;
    private final Predicate<Fingerprint> known;

    /** @param known which URLs are known */
    LinkJudge(
            Scope scope, Traps traps, UrlIdentity identity, SessionParameters sessions, Predicate<Fingerprint> known) {
        this.scope = scope;
        this.traps = traps;
        this.identity = identity;
        this.sessions = sessions;
        this.known = known;
    }

    /** The name of a URL's host in the frontier. */
    static String host(Url url) {
        return url.origin();
    }

    private static String hostOfTraps(Url url) {
        return Note.hostName(Note.hashOf(host(url)));
    }

    /**
     * Judges a URL that was found.
     *
     * @param depth links from a seed
     * @param from the page that it was found on; empty for a seed
     */
    Candidate candidate(Url found, int depth, String from, Kind kind) {
        Url url = found.withoutFragment().withoutUserInfo();
        UrlShape shape = UrlShape.of(url);
        NewUrl added = new NewUrl(identity.key(url), url.href(), host(url), shape.hash(), depth, from, kind.code());
        Optional<Skip> skip = kind.isSitemap() ? Optional.empty() : scope.check(url, kind.isSeed() ? 0 : depth);
        if (skip.isEmpty()) {
            skip = traps.check(url)
                    .or(() -> traps.check(hostOfTraps(url), shape))
                    .or(() -> session(url));
        }
        boolean mayComeAgain = skip.isPresent() && skip.get().reason() == Skip.Reason.DEPTH;
        return new Candidate(added, skip.map(SkipReason::of).orElse(null), mayComeAgain);
    }

    /** The same candidate if a mark says that it is not to be followed. */
    static Candidate notFollowed(Candidate candidate, String detail) {
        return candidate.skip() != null
                ? candidate
                : new Candidate(candidate.url(), new SkipReason(SkipReason.NOFOLLOW, detail), true);
    }

    /** Why a URL is known but for its parameter for sessions; empty if it isn't. */
    private Optional<Skip> session(Url url) {
        return withoutSession(url)
                .filter(known)
                .map(_ -> new Skip(Skip.Reason.SESSION, "known without its parameter for sessions"));
    }

    /** The fingerprint of a URL without its parameters for sessions; empty if it has none. */
    Optional<Fingerprint> withoutSession(Url url) {
        return sessions.withoutSession(url).map(identity::key);
    }

    /** Judges a URL again before it is fetched: what was seen since it was found counts, too. */
    Optional<SkipReason> again(Url url, Kind kind) {
        return kind.isSitemap() || kind.isSeed()
                ? Optional.empty()
                : traps.check(hostOfTraps(url), UrlShape.of(url))
                        .or(() -> session(url))
                        .map(SkipReason::of);
    }

    /** Whether a link that is no URL for http names another scheme, such as {@code mailto:}, and so is none of a crawl. */
    static boolean isOtherScheme(String href) {
        int colon = href.indexOf(':');
        if (colon <= 0 || !Character.isLetter(href.charAt(0))) {
            return false;
        }
        String scheme = href.substring(0, colon);
        return scheme.chars().allMatch(c -> c < 0x7f && (Character.isLetterOrDigit(c) || "+-.".indexOf(c) >= 0))
                && !scheme.equalsIgnoreCase("http")
                && !scheme.equalsIgnoreCase("https");
    }
}
