package dev.thrum.crawl.url;

import dev.thrum.crawl.frontier.Fingerprint;
import dev.thrum.http.client.url.Url;
import java.util.Arrays;
import java.util.Comparator;

/**
 * What makes two URLs the same for a crawl: what RFC 3986, 6.2.2 calls equivalent, and nothing else. Immutable.
 *
 * <p>Case of scheme and host, the default port, dot segments and an empty path are the same in each {@link Url}
 * already. Besides, {@code %7e} and {@code ~} are the same, and {@code %2f} and {@code %2F}; {@code %2F} and {@code /}
 * are not. Fragment and user information don't count. A percent sign without two digits stays as it is. No parameter is
 * dropped, no slash is added or merged, and {@code /a?} is another URL than {@code /a}.
 *
 * <p>Fingerprints are by SipHash with a key of the crawl. Two of a million URLs are taken for one with a probability
 * below 10<sup>-26</sup>. A site that knew the key could choose links such that a page of another site seems to be
 * known, and is never fetched. So the key is random for each crawl, is kept with the fingerprints, and is published
 * nowhere.
 */
public final class UrlIdentity {
    private static final Comparator<String> BY_NAME_AND_VALUE =
            Comparator.comparing(UrlIdentity::name).thenComparing(parameter -> parameter);

    private final SipHash hash;
    private final boolean sortQuery;

    /**
     * An identity with a key of 128 bits.
     *
     * @param key0 from a source of randomness, as the other part; the same in all runs of a crawl
     * @param sortQuery whether URLs are the same when only the order of their parameters differs
     */
    public UrlIdentity(long key0, long key1, boolean sortQuery) {
        this.hash = new SipHash(key0, key1);
        this.sortQuery = sortQuery;
    }

    /** The fingerprint of a URL. */
    public Fingerprint key(Url url) {
        return hash.hash(canonical(url));
    }

    /** The text that all spellings of a URL have in common. It is a URL itself, and its own canonical text. */
    public String canonical(Url url) {
        String path = url.origin() + PercentEscapes.normalized(url.path());
        return url.query()
                .map(PercentEscapes::normalized)
                .map(query -> path + "?" + (sortQuery ? sorted(query) : query))
                .orElse(path);
    }

    private static String sorted(String query) {
        if (query.indexOf('&') < 0) {
            return query;
        }
        String[] parameters = query.split("&", -1);
        Arrays.sort(parameters, BY_NAME_AND_VALUE);
        return String.join("&", parameters);
    }

    private static String name(String parameter) {
        int end = parameter.indexOf('=');
        return end < 0 ? parameter : parameter.substring(0, end);
    }
}
