package dev.thrum.crawl.url;

import dev.thrum.http.client.url.Url;
import java.util.TreeSet;

/**
 * The shape of a URL: what it has in common with the other URLs that the same program of a site makes. It is the path
 * with numbers and tokens blanked, and the names of the parameters, sorted: {@code /calendar/2024/5?view=day&day=3} has
 * the shape <code>/calendar/{n}/{n}?day,view</code>. It says nothing of the host. Equal URLs have equal shapes.
 *
 * @param hash 64 bits of the text's hash; the same in all crawls
 * @param text for people
 */
public record UrlShape(long hash, String text) {
    /** Without a key: a site that makes two of its own shapes equal gains nothing. */
    private static final SipHash HASH = new SipHash(0, 0);

    /** The names that count: a site may make up any number of them. */
    private static final int MOST_NAMES = 32;

    /** The shape of a URL. */
    public static UrlShape of(Url url) {
        StringBuilder text = new StringBuilder(url.path().length());
        Tokens.blank(PercentEscapes.normalized(url.path()), text);
        url.query().ifPresent(query -> appendNames(PercentEscapes.normalized(query), text));
        String shape = text.toString();
        return new UrlShape(HASH.hash(shape).low(), shape);
    }

    private static void appendNames(String query, StringBuilder text) {
        TreeSet<String> names = new TreeSet<>();
        for (String parameter : query.split("&", -1)) {
            int equals = parameter.indexOf('=');
            StringBuilder name = new StringBuilder();
            Tokens.blank(equals < 0 ? parameter : parameter.substring(0, equals), name);
            names.add(name.toString());
            if (names.size() > MOST_NAMES) {
                var _ = names.pollLast();
            }
        }
        text.append('?').append(String.join(",", names));
    }
}
