package dev.thrum.crawl.crawler;

import dev.thrum.base.DurationText;
import dev.thrum.base.Printable;
import dev.thrum.crawl.archive.OutputOptions;
import dev.thrum.http.client.url.Url;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is crawled, and how.
 *
 * @param seeds where it begins; at least one
 * @param reach which URLs belong to it
 * @param limits when it ends, and how large a page may be
 * @param pace how fast it is
 * @param manners what it obeys, and how it introduces itself
 * @param sortQuery whether URLs that differ only in the order of their parameters are the same
 * @param outputs how it is written
 * @param isIndexed whether pages are indexed for the search
 * @param types which bodies are pages
 */
public record CrawlOptions(
        List<Url> seeds,
        Reach reach,
        Limits limits,
        Pace pace,
        Manners manners,
        boolean sortQuery,
        OutputOptions outputs,
        boolean isIndexed,
        PageTypes types) {
    public CrawlOptions {
        seeds = List.copyOf(seeds);
        require(!seeds.isEmpty(), "at least one seed", "none");
    }

    /** These options for other seeds. */
    public static CrawlOptions of(List<Url> seeds, OutputOptions outputs) {
        return new CrawlOptions(
                seeds,
                Reach.ofSeeds(),
                Limits.defaults(),
                Pace.defaults(),
                Manners.defaults(),
                false,
                outputs,
                true,
                PageTypes.HTML);
    }

    public CrawlOptions withReach(Reach value) {
        return new CrawlOptions(seeds, value, limits, pace, manners, sortQuery, outputs, isIndexed, types);
    }

    public CrawlOptions withLimits(Limits value) {
        return new CrawlOptions(seeds, reach, value, pace, manners, sortQuery, outputs, isIndexed, types);
    }

    public CrawlOptions withPace(Pace value) {
        return new CrawlOptions(seeds, reach, limits, value, manners, sortQuery, outputs, isIndexed, types);
    }

    public CrawlOptions withManners(Manners value) {
        return new CrawlOptions(seeds, reach, limits, pace, value, sortQuery, outputs, isIndexed, types);
    }

    public CrawlOptions withSortQuery(boolean value) {
        return new CrawlOptions(seeds, reach, limits, pace, manners, value, outputs, isIndexed, types);
    }

    public CrawlOptions withIndex(boolean value) {
        return new CrawlOptions(seeds, reach, limits, pace, manners, sortQuery, outputs, value, types);
    }

    public CrawlOptions withTypes(PageTypes value) {
        return new CrawlOptions(seeds, reach, limits, pace, manners, sortQuery, outputs, isIndexed, value);
    }

    /**
     * Which URLs belong to a crawl; see {@link dev.thrum.crawl.url.Scope}.
     *
     * @param hosts patterns of hosts; none for those of the seeds
     * @param includes regular expressions; none for all URLs
     * @param excludes regular expressions
     * @param depth links from a seed, at most
     */
    public record Reach(List<String> hosts, List<String> includes, List<String> excludes, int depth) {
        public Reach {
            hosts = List.copyOf(hosts);
            includes = List.copyOf(includes);
            excludes = List.copyOf(excludes);
        }

        /** All of the seeds' own hosts. */
        public static Reach ofSeeds() {
            return new Reach(List.of(), List.of(), List.of(), Integer.MAX_VALUE);
        }
    }

    /**
     * Limits.
     *
     * @param pages after which the crawl ends
     * @param pagesOfHost at most from one host
     * @param size of a page, decoded, in bytes
     */
    public record Limits(long pages, int pagesOfHost, int size) {
        public Limits {
            require(pages >= 1, "a number of pages of at least 1", pages);
            require(pagesOfHost >= 1, "a number of pages of a host of at least 1", pagesOfHost);
            require(size >= 1, "a size of at least 1 byte", size);
        }

        /** Any number of pages, 100,000 of a host, 8 MiB each. */
        public static Limits defaults() {
            return new Limits(Long.MAX_VALUE, 100_000, 8 << 20);
        }
    }

    /**
     * How fast a crawl is.
     *
     * @param delay from the end of a response to the next request of its host
     * @param perHost requests of a host at once
     * @param parallel requests at once
     * @param timeout how long a server may be silent
     * @param maxWait how long is waited for a host that doesn't answer, or wants no requests
     */
    public record Pace(Duration delay, int perHost, int parallel, Duration timeout, Duration maxWait) {
        public Pace {
            require(!delay.isNegative(), "a delay of at least zero", DurationText.of(delay));
            require(perHost >= 1, "at least 1 request of a host at once", perHost);
            require(parallel >= 1, "at least 1 request at once", parallel);
            require(timeout.isPositive(), "a timeout above zero", DurationText.of(timeout));
            require(!maxWait.isNegative(), "a wait of at least zero", DurationText.of(maxWait));
        }

        /** A second between two requests of a host, 1 of a host and 256 in all at once, 30 s, 2 minutes. */
        public static Pace defaults() {
            return new Pace(Duration.ofSeconds(1), 1, 256, Duration.ofSeconds(30), Duration.ofMinutes(2));
        }

        public Pace withDelay(Duration value) {
            return new Pace(value, perHost, parallel, timeout, maxWait);
        }

        public Pace withAtOnce(int ofHost, int inAll) {
            return new Pace(delay, ofHost, inAll, timeout, maxWait);
        }

        public Pace withWaits(Duration ofServer, Duration ofHost) {
            return new Pace(delay, perHost, parallel, ofServer, ofHost);
        }
    }

    /**
     * What a crawl obeys, and how it introduces itself.
     *
     * @param agent the value of {@code User-Agent} (RFC 9110, 10.1.5), in printable ASCII. A comment after the name may tell servers where to read about
     *     the crawler, as in {@code Thrum/0.1 (+https://example.org/crawler)}
     * @param from the value of {@code From} (RFC 9110, 10.1.2), a mail address; null for none
     * @param robots whether robots.txt is obeyed
     * @param nofollow whether marks on links and pages are obeyed
     * @param sitemaps whether sitemaps are read
     */
    public record Manners(String agent, @Nullable String from, boolean robots, boolean nofollow, boolean sitemaps) {
        private static final Pattern AGENT = Pattern.compile("[!-~]([ -~]*[!-~])?");
        private static final Pattern ADDRESS = Pattern.compile("[!-~&&[^@<>(),;:\"\\\\]]+@[A-Za-z0-9.:\\[\\]-]+");

        public Manners {
            require(AGENT.matcher(agent).matches(), "an agent in printable ASCII", '"' + Printable.of(agent) + '"');
            require(
                    from == null || ADDRESS.matcher(from).matches(),
                    "a mail address such as crawler@example.org",
                    '"' + Printable.of(String.valueOf(from)) + '"');
        }

        /** Obeys everything, and reads sitemaps. */
        public static Manners defaults() {
            return new Manners("Thrum/0.1", null, true, true, true);
        }
    }

    private static void require(boolean holds, String expected, Object actual) {
        if (!holds) {
            throw new IllegalArgumentException("expected " + expected + " but was " + actual);
        }
    }
}
