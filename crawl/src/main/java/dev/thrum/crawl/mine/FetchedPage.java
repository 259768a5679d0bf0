package dev.thrum.crawl.mine;

import dev.thrum.crawl.text.ContentType;
import dev.thrum.crawl.text.PageEncoding;
import dev.thrum.http.client.url.Url;
import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A page on its way from the fetchers to the parsers.
 *
 * @param url as it was given, without a password
 * @param finalUrl where it came from
 * @param contentType empty if it has none
 * @param body without codings; changed by nobody
 */
@SuppressWarnings("ArrayRecordComponent")
record FetchedPage(String url, Url finalUrl, int status, String contentType, byte[] body) implements Serializable {
    /** Bytes within which most pages have their title. */
    private static final int BEGINNING = 4096;

    /** Parses it, as far as needed, and takes the values of the selections. */
    Mined.Values values(List<Selection> selections) {
        ContentType.Kind kind = ContentType.kind(contentType);
        PageEncoding encoding = PageEncoding.of(body, contentType);
        if (kind == ContentType.Kind.HTML && selections.stream().allMatch(Selection::isTitle)) {
            Optional<String> title = TitleScan.find(encoding.decodeBeginning(body, BEGINNING));
            if (title.isPresent()) {
                return new Mined.Values(url, finalUrl, status, Collections.nCopies(selections.size(), title.get()));
            }
        }
        Page page = Page.parse(encoding.decode(body), finalUrl, kind);
        List<String> values = selections.stream()
                .flatMap(selection -> selection.values(page).stream())
                .toList();
        return new Mined.Values(url, finalUrl, status, values);
    }
}
