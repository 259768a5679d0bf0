package dev.thrum.crawl.mine;

import dev.thrum.http.client.url.Url;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What came of one URL. */
public sealed interface Mined {
    /** The URL as it was given, without a password. */
    String url();

    /**
     * A page that was received and parsed.
     *
     * @param finalUrl where it came from, after redirects
     * @param status of the response, 200 or 203
     * @param values of the matches: selection by selection, in the order of the page
     */
    record Values(String url, Url finalUrl, int status, List<String> values) implements Mined {
        public Values {
            values = List.copyOf(values);
        }
    }

    /**
     * A page that is not there.
     *
     * @param finalUrl where the response came from; null if there was none
     * @param status of the response; 0 if there was none
     * @param error one line with the reason
     */
    record Failed(String url, @Nullable Url finalUrl, int status, String error) implements Mined {}
}
