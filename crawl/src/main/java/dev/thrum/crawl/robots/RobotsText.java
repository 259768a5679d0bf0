package dev.thrum.crawl.robots;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.crawl.text.Ascii;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The lines of a robots.txt, in a form that crawler-commons reads without fault. Owned by the thread that makes it.
 *
 * <p>What it guards against in crawler-commons 1.6: a body with {@code <html>} somewhere and then many {@code <} takes
 * time in the square of its length; markup is removed from rules; U+0085, U+2028 and U+2029 end lines; broken UTF-8
 * becomes U+FFFD, which matches nothing; a {@code Crawl-delay} above 2,147,483,647 is ignored and a negative one
 * obeyed; and lines {@code Sitemap} are resolved, or dropped when {@link java.net.URI} does not like them.
 */
final class RobotsText {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final int MOST_SITEMAPS = 1_000;
    private static final Set<String> SITEMAP = Set.of("sitemap", "sitemaps", "site-map");
    private static final Set<String> DELAY = Set.of("crawl-delay", "crawl delay", "crawldelay");
    private static final List<String> HTML = List.of("<!doctype", "<html", "<head", "<body", "<?xml");
    private static final int LONGEST_OF_HTML = "<!doctype".length();
    private static final int MILLIS = 1000;

    /** What the names of agents, rules and delays have in common, with all typing errors that crawler-commons knows. */
    private static final List<String> PARTS_OF_KEYS = List.of("ag", "low", "law", "del");

    /** Longer than all of these names. */
    private static final int LONGEST_KEY = 16;

    /** About 31 years: a longer delay means the same. */
    private static final long MOST_SECONDS = 999_999_999;

    private final StringBuilder directives = new StringBuilder();
    private final Set<String> sitemaps = new LinkedHashSet<>();

    private RobotsText() {}

    /**
     * The text of a robots.txt.
     *
     * @param body as received, without codings; not changed
     * @param most how many bytes of it count, up to the last whole line within them
     */
    static RobotsText of(byte[] body, int most) {
        byte[] bytes = Arrays.copyOf(body, Math.min(body.length, most));
        boolean isCut = body.length > most && !isLineEnd(body[most]);
        if (isUtf16(bytes)) {
            bytes = new String(bytes, UTF_16).getBytes(UTF_8);
        }
        RobotsText text = new RobotsText();
        int from = afterMark(bytes);
        if (!isHtml(bytes, from)) {
            text.addLines(bytes, from, isCut ? afterLastLine(bytes) : bytes.length);
        }
        return text;
    }

    /** Lines without comments, in ASCII, with anything else percent-encoded; without those about sitemaps. */
    byte[] directives() {
        return directives.toString().getBytes(ISO_8859_1);
    }

    /** The values of the lines {@code Sitemap}, as written, each once. */
    List<String> sitemaps() {
        return new ArrayList<>(sitemaps);
    }

    private void addLines(byte[] bytes, int from, int to) {
        int start = from;
        for (int at = from; at <= to; at++) {
            if (at == to || isLineEnd(bytes[at])) {
                addLine(bytes, start, at);
                start = at + 1;
            }
        }
    }

    private void addLine(byte[] bytes, int start, int end) {
        int to = start;
        int colon = -1;
        boolean hasSpace = false;
        while (to < end && bytes[to] != '#') {
            colon = colon < 0 && bytes[to] == ':' ? to : colon;
            hasSpace |= bytes[to] == ' ' || bytes[to] == '\t';
            to++;
        }
        if (colon >= 0) {
            String key = Ascii.lower(new String(bytes, start, colon - start, ISO_8859_1).strip());
            String value = new String(bytes, colon + 1, to - colon - 1, UTF_8).strip();
            addDirective(key, value, bytes, start, to);
        } else if (hasSpace) {
            // The colon is left out in some files: "disallow /".
            append(bytes, start, to);
        }
    }

    private void addDirective(String key, String value, byte[] bytes, int start, int end) {
        if (SITEMAP.contains(key)) {
            if (!value.isEmpty() && value.length() <= SitemapEntries.LONGEST && sitemaps.size() < MOST_SITEMAPS) {
                sitemaps.add(value);
            }
        } else if (DELAY.contains(key)) {
            // With a point it is read as a number with a fraction, which has no limit that matters.
            millis(value)
                    .ifPresent(delay -> directives
                            .append("Crawl-delay: ")
                            .append(BigDecimal.valueOf(delay, 3).toPlainString())
                            .append('\n'));
        } else if (!key.startsWith("http")) {
            append(bytes, start, end);
        }
    }

    /** Appends a line if it can be one of a group: crawler-commons logs a warning for each file with another one. */
    private void append(byte[] bytes, int from, int end) {
        int start = from;
        while (start < end && bytes[start] >= 0 && bytes[start] <= ' ') {
            start++;
        }
        int length = Math.min(end - start, LONGEST_KEY);
        String beginning = Ascii.lower(new String(bytes, start, length, ISO_8859_1));
        if (PARTS_OF_KEYS.stream().noneMatch(beginning::contains)) {
            return;
        }
        for (int i = start; i < end; i++) {
            byte b = bytes[i];
            if (b < 0 || b == '<' || (b == '%' && !isEncoded(bytes, i, end))) {
                directives.append('%').append(HEX.toHexDigits(b));
            } else {
                directives.append((char) b);
            }
        }
        directives.append('\n');
    }

    private static boolean isEncoded(byte[] bytes, int percent, int end) {
        return percent + 2 < end
                && HexFormat.isHexDigit(bytes[percent + 1])
                && HexFormat.isHexDigit(bytes[percent + 2]);
    }

    /** A delay in seconds, with a fraction or without, as milliseconds; empty if it is malformed or negative. */
    private static OptionalLong millis(String value) {
        int point = value.indexOf('.');
        String seconds = point < 0 ? value : value.substring(0, point);
        String fraction = point < 0 ? "" : value.substring(point + 1);
        if ((seconds + fraction).isEmpty() || !isDigits(seconds) || !isDigits(fraction)) {
            return OptionalLong.empty();
        }
        String significant = seconds.replaceFirst("^0+", "");
        long whole = significant.length() > 9 ? MOST_SECONDS : Long.parseLong("0" + significant);
        return OptionalLong.of(whole * MILLIS + Long.parseLong((fraction + "000").substring(0, 3)));
    }

    private static boolean isDigits(String text) {
        return text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** Whether this is a page: an answer for whatever was requested, or one about robots.txt. */
    private static boolean isHtml(byte[] bytes, int from) {
        int at = from;
        while (at < bytes.length && Ascii.isSpace(bytes[at])) {
            at++;
        }
        int length = Math.min(bytes.length - at, LONGEST_OF_HTML);
        String beginning = Ascii.lower(new String(bytes, at, length, ISO_8859_1));
        return HTML.stream().anyMatch(beginning::startsWith);
    }

    private static boolean isUtf16(byte[] bytes) {
        return bytes.length >= 2
                && ((bytes[0] == (byte) 0xfe && bytes[1] == (byte) 0xff)
                        || (bytes[0] == (byte) 0xff && bytes[1] == (byte) 0xfe));
    }

    /** Where the text begins: after the byte order mark of UTF-8, or what is left of one. */
    private static int afterMark(byte[] bytes) {
        byte[] mark = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
        int differs = Arrays.mismatch(mark, bytes);
        return differs < 0 ? mark.length : differs;
    }

    private static int afterLastLine(byte[] bytes) {
        int to = bytes.length;
        while (to > 0 && !isLineEnd(bytes[to - 1])) {
            to--;
        }
        return to;
    }

    private static boolean isLineEnd(byte b) {
        return b == '\n' || b == '\r';
    }
}
