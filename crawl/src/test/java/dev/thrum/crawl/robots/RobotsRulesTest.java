package dev.thrum.crawl.robots;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.http.client.url.Url;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What RFC 9309 says, case by case. */
final class RobotsRulesTest {
    private static final String AGENT = "Thrum/0.1 (+https://example.org/)";

    static RobotsRules rules(String text) {
        return RobotsRules.parse(text.getBytes(UTF_8), AGENT);
    }

    private static boolean allows(String text, String path) {
        return rules(text).allows(Url.parse("http://example.org" + path));
    }

    /** In the files, a semicolon stands for a line end. */
    private static String lines(String text) {
        return text.replaceAll("; *", "\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                // Lines and groups (2.1, 2.2.1).
                "user-agent: thrum; disallow: /|false",
                "USER-AGENT: THRUM; DISALLOW: /|false",
                "uSeR-aGeNt: tHrUm; dIsAlLoW: /|false",
                "  user-agent : thrum  ; \t disallow :   /  |false",
                "user-agent:thrum; disallow:/|false",
                "agent: thrum; deny: /|true",
                "disallow: /|true",
                "disallow: /; user-agent: thrum; allow: /y|true",
                "user-agent: *; disallow: /|false",
                "user-agent: *; disallow: /; user-agent: thrum; disallow: /y|true",
                "user-agent: thrum; disallow: /y; user-agent: *; disallow: /|true",
                "user-agent: thrum; user-agent: *; disallow: /|false",
                "user-agent: *; user-agent: thrum; disallow: /|false",
                "user-agent: *; disallow: /; user-agent: thrum|true",
                "user-agent: *; disallow: /; user-agent: thrum; disallow:|true",
                "user-agent: other; user-agent: thrum; disallow: /|false",
                "user-agent: thrum; user-agent: other; disallow: /|false",
                "user-agent: other; disallow: /|true",
                "user-agent: other; disallow: /; ; ; disallow: /x|true",
                "user-agent: thrum; allow: /y; ; ; disallow: /x|false",
                "user-agent: thrum; disallow: /x; user-agent: other; allow: /; user-agent: thrum; disallow: /z|false",
                "user-agent: thrum; disallow: /z; user-agent: other; allow: /; user-agent: thrum; disallow: /x|false",
                "user-agent: *; disallow: /z; user-agent: other; allow: /; user-agent: *; disallow: /x|false",
                // Other lines do not end a group (2.2.4).
                "user-agent: thrum; sitemap: http://a/; user-agent: *; disallow: /|false",
                "user-agent: thrum; unknown: 1; user-agent: other; disallow: /|false",
                "user-agent: thrum; crawl-delay: 3; user-agent: other; disallow: /|false",
                "user-agent: thrum; sitemap: http://a/; disallow: /x|false",
                // Comments.
                "# user-agent: thrum; user-agent: * # all; disallow: /x # this|false",
                "user-agent: thrum; # disallow: /; disallow: /z#x|true",
                "user-agent: thrum#; disallow: /x#|false",
                // The product token, and nothing else (2.2.1).
                "user-agent: thrum/9.9; disallow: /|false",
                "user-agent: Thrum (crawler); disallow: /|false",
                "user-agent: thrumbot; disallow: /|true",
                "user-agent: thrum-bot; disallow: /|true",
                "user-agent: thr; disallow: /|true",
                "user-agent: the thrum; disallow: /|true",
                "user-agent:; disallow: /|true",
                "user-agent: ; user-agent: thrum; disallow: /|false",
                "user-agent: https://example.org/; disallow: /|true",
                // Nothing at all.
                "|true",
                "user-agent: thrum|true",
                "hello|true",
            })
    void page_inAFile_isAllowedOrNot(@Nullable String text, boolean isAllowed) {
        assertThat(allows(lines(text == null ? "" : text), "/x/page.html")).isEqualTo(isAllowed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // The most specific match, and allow if there are two (2.2.2).
                "disallow: /x/page.html; allow: /x/|false",
                "allow: /x/; disallow: /x/page.html|false",
                "allow: /x/page.html; disallow: /x/|true",
                "disallow: /; allow: /|true",
                "allow: /; disallow: /|true",
                "disallow: /x/page.html; allow: /x/page.html|true",
                "disallow: ; allow: ; disallow: /x|false",
                "allow: /x; disallow: /*.html|false",
                "allow: /x/page.; disallow: /*.html|true",
                "allow: /$; disallow: /|false",
                "disallow: /X/|true",
                "disallow: /x/page.htm|false",
                "disallow: /x/page.html?|true",
                "disallow: x/|true",
                // Special characters (2.2.3).
                "disallow: *|false",
                "disallow: /*|false",
                "disallow: /*/|false",
                "disallow: *.html|false",
                "disallow: /x*e|false",
                "disallow: /x/*/page|true",
                "disallow: /x*/page|false",
                "disallow: /*.html$|false",
                "disallow: /*.htm$|true",
                "disallow: /x/page.html$|false",
                "disallow: /x/page$|true",
                "disallow: /x$|true",
                "disallow: /*$|false",
                "disallow: /**$|false",
                "disallow: /x/****page****$|false",
                "disallow: /*x*p*g*e*.*l$|false",
                "disallow: /*x*p*g*e*.*x$|true",
                "disallow: /$x|true",
                "disallow: $|true",
                // Known errors of crawler-commons 1.6.
                "disallow: /x/index.html|true",
                "disallow: /*/*$|false",
                "disallow: /*m*l$|false",
            })
    void page_underARule_isAllowedOrNot(String rules, boolean isAllowed) {
        assertThat(allows("user-agent: *\n" + lines(rules), "/x/page.html")).isEqualTo(isAllowed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "/fish|/fish,/fish.html,/fish/salmon,/fishheads,/fish?id=1|/Fish,/catfish,/?id=fish",
                "/fish*|/fish,/fish.html,/fish/salmon,/fishheads|/Fish,/catfish",
                "/fish/|/fish/,/fish/?id=1,/fish/salmon|/fish,/fish.html",
                "/*.php|/a.php,/f/a.php,/a.php?b,/a.php/,/i?f=a.php|/,/a.PHP,/php",
                "/*.php$|/a.php,/f/a.php,/a.php.php,/a.php?x=.php|/a.php?b,/a.php/,/a.php5",
                "/fish*.php|/fish.php,/fishheads/cat.php?x|/Fish.PHP,/fish",
                "/a*b*c|/abc,/aXbXc,/abbcc,/a/b/c/d|/acb,/ab,/ac",
                "/?q=|/?q=1|/,/a?q=1",
                "/*?|/a?,/a?b,/?|/,/a",
                "/a$b|/a$b,/a%24b,/a$bc|/a,/ab",
                "/a%24|/a$,/a%24,/a$b|/a,/ab",
                "/a%2A|/a*,/a%2a,/a*b|/a,/ab",
                "/a+b|/a+b|/a%2Bb,/aab",
                "/(a)[b]|/(a)[b],/(a)%5Bb%5D|/ab",
                "/index.html|/index.html|/,/a/index.html",
                // Percent-encoding (2.2.2).
                "/é|/é,/%C3%A9,/%c3%a9|/%E9,/e",
                "/ツ|/ツ,/%E3%83%84,/%e3%83%84x|/",
                "/%E3%83%84|/ツ,/%e3%83%84|/",
                "/%e3%83%84|/ツ,/%E3%83%84|/",
                "/%62%61%7A|/baz,/%62az|/BAZ",
                "/baz|/baz,/%62%61%7a|/ba",
                "/~u|/~u,/%7Eu,/%7eu|/u",
                "/a%2Fb|/a%2Fb,/a%2fb|/a/b",
                "/a/b|/a/b|/a%2Fb",
                "/a%3Cb|/a%3Cb,/a<b|/ab",
                "/a<b>|/a%3Cb%3E,/a<b>|/ab",
                "/a b|/a%20b,/a b|/ab,/a+b",
                "/a%20b|/a%20b,/a b|/ab",
                "/100%|/100%,/100%25,/100%25x|/100",
                "/100%zz|/100%zz,/100%25zz|/100",
                "/a?b='c'|/a?b='c',/a?b=%27c%27|/a?b=c",
                "/a?u=http://b/|/a?u=http://b/|/a",
                "/a?x=\\y|/a?x=\\y,/a?x=%5Cy|/a?x=/y",
                "/a?x=%%341|/a?x=%%341|/a?x=A,/a?x=%41",
            })
    void rule_always_matchesThesePathsAndNotThose(String pattern, String matching, String others) {
        String text = "user-agent: *\ndisallow: " + pattern;
        for (String path : matching.split(",", -1)) {
            assertThat(allows(text, path)).as(pattern + " matches " + path).isFalse();
        }
        for (String path : others.split(",", -1)) {
            assertThat(allows(text, path))
                    .as(pattern + " does not match " + path)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\n",
                "\r",
                "\r\n",
                "\n                                        \t",
                "\n\n",
                "\r\r\n",
                "\n\r",
                " \n",
                "\t\r\n\f\n"
            })
    void file_withAnyLineEnd_isTheSame(String end) {
        String text = end + "user-agent: thrum" + end + "disallow: /x" + end + "crawl-delay: 2" + end;
        assertThat(allows(text, "/x")).isFalse();
        assertThat(allows(text, "/y")).isTrue();
        assertThat(rules(text).crawlDelay()).contains(Duration.ofSeconds(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0085", "\u2028", "\u2029", "\u000b", "\f", "\0"})
    void otherSeparators_inARule_areCharactersOfIt(String separator) {
        assertThat(allows("user-agent: *\ndisallow: /a" + separator + "allow: /a", "/a"))
                .isTrue();
        assertThat(allows("user-agent: *\nallow: /" + separator + "disallow: /", "/a"))
                .isTrue();
        assertThat(allows("user-agent: *" + separator + "x\ndisallow: /", "/a")).isTrue();
    }

    @Test
    void file_withAByteOrderMark_isReadAfterIt() {
        String text = "user-agent: thrum\ndisallow: /é";
        assertThat(allows("\ufeff" + text, "/é")).isFalse();
        for (String mark : new String[] {"\u00ef\u00bb\u00bf", "\u00ef\u00bb", "\u00ef"}) {
            byte[] bytes = (mark + "user-agent: thrum\ndisallow: /x").getBytes(ISO_8859_1);
            assertThat(RobotsRules.parse(bytes, AGENT).allows(Url.parse("http://a/x")))
                    .as(mark)
                    .isFalse();
        }
        for (byte[] bytes : new byte[][] {("\ufeff" + text).getBytes(UTF_16BE), ("\ufeff" + text).getBytes(UTF_16LE)}) {
            assertThat(RobotsRules.parse(bytes, AGENT).allows(Url.parse("http://a/é")))
                    .isFalse();
            assertThat(RobotsRules.parse(bytes, AGENT).allows(Url.parse("http://a/x")))
                    .isTrue();
        }
    }

    @Test
    void brokenUtf8_inARule_matchesTheSameOctets() {
        byte[] bytes = "user-agent: *\ndisallow: /\u00e9\u00ff\nallow: /\u00e9\u00ff\u00fe".getBytes(ISO_8859_1);
        RobotsRules rules = RobotsRules.parse(bytes, AGENT);
        assertThat(rules.allows(Url.parse("http://a/%E9%FFx"))).isFalse();
        assertThat(rules.allows(Url.parse("http://a/%E9%FF%FEx"))).isTrue();
        assertThat(rules.allows(Url.parse("http://a/é"))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "Thrum, thrum, false",
        "Thrum/0.1, thrum, false",
        "Thrum (x), Thrum, false",
        "THRUM, thrum/2, false",
        "Thrum, thrum-news, true",
        "Thrum-News/1, thrum, true",
        "Thrum-News/1, thrum-news, false",
        "Thrum_1, thrum_, false",
        "Mozilla/5.0 (compatible; Thrum/0.1), thrum, true",
        "Mozilla/5.0 (compatible; Thrum/0.1), mozilla, false",
        "360bot, bot, true",
        "360bot, *, false",
        "'', *, false",
        "*, *, false",
    })
    void agent_always_obeysTheGroupsOfItsProductToken(String agent, String group, boolean isAllowed) {
        byte[] body = ("user-agent: " + group + "\ndisallow: /").getBytes(UTF_8);
        assertThat(RobotsRules.parse(body, agent).allows(Url.parse("http://a/x")))
                .isEqualTo(isAllowed);
    }

    @Test
    void robotsTxt_always_isAllowed() {
        assertThat(allows("user-agent: *\ndisallow: /", "/robots.txt")).isTrue();
        assertThat(allows("user-agent: *\ndisallow: /", "/robots.txt?a")).isTrue();
        assertThat(allows("user-agent: *\ndisallow: /", "/robots.txt/a")).isFalse();
        assertThat(RobotsRules.DISALLOW_ALL.allows(Url.parse("http://a/robots.txt")))
                .isTrue();
        assertThat(RobotsRules.DISALLOW_ALL.allows(Url.parse("http://a/"))).isFalse();
        assertThat(RobotsRules.DISALLOW_ALL.allows(Url.parse("http://a/?b"))).isFalse();
        assertThat(RobotsRules.ALLOW_ALL.allows(Url.parse("http://a/"))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "0, PT0S",
        "1, PT1S",
        "007, PT7S",
        "0.5, PT0.5S",
        ".25, PT0.25S",
        "3., PT3S",
        "1.0009, PT1S",
        "2147483648, PT999999999S",
        "999999999, PT999999999S",
        "9999999999, PT999999999S",
        "99999999999999999999999999999999999999, PT999999999S",
        "0.99999999999999999999999999999999999, PT0.999S",
        "10 # seconds, PT10S",
    })
    void crawlDelay_ofSeconds_isADuration(String value, Duration delay) {
        assertThat(rules("user-agent: *\ncrawl-delay: " + value + "\ndisallow: /x")
                        .crawlDelay())
                .contains(delay);
        assertThat(rules("user-agent: *\nCRAWL-DELAY:" + value).crawlDelay()).contains(delay);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "-1",
                "-0.5",
                "+1",
                "1s",
                "1,5",
                "1 2",
                "1e3",
                "1.5e3",
                "0x10",
                "1.5f",
                "NaN",
                "Infinity",
                "--1",
                "1.2.3",
                "ten",
                "\u0663",
                "1.-5",
                "5-10"
            })
    void crawlDelay_thatIsMalformedOrNegative_isNone(String value) {
        assertThat(rules("user-agent: *\ncrawl-delay: " + value + "\ndisallow: /x")
                        .crawlDelay())
                .isEmpty();
        assertThat(rules("user-agent: *\ncrawl-delay: " + value + "\ncrawl-delay: 4")
                        .crawlDelay())
                .contains(Duration.ofSeconds(4));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "user-agent: *; crawl-delay: 3; user-agent: thrum; disallow: /|",
                "user-agent: *; crawl-delay: 3; disallow: /x; user-agent: thrum; disallow: /|",
                "user-agent: *; crawl-delay: 3; disallow: /x; user-agent: thrum; crawl-delay: 5|PT5S",
                "user-agent: thrum; crawl-delay: 5; disallow: /x; user-agent: *; crawl-delay: 3|PT5S",
                "user-agent: other; crawl-delay: 5; disallow: /x; user-agent: *; crawl-delay: 3|PT3S",
                "user-agent: other; crawl-delay: 5|",
                "crawl-delay: 5; user-agent: *; disallow: /x|",
            })
    void crawlDelay_ofAnotherGroup_doesNotCount(String text, @Nullable Duration delay) {
        assertThat(rules(lines(text)).crawlDelay().orElse(null)).isEqualTo(delay);
    }

    @Test
    void sitemaps_ofAnyGroup_areThereAsWritten() {
        RobotsRules rules = rules(lines("sitemap: http://a/1.xml; user-agent: other; disallow: /; Sitemap:/b c.xml?|é;"
                + "SITEMAPS : http://a/3 # x; site-map: //b/4; sitemap: ; sitemap:; sitemap: http://a/1.xml;"
                + "sitemap: http://[/; xsitemap: http://a/5; sitemap http://a/6"));
        assertThat(rules.sitemaps())
                .containsExactly("http://a/1.xml", "/b c.xml?|é", "http://a/3", "//b/4", "http://[/");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!DOCTYPE html>\n<p>\nuser-agent: *\ndisallow: /\nsitemap: http://a/",
                "\n\n  <!doctype HTML PUBLIC>\nuser-agent: *\ndisallow: /\ncrawl-delay: 3",
                "<html lang=en>\nuser-agent: *\ndisallow: /",
                "\ufeff<HTML>\nuser-agent: *\ndisallow: /",
                "<head>\nuser-agent: *\ndisallow: /",
                "<?xml version='1.0'?>\nuser-agent: *\ndisallow: /",
                "<p>user-agent: *\n<br>disallow: /",
            })
    void page_inPlaceOfAFile_hasNoRules(String page) {
        RobotsRules rules = rules(page);
        assertThat(rules.allows(Url.parse("http://a/"))).isTrue();
        assertThat(rules.crawlDelay()).isEmpty();
        assertThat(rules.sitemaps()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "# <html>\nuser-agent: *\ndisallow: /x\nallow: /<b>",
                "user-agent: *\ndisallow: /x\nallow: /<html>\nallow: /<b>",
                "<br />\n<b>Warning</b>: x\nuser-agent: *\ndisallow: /x\nallow: /<b>",
            })
    void markup_inAFile_isText(String text) {
        assertThat(allows(text, "/x")).isFalse();
        assertThat(allows(text + "\ndisallow: /", "/<b>x")).isTrue();
        assertThat(allows(text + "\ndisallow: /", "/")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "useragent",
                "useg-agent",
                "ser-agent",
                "users-agent",
                "user agent",
                "user-agnet",
                "user-agents",
                "User-Agent"
            })
    void agents_withATypingError_areUnderstood(String key) {
        assertThat(allows(key + ": thrum\ndisallow: /x", "/x")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "desallow",
                "dissallow",
                "dissalow",
                "disalow",
                "dssalow",
                "dsallow",
                "diasllow",
                "disallaw",
                "diallow",
                "disallows",
                "disllow"
            })
    void rules_withATypingError_areUnderstood(String key) {
        assertThat(allows("user-agent: thrum\n" + key + ": /x", "/x")).isFalse();
        assertThat(allows("user-agent thrum\n" + key + " /x", "/x")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"crawl delay", "clawl-delay", "craw-delay", "crawl-deley", "crawl-delay"})
    void delays_withATypingError_areUnderstood(String key) {
        assertThat(rules("user-agent: thrum\n" + key + ": 2").crawlDelay()).contains(Duration.ofSeconds(2));
        assertThat(rules("user-agent: thrum\n" + key + ": -2").crawlDelay()).isEmpty();
        assertThat(rules("user-agent: thrum\n" + key + ": 2.5\ndisallow: /").crawlDelay())
                .contains(Duration.ofMillis(2_500));
    }

    @Test
    void linesOfNoGroup_always_areKeptFromTheParser() {
        String text =
                lines("host: a; clean-param: b; user-agent: *; sitemap: c; hello world; http://d/; disallow: /<e");
        assertThat(new String(RobotsText.of(text.getBytes(UTF_8), 1_000).directives(), UTF_8))
                .isEqualTo("user-agent: *\ndisallow: /%3Ce\n");
    }
}
