package dev.thrum.bench.options;

import java.util.List;
import java.util.OptionalInt;

/**
 * The options of {@code thrum bench crawl}.
 *
 * @param rounds the number of runs that was asked for
 * @param pages the number of pages that crawlers fetch, and that are searched
 * @param urls the number of known URLs, where they are many
 * @param parts the parts to measure, in the order of the tables
 */
public record CrawlOptions(OptionalInt rounds, int pages, int urls, List<String> parts) {
    public static final String WGET = "wget";
    public static final String PEERS = "peers";
    public static final String SCANNER = "scanner";
    public static final String MEMORY = "memory";
    public static final String RESUME = "resume";
    public static final String SEARCH = "search";
    public static final String HOSTS = "hosts";

    /** The number of known URLs, where they are few. */
    public static final int FEW_URLS = 20_000;

    private static final List<String> PARTS = List.of(WGET, PEERS, SCANNER, MEMORY, RESUME, SEARCH, HOSTS);
    private static final int ROUNDS = 3;
    private static final int PAGES = 20_000;
    private static final int URLS = 1_000_000;

    /** The defaults with the arguments applied; throws a {@link UsageException} if an argument is wrong. */
    public static CrawlOptions of(List<String> arguments) {
        return Arguments.apply(
                new CrawlOptions(OptionalInt.empty(), PAGES, URLS, PARTS), arguments, CrawlOptions::with);
    }

    private CrawlOptions with(String name, String value) {
        return switch (name) {
            case "--rounds" -> new CrawlOptions(OptionalInt.of(ContestOptions.rounds(value)), pages, urls, parts);
            case "--pages" -> new CrawlOptions(rounds, Arguments.number(value, "pages"), urls, parts);
            case "--urls" -> new CrawlOptions(rounds, pages, urls(value), parts);
            case "--only" -> new CrawlOptions(rounds, pages, urls, Arguments.parts(value, PARTS));
            default -> throw new UsageException("expected --rounds, --pages, --urls or --only but was " + name);
        };
    }

    private static int urls(String value) {
        int number = Arguments.number(value, "URLs");
        if (number < 2 * FEW_URLS) {
            throw new UsageException("expected at least " + 2 * FEW_URLS + " URLs, because " + FEW_URLS
                    + " are compared with them, but was " + value);
        }
        return number;
    }

    public boolean has(String part) {
        return parts.contains(part);
    }

    /** The number of runs in a part: if none was asked for, one of the slow peers, and otherwise three. */
    public int roundsOf(String part) {
        return rounds.orElse(part.equals(PEERS) ? 1 : ROUNDS);
    }
}
