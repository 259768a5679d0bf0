package dev.thrum.crawl.crawler;

import dev.thrum.crawl.frontier.Fingerprint;
import dev.thrum.crawl.frontier.Frontier;
import dev.thrum.crawl.frontier.KnownUrl;
import dev.thrum.crawl.frontier.NewUrl;
import dev.thrum.crawl.frontier.UrlsByHost;
import dev.thrum.crawl.url.SessionParameters;
import dev.thrum.crawl.url.UrlIdentity;
import dev.thrum.http.client.url.Url;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** What is in the frontier, and is no URL of a host. */
final class Aside {
    private static final char MARK = '?';

    /** Of URLs that are not followed from where they were found, and may be found elsewhere. */
    static final String LATER_FOUND = MARK + "later";

    /** Known when a refresh has found out which pages are gone. No URL has it, but with the probability that two have the same. */
    static final Fingerprint END = new Fingerprint(0x3f84d5b5b5470917L, 0xc0ac29b7c97c50ddL);

    /** Of what was learned about sessions: no URLs, but each a host and the name of a parameter. Nobody takes them for good. */
    private static final String SESSIONS = MARK + "sessions";

    /** Of hosts that belong to the crawl because a seed redirects to them: no URLs, but each a seed and where it leads. */
    private static final String ADOPTED = MARK + "adopted";

    /** Of seeds that could not be fetched: no URLs, but each a seed and why. */
    private static final String FAILED = MARK + "failed";

    private static final String SEPARATOR = " ";

    private static final long SESSION = 0xd1b54a32d192ed03L;
    private static final long ADOPTION = 0x8cb92ba72f3d8dd7L;
    private static final long FAILURE = 0xa0761d6478bd642fL;
    private static final long OTHER = 0x9e3779b97f4a7c15L;

    private Aside() {}

    static boolean isName(String host) {
        return host.charAt(0) == MARK;
    }

    /** The number of entries that are no URLs to be fetched. */
    static long count(UrlsByHost urls) {
        return urls.waiting(LATER_FOUND) + learned(urls);
    }

    /** The number of entries that stay for ever. */
    static long learned(UrlsByHost urls) {
        return urls.waiting(SESSIONS) + urls.waiting(ADOPTED) + urls.waiting(FAILED);
    }

    /** Keeps a parameter for sessions, so that a crawl that is resumed knows it. It is durable with the next commit. */
    static void keep(Frontier frontier, UrlIdentity identity, String host, String parameter) {
        Fingerprint key = identity.key(Url.parse("http://" + host + "/?" + parameter));
        keep(frontier, new Fingerprint(key.high() ^ SESSION, key.low()), SESSIONS, host, parameter);
    }

    /** Keeps that a host belongs to the crawl because this seed redirects to it, as {@link #keep}. */
    static void keepAdopted(Frontier frontier, UrlIdentity identity, Url seed, Url target) {
        Fingerprint key = identity.key(target);
        keep(
                frontier,
                new Fingerprint(key.high() ^ ADOPTION, key.low()),
                ADOPTED,
                seed.withoutFragment().toString(),
                target.withoutFragment().toString());
    }

    /** Keeps that a seed could not be fetched, as {@link #keep}. */
    static void keepFailed(Frontier frontier, KnownUrl seed, String reason) {
        Fingerprint key = seed.fingerprint();
        keep(frontier, new Fingerprint(key.high() ^ FAILURE, key.low()), FAILED, seed.url(), reason);
    }

    private static void keep(Frontier frontier, Fingerprint fingerprint, String name, String first, String second) {
        if (frontier.claim(fingerprint)) {
            frontier.add(new NewUrl(fingerprint, first + SEPARATOR + second, name, 0, 0, "", (byte) 0));
        }
    }

    /** Tells the parameters for sessions that were kept. Called before anything else is taken. */
    static void recall(Frontier frontier, SessionParameters sessions) {
        recall(frontier, SESSIONS, sessions::learn);
    }

    /** Tells the seeds that have led to further hosts, and those. Called before anything else is taken. */
    static void recallAdopted(Frontier frontier, BiConsumer<Url, Url> adoption) {
        recall(frontier, ADOPTED, (seed, target) -> adoption.accept(Url.parse(seed), Url.parse(target)));
    }

    /** The seeds that could not be fetched and were kept, with the reason. Called before anything else is taken. */
    static List<String> recallFailed(Frontier frontier) {
        List<String> failed = new ArrayList<>();
        recall(frontier, FAILED, (seed, reason) -> failed.add(failedSeed(seed, reason)));
        return failed;
    }

    /** A seed that could not be fetched, in words. */
    static String failedSeed(String seed, String reason) {
        return seed + ": " + reason;
    }

    private static void recall(Frontier frontier, String name, BiConsumer<String, String> entries) {
        List<KnownUrl> kept = new ArrayList<>();
        for (Optional<KnownUrl> next = frontier.next(name); next.isPresent(); next = frontier.next(name)) {
            kept.add(next.get());
        }
        for (KnownUrl entry : kept) {
            frontier.putBack(entry);
            int end = entry.url().indexOf(SEPARATOR);
            entries.accept(entry.url().substring(0, end), entry.url().substring(end + SEPARATOR.length()));
        }
    }

    /** The fingerprint under which a URL is set aside, and back. */
    static Fingerprint other(Fingerprint fingerprint) {
        return new Fingerprint(fingerprint.high() ^ OTHER, fingerprint.low());
    }
}
