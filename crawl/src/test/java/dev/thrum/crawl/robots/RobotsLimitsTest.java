package dev.thrum.crawl.robots;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.http.client.url.Url;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are larger than they should be, or made to take long. */
@Timeout(value = 20, unit = SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class RobotsLimitsTest {
    private static final int MOST = RobotsRules.MOST_BYTES;
    private static final Url X = Url.parse("http://a/x");

    private static RobotsRules parse(String text) {
        return RobotsRules.parse(text.getBytes(ISO_8859_1), "thrum");
    }

    /** A file in which the last line, without its end, ends at this place. */
    private static String endingAt(int length, String line) {
        String head = "user-agent: *\n#";
        return head + "x".repeat(length - head.length() - line.length() - 1) + "\n" + line;
    }

    @Test
    void line_thatEndsWithinTheLimit_counts() {
        String line = "disallow: /x";
        for (String end : new String[] {"", "\n", "\r\n", "\n" + "allow: /x\n".repeat(1_000)}) {
            assertThat(parse(endingAt(MOST, line) + end).allows(X)).as(end).isFalse();
        }
        assertThat(parse(endingAt(MOST - 1, line) + "\nallow: /x").allows(X)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 11})
    void line_acrossTheLimit_doesNotCount(int beyond) {
        String line = "disallow: /x";
        assertThat(parse(endingAt(MOST + beyond, line)).allows(X)).isTrue();
        assertThat(parse(endingAt(MOST + beyond, line) + "\n").allows(X)).isTrue();
        assertThat(parse(endingAt(MOST + beyond, line + "yz")).allows(X)).isTrue();
    }

    @Test
    void file_withoutALineEndWithinTheLimit_hasNoRules() {
        assertThat(parse("user-agent: *" + " ".repeat(MOST) + "\ndisallow: /x").allows(X))
                .isTrue();
    }

    @Test
    void megabytes_ofAnything_takeLittleTime() {
        int size = 4 * MOST;
        for (String unit : new String[] {
            "\0", "\n", "<", "a", " ", ":", "%", "#", "*", "\u00ff", "a\n", "user-agent: *\n", "a: b\n"
        }) {
            String body = unit.repeat(size / unit.length());
            assertThat(parse(body).allows(X)).as(unit).isTrue();
            assertThat(parse("user-agent: *\n<html>\n" + body).allows(X))
                    .as(unit)
                    .isTrue();
            assertThat(parse("user-agent: *\ndisallow: /x\n" + body).allows(X))
                    .as(unit)
                    .isFalse();
        }
    }

    @Test
    void million_ofLinesWithSitemaps_givesAThousand() {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < 1_000_000; i++) {
            body.append("sitemap:").append(i).append('\n');
        }
        assertThat(parse(body.toString()).sitemaps())
                .hasSize(1_000)
                .startsWith("0", "1")
                .endsWith("999");
        assertThat(parse("sitemap: " + "a".repeat(2_049)).sitemaps()).isEmpty();
    }

    @Test
    void stars_inARule_areNotTriedInAllWays() {
        Url url = Url.parse("http://a/" + "a".repeat(60_000));
        for (String unit : new String[] {"*", "*a", "*a*", "a*", "**a"}) {
            String pattern = unit.repeat(20_000);
            assertThat(parse("user-agent: *\ndisallow: /" + pattern + "b").allows(url))
                    .as(unit)
                    .isTrue();
            assertThat(parse("user-agent: *\ndisallow: /" + pattern + "$").allows(url))
                    .as(unit)
                    .isFalse();
        }
    }

    @Test
    void rules_madeToBeSlow_areBounded() {
        Url url = Url.parse("http://a/" + "a".repeat(2_000));
        assertThat(parse("user-agent: *\n" + lines("disallow: /*" + "a".repeat(1_000) + "b"))
                        .allows(url))
                .isTrue();
        assertThat(parse("user-agent: *\n" + lines("disallow: *b")).allows(url)).isTrue();
        assertThat(parse("user-agent: *\n" + lines("disallow: /aaaaaaaab")).allows(url))
                .isTrue();
    }

    /** As many different lines of this kind as count. */
    private static String lines(String line) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; lines.length() < MOST; i++) {
            lines.append(line).append(i).append('\n');
        }
        return lines.toString();
    }

    @Test
    void body_always_isLeftAsItIs() {
        byte[] body = "user-agent: *\ndisallow: /\n".getBytes(ISO_8859_1);
        byte[] before = body.clone();
        assertThat(RobotsRules.parse(body, "thrum").allows(X)).isFalse();
        assertThat(Arrays.equals(body, before)).isTrue();
    }
}
