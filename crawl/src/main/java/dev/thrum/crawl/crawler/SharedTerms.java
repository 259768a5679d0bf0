package dev.thrum.crawl.crawler;

import dev.thrum.base.DurationText;
import dev.thrum.http.client.url.Url;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What all processes of a crawl must have in common: its options, and the key of its fingerprints. The limit of pages, the number of requests at once
 * and the form of the outputs may differ.
 */
final class SharedTerms {
    private static final String VERSION = "1";
    private static final String KEY = "key";

    private final SequencedMap<String, String> terms;

    private SharedTerms(SequencedMap<String, String> terms) {
        this.terms = terms;
    }

    /** Terms that a process proposes, with a key of its own. */
    static SharedTerms propose(CrawlOptions options, RandomGenerator random) {
        byte[] key = new byte[CrawlFolder.KEY_BYTES];
        random.nextBytes(key);
        SequencedMap<String, String> terms = new LinkedHashMap<>();
        CrawlOptions.Reach reach = options.reach();
        CrawlOptions.Manners manners = options.manners();
        CrawlOptions.Pace pace = options.pace();
        terms.put("version", VERSION);
        terms.put("the seeds", options.seeds().stream().map(Url::href).sorted().collect(Collectors.joining(" ")));
        terms.put("--host", String.join(" ", reach.hosts()));
        terms.put("--include", String.join(" ", reach.includes()));
        terms.put("--exclude", String.join(" ", reach.excludes()));
        terms.put("--depth", Integer.toString(reach.depth()));
        terms.put("--max-pages-per-host", Integer.toString(options.limits().pagesOfHost()));
        terms.put("--max-size", Integer.toString(options.limits().size()));
        terms.put("--timeout", DurationText.of(pace.timeout()));
        terms.put("--max-wait", DurationText.of(pace.maxWait()));
        terms.put("--delay", DurationText.of(pace.delay()));
        terms.put("--per-host", Integer.toString(pace.perHost()));
        terms.put("--agent", manners.agent());
        terms.put("--from", Objects.requireNonNullElse(manners.from(), ""));
        terms.put("--ignore-robots", Boolean.toString(!manners.robots()));
        terms.put("--ignore-nofollow", Boolean.toString(!manners.nofollow()));
        terms.put("--no-sitemaps", Boolean.toString(!manners.sitemaps()));
        terms.put("--sort-query", Boolean.toString(options.sortQuery()));
        terms.put("--types", options.types().toString());
        terms.put(KEY, HexFormat.of().formatHex(key));
        return new SharedTerms(terms);
    }

    /** The terms as text. */
    String text() {
        StringBuilder text = new StringBuilder();
        terms.forEach(
                (name, value) -> text.append(name).append('=').append(value).append('\n'));
        return text.toString();
    }

    private static Map<String, String> parse(String text) {
        Map<String, String> terms = new LinkedHashMap<>();
        text.lines().forEach(line -> {
            int end = line.indexOf('=');
            if (end > 0) {
                terms.put(line.substring(0, end), line.substring(end + 1));
            }
        });
        return terms;
    }

    /** How these terms differ from those that were agreed on, in words; empty if they don't. */
    Optional<String> difference(String agreed) {
        Map<String, String> others = parse(agreed);
        for (Map.Entry<String, String> term : terms.entrySet()) {
            @Nullable String other = others.get(term.getKey());
            if (!term.getKey().equals(KEY) && !term.getValue().equals(other)) {
                return Optional.of(term.getKey() + " " + words(other) + " but was " + words(term.getValue()));
            }
        }
        return others.size() == terms.size() ? Optional.empty() : Optional.of("the options of another version");
    }

    private static String words(@Nullable String value) {
        return value == null || value.isEmpty() ? "(none)" : value;
    }

    /** The key of the fingerprints. */
    static byte[] key(String agreed) {
        return HexFormat.of().parseHex(parse(agreed).getOrDefault(KEY, ""));
    }
}
