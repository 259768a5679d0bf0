package dev.thrum.app.crawl;

import dev.thrum.app.cli.ByteSize;
import dev.thrum.app.cli.Flag;
import dev.thrum.app.cli.Flags;
import dev.thrum.app.cli.TimeSpan;
import dev.thrum.base.Clock;
import dev.thrum.crawl.archive.OutputOptions;
import dev.thrum.crawl.crawler.CrawlOptions;
import dev.thrum.crawl.crawler.PageTypes;
import dev.thrum.engine.AddressRule;
import dev.thrum.http.client.address.Cidr;
import dev.thrum.http.client.address.PublicAddresses;
import dev.thrum.http.client.url.Url;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The flags of {@code thrum crawl} that say what is crawled, and how. */
final class CrawlFlags {
    private static final int MOST = 999_999_999;
    /** The value of {@code --allow-private} without one. */
    static final String EVERY_ADDRESS = "all";

    private final Flags reach = new Flags("What:");
    private final Flag<List<String>> hosts = reach.each(
            "--host",
            "HOST[:PORT]",
            text -> text,
            "Crawl this host, or *.example.org for all below it; may be repeated (default: the hosts of the seeds)");
    private final Flag<@Nullable Integer> depth =
            reach.optional("--depth", "N", CrawlFlags::number, "At most this many links from a seed");
    private final Flag<List<String>> includes =
            reach.each("--include", "REGEX", text -> text, "Only URLs in which one of these is found; may be repeated");
    private final Flag<List<String>> excludes =
            reach.each("--exclude", "REGEX", text -> text, "No URLs in which one of these is found; may be repeated");
    private final Flag<Boolean> noSitemaps = reach.on("--no-sitemaps", "Don't read sitemaps");
    private final Flag<Boolean> sortQuery =
            reach.on("--sort-query", "Take URLs for the same if only the order of their parameters differs");

    private final Flag<PageTypes> types = reach.value(
            "--types",
            "LIST",
            PageTypes.HTML,
            PageTypes::parse,
            "Fetch these media types as pages, as in html,application/pdf,text/*");

    private final Flags limits = new Flags("Limits:");
    private final Flag<@Nullable Integer> maxPages =
            limits.optional("--max-pages", "N", CrawlFlags::number, "End after this many pages");
    private final Flag<Integer> maxPagesPerHost =
            limits.number("--max-pages-per-host", 100_000, 1, MOST, "At most this many pages of a host");
    private final Flag<ByteSize> maxSize =
            limits.value("--max-size", "SIZE", ByteSize.of("8MB"), ByteSize::of, "Cut pages that are larger");
    private final Flag<TimeSpan> timeout = limits.time(
            "--timeout",
            "30s",
            "Give up if a server doesn't respond for this long, or sends fewer than 512 bytes a second over it");
    private final Flag<TimeSpan> maxWait =
            limits.timeOrZero("--max-wait", "2m", "How long to wait for a host that doesn't answer, or asks to wait");

    private final Flags manners = new Flags("Manners:");
    private final Flag<TimeSpan> delay =
            manners.timeOrZero("--delay", "1s", "The pause from the end of a response to the next request to its host");
    private final Flag<Integer> perHost =
            manners.number("--per-host", 1, 1, 1_000, "How many requests to one host at once");
    private final Flag<Integer> parallel = manners.number("--parallel", 256, 1, 10_000, "How many requests at once");
    private final Flag<String> agent = manners.value(
            "--agent",
            "NAME",
            "Thrum/0.1",
            text -> text,
            "What to say who is crawling, as in 'Example/1.0 (+https://example.org/)'; robots.txt may name it");
    private final Flag<@Nullable String> from =
            manners.text("--from", "ADDRESS", "The mail address of whoever crawls, for the owners of servers");
    private final Flag<Boolean> ignoreRobots = manners.on("--ignore-robots", "Don't ask for robots.txt");
    private final Flag<Boolean> ignoreNofollow =
            manners.on("--ignore-nofollow", "Follow links also if they ask not to be followed");

    private final Flags security = new Flags("Security:");
    private final Flag<@Nullable String> allowPrivate = security.text(
            "--allow-private",
            "CIDR",
            "Also crawl private addresses: all of them, or those in these blocks, as in --allow-private=10.1.0.0/16");
    private final TrustFlags trust = new TrustFlags(security);

    private final Flags files = new Flags("Files:");
    private final Flag<OutputOptions.Warc> warc = files.value(
            "--warc",
            "FORM",
            OutputOptions.Warc.GZIP,
            CrawlFlags::warc,
            "Write WARC files: gzip, plain or off (default: gzip)");
    private final Flag<Boolean> noIndex = files.on("--no-index", "Don't make an index for thrum search");

    /** Whether a value of {@code --allow-private} is one for {@code crawl} only. */
    static boolean isListOfBlocks(String value) {
        return value.equals(EVERY_ADDRESS) || value.indexOf('/') >= 0;
    }

    private static Integer number(String text) {
        if (text.matches("\\d{1,9}")) {
            return Integer.valueOf(text);
        }
        throw new IllegalArgumentException("expected a whole number from 0 to " + MOST + " but was \"" + text + "\"");
    }

    private static OutputOptions.Warc warc(String text) {
        return switch (text) {
            case "gzip" -> OutputOptions.Warc.GZIP;
            case "plain" -> OutputOptions.Warc.PLAIN;
            case "off" -> OutputOptions.Warc.OFF;
            default -> throw new IllegalArgumentException("expected gzip, plain or off but was \"" + text + "\"");
        };
    }

    List<Flags> flags() {
        return List.of(files, reach, limits, manners, security);
    }

    /** The group of flags that files belong to, for those of the command itself. */
    Flags files() {
        return files;
    }

    boolean sortQuery() {
        return sortQuery.value();
    }

    TrustFlags trust() {
        return trust;
    }

    /**
     * Which addresses may be connected to.
     *
     * @throws IllegalArgumentException if a block is malformed
     */
    AddressRule guard() {
        String allowed = allowPrivate.value();
        if (allowed == null || allowed.equals("false")) {
            return PublicAddresses.only();
        }
        if (allowed.equals(EVERY_ADDRESS) || allowed.equals("true")) {
            return AddressRule.ANY;
        }
        return PublicAddresses.only()
                .allowing(Arrays.stream(allowed.split(",", -1)).map(Cidr::parse).toList());
    }

    /**
     * The options that the flags describe.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    CrawlOptions options(List<Url> seeds, Clock clock) {
        OutputOptions outputs = OutputOptions.of(clock, new SecureRandom())
                .withWarc(warc.value())
                .withInfo(info());
        return CrawlOptions.of(seeds, outputs)
                .withReach(new CrawlOptions.Reach(
                        hosts.value(),
                        includes.value(),
                        excludes.value(),
                        depth.value() == null ? Integer.MAX_VALUE : depth.value()))
                .withLimits(new CrawlOptions.Limits(
                        maxPages.value() == null ? Long.MAX_VALUE : Math.max(1, maxPages.value()),
                        maxPagesPerHost.value(),
                        (int) Math.min(Integer.MAX_VALUE - 16, maxSize.value().bytes())))
                .withPace(new CrawlOptions.Pace(
                        delay.value().duration(),
                        perHost.value(),
                        parallel.value(),
                        timeout.value().duration(),
                        maxWait.value().duration()))
                .withManners(new CrawlOptions.Manners(
                        agent.value(),
                        from.value(),
                        !ignoreRobots.value(),
                        !ignoreNofollow.value(),
                        !noSitemaps.value()))
                .withSortQuery(sortQuery.value())
                .withIndex(!noIndex.value())
                .withTypes(types.value());
    }

    /** What the files of the archive say about the crawl, in the names that others use. */
    private Map<String, String> info() {
        Map<String, String> info = new LinkedHashMap<>();
        info.put("software", "Thrum");
        info.put("http-header-user-agent", agent.value());
        if (from.value() != null) {
            info.put("http-header-from", from.value());
        }
        info.put("robots", ignoreRobots.value() ? "ignore" : "obey");
        return info;
    }
}
