package dev.thrum.crawl.url;

import dev.thrum.http.client.url.Url;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What keeps a crawl out of sites without end: calendars, links that grow with each page, pages that are all the same.
 * Thread-safe.
 *
 * <p>A URL by itself is judged by its length, its depth and its repetitions, of segments and of parameters with their values ({@link #check(Url)}). What a site has had
 * is judged by host and by {@linkplain UrlShape shape} ({@link #check(String, UrlShape)}): a host and each of its
 * shapes have a budget, and a shape whose first {@value ShapeBudget#ONE_CONTENT} pages have one content is not followed
 * until a page with another content comes of it. Since that becomes known while URLs wait, a URL is judged when it is
 * found and again before it is fetched.
 *
 * <p>The memory is about 1.3 MB, whatever sites do: of a host with a million shapes, the counts of those with a page or
 * two are forgotten. Nothing is written: who resumes a crawl calls {@link #pageDone} again for its pages, in any order.
 */
public final class Traps {
    /** The greatest length of a URL without its fragment, in characters. */
    public static final int MAX_LENGTH = 2_048;

    /** The greatest number of segments in a path. */
    public static final int MAX_DEPTH = 32;

    /** How often the same segments may come in a row before it is a trap, with the last one. */
    public static final int REPETITIONS = 3;

    /** How many pages of one shape are fetched from a host. */
    public static final int PAGES_OF_SHAPE = 10_000;

    private final ShapeBudget budget;

    /**
     * Traps of one crawl.
     *
     * @param pagesOfHost how many pages are fetched from a host; at least 1
     * @param seed a random number: sites that know it could make the crawl forget how many pages of them it has had
     */
    public Traps(int pagesOfHost, long seed) {
        if (pagesOfHost < 1) {
            throw new IllegalArgumentException(
                    "expected a number of pages from a host of at least 1 but was " + pagesOfHost);
        }
        this.budget = new ShapeBudget(pagesOfHost, PAGES_OF_SHAPE, seed);
    }

    /** Why a URL is a trap by itself; empty if it is none. */
    public Optional<Skip> check(Url url) {
        int length = url.href().length();
        if (length > MAX_LENGTH) {
            length = url.withoutFragment().href().length();
        }
        if (length > MAX_LENGTH) {
            return trap(length + " characters, at most " + MAX_LENGTH);
        }
        PathSegments segments = PathSegments.of(url.path());
        if (segments.count() > MAX_DEPTH) {
            return trap(segments.count() + " segments, at most " + MAX_DEPTH);
        }
        return segments.count() < REPETITIONS
                ? repeatedParameter(url)
                : segments.repeated(REPETITIONS)
                        .flatMap(repeated -> trap('"' + repeated + "\" " + REPETITIONS + " times in a row"))
                        .or(() -> repeatedParameter(url));
    }

    /** Lists that add an order or a filter to those that they have already come to that; nothing new is behind it. */
    private static Optional<Skip> repeatedParameter(Url url) {
        String query = url.query().orElse("");
        if (query.indexOf('&') < 0) {
            return Optional.empty();
        }
        Set<String> seen = new HashSet<>();
        for (String parameter : PercentEscapes.normalized(query).split("&", -1)) {
            if (!parameter.isEmpty() && !seen.add(parameter)) {
                return trap('"' + parameter + "\" twice in the query");
            }
        }
        return Optional.empty();
    }

    /**
     * Why no more pages of a shape are fetched from a host; empty if they are.
     *
     * @param host with its port unless that is the scheme's own
     */
    public Optional<Skip> check(String host, UrlShape shape) {
        return budget.check(host, shape);
    }

    /**
     * A page has been fetched.
     *
     * @param host as it was checked
     * @param shape the hash of its URL's shape
     * @param content a part of the digest of its body
     */
    public void pageDone(String host, long shape, long content) {
        budget.pageDone(host, shape, content);
    }

    private static Optional<Skip> trap(String detail) {
        return Optional.of(new Skip(Skip.Reason.TRAP, detail));
    }
}
