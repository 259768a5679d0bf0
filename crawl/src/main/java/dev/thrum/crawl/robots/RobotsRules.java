package dev.thrum.crawl.robots;

import crawlercommons.robots.BaseRobotRules;
import crawlercommons.robots.SimpleRobotRules;
import crawlercommons.robots.SimpleRobotRulesParser;
import dev.thrum.crawl.text.Ascii;
import dev.thrum.http.client.url.Url;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a robots.txt says to one agent (<a href="https://www.rfc-editor.org/rfc/rfc9309.html">RFC 9309</a>). Immutable.
 *
 * <p>Groups and lines are read by crawler-commons, which also understands the usual typing errors. Matching is our own:
 * crawler-commons 1.6 takes {@code Disallow: /index.html} for {@code Disallow: /$} as well, never matches a dollar sign
 * within a pattern, errs about {@code $} after an asterisk ({@link PathRule}), and parses each URL again with
 * {@link java.net.URI}.
 */
public final class RobotsRules {
    /** How many bytes of a robots.txt count, up to the end of the last line within them (RFC 9309, 2.5). */
    public static final int MOST_BYTES = 512 * 1024;

    /** Everything may be requested, without a delay. */
    public static final RobotsRules ALLOW_ALL = new RobotsRules(List.of(), null, List.of());

    /** Nothing may be requested but robots.txt itself. */
    public static final RobotsRules DISALLOW_ALL = new RobotsRules(List.of(new PathRule("/", false)), null, List.of());

    private final List<PathRule> rules;
    private final @Nullable Duration crawlDelay;
    private final List<String> sitemaps;

    private RobotsRules(List<PathRule> rules, @Nullable Duration crawlDelay, List<String> sitemaps) {
        this.rules = List.copyOf(rules);
        this.crawlDelay = crawlDelay;
        this.sitemaps = List.copyOf(sitemaps);
    }

    /**
     * The rules of a robots.txt. Whatever it contains, this does not fail: lines that can't be read are skipped, and a
     * page of HTML has no rules.
     *
     * @param body as received, without codings, at least its first {@value #MOST_BYTES} bytes; not changed
     * @param agent the agent's name, as {@code User-Agent} has it: {@code Thrum/0.1 (+https://example.org/)}. Groups
     *     for its product token count: the letters, {@code _} and {@code -} that it begins with, in either case. If
     *     there are none, the groups for {@code *} count, and so they do for a name that begins with something else
     */
    public static RobotsRules parse(byte[] body, String agent) {
        RobotsText text = RobotsText.of(body, MOST_BYTES);
        String token = productToken(agent);
        // The delay is ours to judge, and a file with unknown lines is not worth a warning each.
        SimpleRobotRules parsed = new SimpleRobotRulesParser(Long.MAX_VALUE, 0)
                .parseContent("", text.directives(), "text/plain", token.isEmpty() ? List.of() : List.of(token));
        List<PathRule> rules = parsed.getRobotRules().stream()
                .map(rule -> new PathRule(rule.getPrefix(), rule.isAllow()))
                .sorted(PathRule.MOST_SPECIFIC_FIRST)
                .toList();
        return new RobotsRules(rules, delay(parsed), text.sitemaps());
    }

    /** The name by which robots.txt and pages address an agent: the letters, {@code _} and {@code -} that it begins with, in lower case. */
    public static String productToken(String agent) {
        int end = 0;
        while (end < agent.length()
                && (Ascii.isLetter(agent.charAt(end)) || agent.charAt(end) == '_' || agent.charAt(end) == '-')) {
            end++;
        }
        return Ascii.lower(agent.substring(0, end));
    }

    private static @Nullable Duration delay(BaseRobotRules parsed) {
        long millis = parsed.getCrawlDelay();
        // What is not set is a negative number, too.
        return millis < 0 ? null : Duration.ofMillis(millis);
    }

    /**
     * Whether a URL may be requested: the most specific rule that matches its path and query decides, and one that
     * allows if several are equally long. {@code /robots.txt} may always be requested.
     *
     * @param url of the authority that the robots.txt is of; this is not checked
     */
    public boolean allows(Url url) {
        if (rules.isEmpty() || url.path().equals("/robots.txt")) {
            return true;
        }
        String target = RobotsPath.ofTarget(url.requestTarget());
        for (PathRule rule : rules) {
            if (rule.matches(target)) {
                return rule.allows();
            }
        }
        return true;
    }

    /**
     * The time between two requests that {@code Crawl-delay} asks for; empty if there is none, or it is malformed or
     * negative.
     */
    public Optional<Duration> crawlDelay() {
        return Optional.ofNullable(crawlDelay);
    }

    /**
     * The values of the lines {@code Sitemap}, for all agents: as written, which may be relative or malformed; at most
     * 1,000.
     */
    public List<String> sitemaps() {
        return sitemaps;
    }
}
