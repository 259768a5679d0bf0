package dev.thrum.crawl.robots;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.http.client.url.Url;
import dev.thrum.testkit.scripted.Mutations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Rules against the text of RFC 9309, done a second time in the plainest way. */
final class RobotsGeneratedTest {
    private static final String AGENT = "Thrum/0.1";
    private static final String[] NAMES = {"thrum", "Thrum/2.0", "*", "other", "thrum-x", "THRUM", "x", ""};
    private static final String[] OTHERS = {"sitemap: /s", "crawl-delay: 1", "host: a", "junk", "", "# x", ": /", "x: y"
    };
    private static final String[] PARTS = {"a", "b", "/", "*", ".", "?", "$", "ab", "aa"};

    @Test
    void rules_ofAnyFile_areThoseOfTheStandard() {
        Random random = new Random(4711);
        int disallowed = 0;
        int cases = Mutations.count(20_000, 2_000_000);
        for (int i = 0; i < cases; i++) {
            List<String> lines = file(random);
            String path = "/" + text(random, random.nextInt(8)).replaceAll("[*$]", "");
            boolean allows = RobotsRules.parse(String.join("\n", lines).getBytes(US_ASCII), AGENT)
                    .allows(Url.parse("http://a" + path));
            String target = Url.parse("http://a" + path).requestTarget();
            assertThat(allows).as(target + " in " + lines).isEqualTo(standardAllows(lines, target));
            disallowed += allows ? 0 : 1;
        }
        assertThat(disallowed).isBetween(cases / 20, cases - cases / 20);
    }

    private static List<String> file(Random random) {
        List<String> lines = new ArrayList<>();
        for (int left = random.nextInt(12); left > 0; left--) {
            lines.add(
                    switch (random.nextInt(6)) {
                        case 0, 1 -> "user-agent: " + NAMES[random.nextInt(NAMES.length)];
                        case 2 -> "allow: /" + text(random, random.nextInt(4));
                        case 3, 4 ->
                            "disallow: " + (random.nextInt(8) == 0 ? "" : "/" + text(random, random.nextInt(4)));
                        default -> OTHERS[random.nextInt(OTHERS.length)];
                    });
        }
        return lines;
    }

    private static String text(Random random, int parts) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < parts; i++) {
            text.append(PARTS[random.nextInt(PARTS.length)]);
        }
        return text.toString();
    }

    private record Line(boolean allows, String pattern) {}

    private static boolean standardAllows(List<String> lines, String target) {
        boolean isNamed = lines.stream().anyMatch(line -> line.matches("(?i)user-agent: thrum(/.*)?"));
        boolean allows = true;
        int octets = 0;
        for (Line line : group(lines, isNamed ? "(?i)user-agent: thrum(/.*)?" : "user-agent: \\*")) {
            int length = line.pattern.replaceAll("\\$(?=.)", "%24").length();
            boolean decides = length > octets || (length == octets && line.allows);
            if (decides && regex(line.pattern).matcher(target).lookingAt()) {
                allows = line.allows;
                octets = length;
            }
        }
        return allows;
    }

    private static List<Line> group(List<String> lines, String name) {
        List<Line> rules = new ArrayList<>();
        boolean isWithin = false;
        boolean isHead = false;
        for (String line : lines) {
            if (line.startsWith("user-agent:")) {
                isWithin = (isHead && isWithin) || line.matches(name);
                isHead = true;
            } else if (line.startsWith("allow:") || line.startsWith("disallow:")) {
                isHead = false;
                String pattern = line.substring(line.indexOf(':') + 2);
                if (isWithin && !pattern.isEmpty()) {
                    rules.add(new Line(line.startsWith("allow"), pattern));
                }
            }
        }
        return rules;
    }

    private static Pattern regex(String pattern) {
        boolean toEnd = pattern.endsWith("$");
        String path = toEnd ? pattern.substring(0, pattern.length() - 1) : pattern;
        return Pattern.compile(("\\Q" + path + "\\E").replace("*", "\\E.*\\Q") + (toEnd ? "\\z" : ""));
    }

    @Test
    void parse_ofAnything_neverFails() {
        List<String> seeds = List.of(
                "User-agent: *\nDisallow: /a*b$\nAllow: /%41\nCrawl-delay: 1.5\nSitemap: http://a/\n",
                "\u00ef\u00bb\u00bfuser-agent: thrum\r\ndisallow: /\u00e9\r\n",
                "<html><body>\nuser-agent: *\n</html>",
                "\u00ff\u00feu\0s\0e\0r\0");
        Url[] urls = {Url.parse("http://a/"), Url.parse("http://a/a/%41*b$?%"), Url.parse("http://a/robots.txt")};
        Mutations.tryAll(seeds, Mutations.count(5_000, 500_000), bytes -> {
            RobotsRules rules = RobotsRules.parse(bytes, AGENT);
            for (Url url : urls) {
                assertThat(rules.allows(url)).isEqualTo(rules.allows(url));
            }
            assertThat(rules.allows(urls[2])).isTrue();
            assertThat(rules.crawlDelay().filter(Duration::isNegative)).isEmpty();
            assertThat(rules.sitemaps()).allMatch(sitemap -> !sitemap.isBlank());
        });
    }
}
