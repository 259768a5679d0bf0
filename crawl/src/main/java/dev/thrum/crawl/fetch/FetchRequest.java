package dev.thrum.crawl.fetch;

import dev.thrum.base.Deadline;
import dev.thrum.http.client.url.Url;
import org.jspecify.annotations.Nullable;

/**
 * What to fetch.
 *
 * @param url as the user has typed it: its host needs no permission, whatever its address is. User information is sent as {@code
 *     Authorization: Basic}, to this origin only
 * @param digest of the whole file, which it must have; null for any
 * @param until when it must have ended, over all attempts; null for no such limit
 */
public record FetchRequest(
        Url url, @Nullable Digest digest, @Nullable Deadline until) {
    /** A request without a digest and a deadline. */
    public static FetchRequest of(Url url) {
        return new FetchRequest(url, null, null);
    }

    /** This request for a file with this digest. */
    public FetchRequest with(Digest expected) {
        return new FetchRequest(url, expected, until);
    }

    /** This request, to be ended by then. */
    public FetchRequest with(Deadline end) {
        return new FetchRequest(url, digest, end);
    }
}
