package dev.thrum.crawl.mine;

import dev.thrum.http.client.url.Url;
import java.io.Serializable;
import java.util.List;

/**
 * A page on its way from the fetchers to the parsers.
 *
 * @param url as it was given, without a password
 * @param finalUrl where it came from
 * @param contentType empty if it has none
 * @param body without codings; changed by nobody
 */
@SuppressWarnings("ArrayRecordComponent")
record FetchedPage(String url, String finalUrl, int status, String contentType, byte[] body) implements Serializable {
    /** Parses it, and takes the values of the selections. */
    Mined.Values values(List<Selection> selections) {
        Url location = Url.parse(finalUrl);
        Page page = Page.parse(PageText.decode(body, contentType).text(), location, ContentType.kind(contentType));
        List<String> values = selections.stream()
                .flatMap(selection -> selection.values(page).stream())
                .toList();
        return new Mined.Values(url, location, status, values);
    }
}
